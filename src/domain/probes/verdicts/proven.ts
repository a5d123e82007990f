import type { Db } from '../../../database/database.ts'
import type { Instant } from '../../../lib/clock.ts'
import type { Event } from '../../changes/events.ts'

/** A probe that was never found well changes its mind seldom: beyond so many turns nothing is looked for. */
const most = 200

/**
 * Whether a probe was ever found well since it asks what it asks now. One that never was may well ask the wrong address, or
 * expect the wrong answer. Read of the log, because what was found before is forgotten at each pause. `then`: as it was at
 * that time; now, where none is given.
 */
export async function isProven(db: Db, probeId: string, then: Instant | null = null): Promise<boolean> {
  const turns = db
    .selectFrom('events')
    .select(['type', 'data'])
    .where('subject', '=', probeId)
    .where('type', 'in', ['probe.verdict', 'probe.changed'])
    .orderBy('seq', 'desc')
    .limit(most)
  const rows = await (then === null ? turns : turns.where('at', '<=', then)).execute()
  for (const { type, data } of rows) {
    const event = { type, data: JSON.parse(data) as unknown } as Event
    if (event.type === 'probe.verdict' && answered.has(event.data.to)) return true
    if (event.type === 'probe.changed' && event.data.fields.some((field) => question.has(field))) return false
  }
  return false
}

/**
 * Whether the failure of a probe may explain others: it was found well before, or readers were told of it. What one person
 * at most knows as a draft explains to nobody why another system fails.
 */
export async function isCredible(db: Db, probeId: string, incidentId: string | null): Promise<boolean> {
  if (await isProven(db, probeId)) return true
  if (incidentId === null) return false
  const told = await db
    .selectFrom('incidents')
    .select('id')
    .where('id', '=', incidentId)
    .where('told_at', 'is not', null)
    .where('over_at', 'is', null)
    .executeTakeFirst()
  return told !== undefined
}

/** What comes and goes was there, and what is slow is there. */
const answered: ReadonlySet<string> = new Set(['up', 'slow', 'intermittent'])
/** Fields that make it another question. */
const question: ReadonlySet<string> = new Set(['kind', 'spec', 'expects'])
