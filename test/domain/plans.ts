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
  / USING (COVERING )?INDEX (incidents_open|maintenances_open|impacts_open|promises_open|actions_open|promises_of_reviews|clocks_open|probe_heartbeats_untaken|deliveries_due|deliveries_claimed|alerts_open|alerts_standing)( |$)/

/** The first or the last row along the key of its table. */
const anEnd = /^select "(t|hour)" from "(checks|check_samples)" order by "\1"( asc| desc)? limit \?$/

/** What is looked at: something that reads, or does something. */
export type Reading = (db: Db, of: Desk) => Promise<unknown>

/** Where it reads a table of history from end to end; SQLite only. `besides`: statements that may. */
export async function scansOf(
  read: Reading,
  {
    first = (here) => here.opens(),
    besides = [],
  }: { first?: (here: Desk) => Promise<unknown>; besides?: readonly RegExp[] } = {},
): Promise<readonly string[]> {
  const here = await desk()
  // A statement is prepared once, so what is looked at must not have been done before.
  await first(here)
  const statements = await preparedBy(here, () => read(here.db, here))
  if (statements.length === 0) throw new Error('It asked the database nothing.')
  return statements
    .filter((sql) => ![anEnd, ...besides].some((pattern) => pattern.test(sql)))
    .flatMap((sql) =>
      planOf(here, sql)
        .filter((step) => history.some((table) => `${step} `.startsWith(`SCAN ${table} `)) && !ofWhatIsOpen.test(step))
        .map((step) => `${step}: ${sql}`),
    )
}

/** The statements that the database itself was asked to prepare meanwhile. */
async function preparedBy({ database: { file } }: Desk, work: () => Promise<unknown>): Promise<string[]> {
  if (!file) throw new Error('Only SQLite tells its plans.')
  const statements: string[] = []
  const prepare = file.prepare.bind(file)
  file.prepare = ((sql: string) => {
    statements.push(sql)
    return prepare(sql)
  }) as typeof file.prepare
  await work()
  file.prepare = prepare as typeof file.prepare
  return statements.filter((sql) => /^(select|update|delete|insert)/.test(sql))
}

function planOf({ database: { file } }: Desk, sql: string): string[] {
  const values = Array.from(sql.matchAll(/\?/g), () => null)
  const steps = file?.prepare(`explain query plan ${sql}`).all(...values) as { detail: string }[]
  return steps.map(({ detail }) => detail)
}
