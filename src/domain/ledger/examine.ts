import type { Db } from '../../database/database.ts'
import type { Instant } from '../../lib/clock.ts'
import type { JsonObject } from '../../lib/canonical-json.ts'
import type { Finding } from '../../lib/finding.ts'
import { type End, type Entry, nextEntry } from './chain.ts'
import type { LedgerKeys } from './keys.ts'
import { publishedAction, publishedReview } from './published-review.ts'
import { publishedIncident, publishedMaintenance, publishedNotice, publishedPromise, wordOf } from './published.ts'
import { currentKey } from './queries.ts'
import { digestOf } from './records.ts'

/** What the ledger says of a thing: in which entry last, and a digest of it. */
interface Said {
  readonly seq: number
  readonly digest: string
}

/**
 * Whether each entry follows from the one before, and whether what readers see is what the last entry on it says: a
 * database that somebody changed by hand is told by the first entry that does not fit. Reads all of history; for
 * `candor doctor`, which one calls by hand.
 */
export async function examineLedger(db: Db, keys: LedgerKeys | null, now: Instant): Promise<Finding[]> {
  const said = new Map<string, Said>()
  let before: (End & Entry) | null = null
  for await (const entry of allEntries(db)) {
    if (!isNext(before, entry)) return [wrong(`entry ${entry.seq} does not follow from the one before it`)]
    for (const [thing, digest] of saidBy(entry)) said.set(thing, { seq: entry.seq, digest })
    before = entry
  }
  if (!before) return [{ about: 'ledger', found: 'not begun yet', remedy: null }]
  return [(await firstUnlike(db, said, now)) ?? well(before.seq), ...(await keyOf(db, keys))]
}

const atOnce = 500

async function* allEntries(db: Db): AsyncGenerator<End & Entry> {
  let seq = 0
  for (;;) {
    const rows = await db.selectFrom('ledger').selectAll().where('seq', '>', seq).orderBy('seq').limit(atOnce).execute()
    yield* rows
    const last = rows.at(-1)
    if (!last) return
    seq = last.seq
  }
}

function isNext(before: End | null, entry: End & Entry): boolean {
  try {
    const next = nextEntry(before, entry.at, { ...entry, entry: JSON.parse(entry.entry) as JsonObject })
    const names = ['seq', 'at', 'hash', 'entry', 'ends'] as const
    return names.every((name) => next[name] === entry[name])
  } catch {
    // What is no JSON any more was changed, too.
    return false
  }
}

const nouns = ['incident', 'maintenance', 'notice', 'update', 'review', 'action', 'promise'] as const

function saidBy({ entry }: Entry): [thing: string, digest: string][] {
  const facts = JSON.parse(entry) as Record<string, JsonObject | undefined> & {
    updates?: { id: string; digest: string }[]
  }
  return [
    ...nouns.flatMap((noun): [string, string][] => {
      const thing = facts[noun]
      return thing ? [[`${noun} ${thing['id'] as string}`, digestOf(comparable(thing))]] : []
    }),
    ...(facts.updates ?? []).map(({ id, digest }): [string, string] => [`update ${id}`, digest]),
  ]
}

/** Without the names of components, which may be called something else since; and without actions, which have entries. */
function comparable(thing: JsonObject): JsonObject {
  const unnamed = (part: JsonObject): JsonObject => ({ ...part, name: null })
  const parts = ['impacts', 'components'].flatMap((list) => {
    const items = thing[list] as readonly JsonObject[] | undefined
    return items ? [[list, items.map(unnamed)] as const] : []
  })
  return { ...thing, ...Object.fromEntries(parts), ...('actions' in thing ? { actions: null } : {}) }
}

/** The first entry that speaks of something otherwise than the page does; then what it does not speak of at all. */
async function firstUnlike(db: Db, said: ReadonlyMap<string, Said>, now: Instant): Promise<Finding | null> {
  const left = new Map(said)
  let first: { readonly seq: number; readonly words: string } | null = null
  for await (const [thing, digest] of allPublished(db, now)) {
    const known = said.get(thing)
    left.delete(thing)
    if (known?.digest === digest) continue
    // An action enters with its review; a promise when it is kept or missed; a notice for later when its time is noted.
    if (!known && (/^(action|promise) /.test(thing) || (await isNoticeForLater(db, thing)))) continue
    const seq = known?.seq ?? Infinity
    if (first && first.seq <= seq) continue
    const words = known ? `entry ${seq} says otherwise of ${thing} than the page does` : `no entry speaks of ${thing}`
    first = { seq, words }
  }
  for (const [thing, { seq }] of left) {
    if (!first || seq < first.seq) first = { seq, words: `entry ${seq} speaks of ${thing}, which is gone` }
  }
  return first && wrong(first.words)
}

/** Written by Candor for a time that came since, perhaps while it did not run. */
async function isNoticeForLater(db: Db, thing: string): Promise<boolean> {
  const row = await db
    .selectFrom('events')
    .innerJoin('notices', 'notices.id', 'events.subject')
    .select('notices.id')
    .where('events.subject', '=', thing.replace('notice ', ''))
    .where('events.type', '=', 'notice.published')
    .whereRef('notices.shown_from', '>', 'events.at')
    .executeTakeFirst()
  return row !== undefined
}

async function* allPublished(db: Db, now: Instant): AsyncGenerator<[thing: string, digest: string]> {
  for (const [noun, table, published] of [
    ['incident', 'incidents', publishedIncident],
    ['maintenance', 'maintenances', publishedMaintenance],
    ['notice', 'notices', publishedNotice],
    ['review', 'reviews', publishedReview],
    ['action', 'actions', publishedAction],
    ['promise', 'promises', publishedPromise],
  ] as const) {
    for (const { id } of await db.selectFrom(table).select('id').orderBy('id').execute()) {
      const facts = await published(db, id, now)
      if (facts) yield [`${noun} ${id}`, digestOf(comparable(facts))]
    }
  }
  let last = ''
  for (;;) {
    const rows = await db.selectFrom('updates').selectAll().where('id', '>', last).orderBy('id').limit(atOnce).execute()
    for (const row of rows) if (row.displayed_at !== null) yield [`update ${row.id}`, digestOf(wordOf(row))]
    const end = rows.at(-1)
    if (!end) return
    last = end.id
  }
}

async function keyOf(db: Db, keys: LedgerKeys | null): Promise<Finding[]> {
  const current = await currentKey(db)
  if (current === null || keys?.find(current)) return []
  return [
    {
      about: 'ledger',
      found: 'its key is not in this data folder, so nobody can sign its head here',
      remedy: 'Copy the files “key” and “ledger-key-…” from the data folder of before, or of another process.',
    },
  ]
}

function well(entries: number): Finding {
  return {
    about: 'ledger',
    found: `${entries} entries, each follows from the one before, and the page says the same`,
    remedy: null,
  }
}

function wrong(found: string): Finding {
  return {
    about: 'ledger',
    found,
    remedy: 'Somebody changed the database past Candor: go back to a backup, or tell readers what was changed and why.',
  }
}
