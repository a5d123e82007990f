import type { Db } from '../../../database/database.ts'
import { nounOf } from '../../../domain/changes/events.ts'
import { type AuditedEvent, type FoundBy, eventsBefore, seqBefore } from '../../../domain/changes/log.ts'
import { breath } from '../../../lib/breath.ts'
import { addDays, startOfDay } from '../../../lib/days.ts'
import { maySeeFields } from './nouns.ts'
import type { Sought } from './sought.ts'
import { actorInWords, eventInWords } from './words.ts'

/** A page of what was found, newest first. */
export interface Found {
  readonly events: readonly AuditedEvent[]
  /** Where to go on before; null: there is nothing older. */
  readonly before: number | null
  /** Not everything that is older was looked at: going on may find more, or nothing. */
  readonly isCut: boolean
}

/** So many rows are read at once, and so many at most for one page, however old the log and however rare the find. */
const portion = 500
const mostRead = 5000

/**
 * One page costs at most ten reads along an index, of 500 rows each: of one subject, one actor or one noun, whichever
 * names fewest, or else of all. What else is asked for is looked for in the sentences that people read.
 */
export async function findEvents(
  db: Db,
  sought: Sought,
  { before, limit, zone }: { readonly before: number; readonly limit: number; readonly zone: string },
): Promise<Found> {
  const events: AuditedEvent[] = []
  const [first, last] = await boundsOf(db, sought, zone)
  let cursor = Math.min(before, last)
  for (let read = 0; read < mostRead; read += portion) {
    const rows = await eventsBefore(db, cursor, { limit: portion, ...indexFor(sought) })
    for (const row of rows) {
      const event = maySeeFields(sought.role, nounOf(row)) ? row : { ...row, changes: [] }
      if (event.seq < first) return { events, before: null, isCut: false }
      if (fits(event, sought)) events.push(event)
      cursor = event.seq
      if (events.length === limit) return { events, before: event.seq, isCut: false }
    }
    if (rows.length < portion) return { events, before: null, isCut: false }
    // A database in the same process answers at once: whoever else asks comes in between.
    await breath()
  }
  return { events, before: cursor, isCut: true }
}

/** All that is found, a portion at a time, newest first, for whoever takes it away: the log as a whole is never held. */
export async function* everyEvent(db: Db, sought: Sought, zone: string): AsyncGenerator<readonly AuditedEvent[]> {
  let before: number | null = Number.MAX_SAFE_INTEGER
  while (before !== null) {
    const found: Found = await findEvents(db, sought, { before, limit: portion, zone })
    yield found.events
    before = found.before
    await breath()
  }
}

function indexFor({ subject, actor, noun }: Sought): FoundBy {
  if (subject !== '') return { subject }
  if (actor !== '') return { actor }
  return noun === '' ? {} : { noun }
}

/** The numbers between which these days lie: from the first, before the last. */
async function boundsOf(db: Db, { from, until }: Sought, zone: string): Promise<readonly [number, number]> {
  return [
    from === '' ? 0 : await seqBefore(db, startOfDay(from, zone)),
    until === '' ? Number.MAX_SAFE_INTEGER : await seqBefore(db, startOfDay(addDays(until, 1), zone)),
  ]
}

function fits(event: AuditedEvent, { actor, noun, words }: Sought): boolean {
  if (actor !== '' && actorIdOf(event) !== actor) return false
  if (noun !== '' && !event.type.startsWith(`${noun}.`)) return false
  if (words === '') return true
  const changed = event.changes.map(({ field, before, after }) => `${field} ${before ?? ''} ${after ?? ''}`)
  const text = [actorInWords(event.actor), eventInWords(event), event.type, event.subject, ...changed].join(' ')
  return text.toLowerCase().includes(words.toLowerCase())
}

/** By what an actor is found: its id, or its kind. */
export function actorIdOf({ actor }: Pick<AuditedEvent, 'actor'>): string {
  return 'id' in actor ? actor.id : actor.kind
}
