import { sql } from 'kysely'
import pg from 'pg'
import { onTestFinished } from 'vitest'
import type { Db } from '../../src/database/database.ts'
import { type Desk, desk } from './desk.ts'

/** Tables whose length is history. */
const history = [
  'incidents',
  'updates',
  'impacts',
  'maintenances',
  'maintenance_components',
  'notices',
  'component_days',
  'clocks',
  'clock_entries',
  'promises',
  'probe_heartbeats',
  'revisions',
  'reviews',
  'actions',
  'reports',
  'report_hours',
  'report_bursts',
  'ledger',
  'events',
  'checks',
  'check_samples',
  'check_hours',
  'check_days',
  'metric_slots',
  'metric_hours',
  'metric_days',
  'deliveries',
  'messages',
  'alerts',
]

/** Partial indexes hold only what is open, which is never much. */
const ofWhatIsOpen =
  /^(incidents_open|maintenances_open|impacts_open|promises_open|actions_open|promises_of_reviews|clocks_open|probe_heartbeats_untaken|deliveries_due|deliveries_claimed|alerts_open|alerts_standing)$/

/** The first or the last row along the key of its table; the plan of SQLite does not tell. */
const anEnd = /^select "(t|hour)" from "(checks|check_samples)" order by "\1"( asc| desc)? limit \?$/

/** What is looked at: something that reads, or does something. */
export type Reading = (db: Db, of: Desk) => Promise<unknown>

/** A table that a statement reads from end to end, and the index along which it does. */
interface Scan {
  readonly table: string
  readonly along: string | null
}

/** Where it reads a table of history from end to end. `besides`: statements that may, as SQLite is asked them. */
export async function scansOf(
  read: Reading,
  {
    first = (here) => here.opens(),
    besides = [],
  }: { first?: (here: Desk) => Promise<unknown>; besides?: readonly RegExp[] } = {},
): Promise<readonly string[]> {
  const here = await desk()
  // SQLite prepares a statement once, so what is looked at must not have been done before.
  await first(here)
  const statements = await askedBy(here, () => read(here.db, here))
  if (statements.length === 0) throw new Error('It asked the database nothing.')
  const scans = await Promise.all(
    statements
      .filter((asked) => ![anEnd, ...besides].some((pattern) => pattern.test(asked.replaceAll(/\$\d+/g, '?'))))
      .map(async (asked) =>
        (await scansIn(here, asked))
          .filter(({ table, along }) => history.includes(table) && !ofWhatIsOpen.test(along ?? ''))
          .map(({ table, along }) => `${table}, ${along ?? 'without an index'}: ${asked}`),
      ),
  )
  return scans.flat()
}

/** The statements that the database itself was asked meanwhile. */
async function askedBy(here: Desk, work: () => Promise<unknown>): Promise<string[]> {
  const { file } = here.database
  const asked = await (file ? preparedBy(file, work) : sentBy(work))
  return [...new Set(asked)].filter((text) => /^(select|update|delete|insert|with)/.test(text))
}

async function preparedBy(
  file: NonNullable<Desk['database']['file']>,
  work: () => Promise<unknown>,
): Promise<string[]> {
  const asked: string[] = []
  const prepare = file.prepare.bind(file)
  file.prepare = ((text: string) => {
    asked.push(text)
    return prepare(text)
  }) as typeof file.prepare
  await work()
  file.prepare = prepare as typeof file.prepare
  return asked
}

async function sentBy(work: () => Promise<unknown>): Promise<string[]> {
  const asked: string[] = []
  const { prototype } = pg.Client
  const send = Object.getOwnPropertyDescriptor(prototype, 'query')
  if (!send) throw new Error('A client asks in another way.')
  const query = prototype.query as (this: pg.Client, ...args: unknown[]) => unknown
  prototype.query = function asking(this: pg.Client, ...args: unknown[]) {
    const [what] = args
    asked.push(typeof what === 'string' ? what : String((what as { text?: unknown }).text))
    return query.apply(this, args)
  } as typeof prototype.query
  onTestFinished(() => void Object.defineProperty(prototype, 'query', send))
  await work()
  Object.defineProperty(prototype, 'query', send)
  return asked
}

function scansIn({ db, database: { file } }: Desk, asked: string): Promise<Scan[]> | Scan[] {
  if (!file) return scansOfServer(db, asked)
  const values = Array.from(asked.matchAll(/\?/g), () => null)
  const steps = file.prepare(`explain query plan ${asked}`).all(...values) as { detail: string }[]
  return steps.flatMap(({ detail }) => {
    const [, table, along = null] = /^SCAN (\w+)(?: .*INDEX (\w+))?/.exec(detail) ?? []
    return table === undefined ? [] : [{ table, along }]
  })
}

interface Step {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly 'Index Cond'?: string
  readonly Filter?: string
  readonly Plans?: readonly Step[]
}

/**
 * What PostgreSQL would do with any values if reading a table from end to end were forbidden. It does so all the same where
 * there is no index to go by: how many rows it has now, which are few, says nothing any more.
 */
function scansOfServer(db: Db, asked: string): Promise<Scan[]> {
  return db.transaction().execute(async (tx) => {
    await sql`set local enable_seqscan = off`.execute(tx)
    const { rows } = await sql<{ 'QUERY PLAN': { Plan: Step }[] }>`
      explain (generic_plan, format json) ${sql.raw(asked)}`.execute(tx)
    return rows.flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan }) => scansBelow(Plan, null)))
  })
}

/** Those of a step and of what is below it. A step that names an index alone goes by it into the table of the one above. */
function scansBelow(step: Step, above: Step | null): Scan[] {
  const table = step['Relation Name'] ?? above?.['Relation Name']
  const isScan =
    /^(Seq|Index|Index Only|Bitmap Index) Scan$/.test(step['Node Type']) && step['Index Cond'] === undefined
  // The first or the last ones along an index, and no more than are asked for.
  const isEnd = above?.['Node Type'] === 'Limit' && step['Index Name'] !== undefined && step['Filter'] === undefined
  return [
    ...(isScan && !isEnd && table !== undefined ? [{ table, along: step['Index Name'] ?? null }] : []),
    ...(step.Plans ?? []).flatMap((each) => scansBelow(each, step)),
  ]
}
