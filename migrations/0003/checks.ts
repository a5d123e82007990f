import { sql } from 'kysely'
import type { Db } from '../../src/database/database.ts'
import { bytesColumn, inKeyOrder } from '../../src/database/dialect.ts'

/**
 * Checks as they are kept for ten thousand probes: by the number of a probe instead of its id, time first, so that rows
 * are only ever added at the end and forgotten at the beginning; sums packed; and the checks of each closed hour packed
 * beside them.
 */
export async function packedChecks(db: Db): Promise<void> {
  await db.schema.alterTable('sites').addColumn('measuring', 'text').execute()
  await db.schema.alterTable('probes').addColumn('number', 'integer').execute()
  const probes = await db.selectFrom('probes').select('id').orderBy('created_at').orderBy('id').execute()
  for (const [index, { id }] of probes.entries()) {
    await db
      .updateTable('probes')
      .set({ number: index + 1 })
      .where('id', '=', id)
      .execute()
  }
  await db.schema.createIndex('probes_number').unique().on('probes').column('number').execute()
  for (const table of ['checks', 'check_hours', 'check_days']) {
    await db.schema.alterTable(table).renameTo(`${table}_before`).execute()
  }

  await db.schema
    .createTable('checks')
    .addColumn('t', 'integer', (c) => c.notNull())
    .addColumn('probe', 'integer', (c) => c.notNull())
    .addColumn('place', 'integer', (c) => c.notNull())
    .addColumn('outcome', 'integer', (c) => c.notNull())
    .addColumn('ms', 'integer', (c) => c.notNull())
    .addColumn('code', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('hot_checks_key', ['t', 'probe', 'place'])
    .modifyEnd(inKeyOrder(db))
    .execute()
  await db.schema
    .createTable('check_samples')
    .addColumn('hour', 'integer', (c) => c.notNull())
    .addColumn('probe', 'integer', (c) => c.notNull())
    .addColumn('place', 'integer', (c) => c.notNull())
    .addColumn('packed', bytesColumn(db), (c) => c.notNull())
    .addPrimaryKeyConstraint('check_samples_key', ['hour', 'probe', 'place'])
    .execute()
  for (const [table, period] of [
    ['check_hours', 'hour'],
    ['check_days', 'day'],
  ] as const) {
    await db.schema
      .createTable(table)
      .addColumn(period, 'integer', (c) => c.notNull())
      .addColumn('probe', 'integer', (c) => c.notNull())
      .addColumn('place', 'integer', (c) => c.notNull())
      .addColumn('packed', bytesColumn(db), (c) => c.notNull())
      .addPrimaryKeyConstraint(`${table}_by_time`, [period, 'probe', 'place'])
      .modifyEnd(inKeyOrder(db))
      .execute()
  }
  // Days of which an hour was closed, until they are summed up.
  await db.schema
    .createTable('check_days_due')
    .addColumn('day', 'integer', (c) => c.primaryKey())
    .execute()

  await sql`insert into checks (t, probe, place, outcome, ms, code)
    select b.t, p.number, b.place, b.outcome, b.ms, b.code from checks_before b join probes p on p.id = b.probe_id
    order by b.t, p.number, b.place`.execute(db)
  await copySums(db, { from: 'check_hours_before', to: 'check_hours', period: 'hour', seconds: 3600 })
  await copySums(db, { from: 'check_days_before', to: 'check_days', period: 'day', seconds: 86_400 })
  // Hours whose checks are still there are closed as any other: they began with a whole hour.
  await sql`delete from check_hours where hour >= (select min(t) / 3600 from checks)`.execute(db)
  for (const table of ['checks', 'check_hours', 'check_days']) await db.schema.dropTable(`${table}_before`).execute()
}

interface Before {
  readonly probe: number
  readonly period: number | string
  readonly checks: number
  readonly failed: number
  readonly slow: number
  readonly inconclusive: number
  readonly ms_max: number
  readonly histogram: Uint8Array
}

const chunk = 500

async function copySums(
  db: Db,
  { from, to, period, seconds }: { from: string; to: string; period: 'hour' | 'day'; seconds: number },
): Promise<void> {
  for (let offset = 0; ; offset += chunk) {
    const { rows } = await sql<Before>`
      select p.number as probe, b.${sql.ref(period)} as period, b.checks, b.failed, b.slow, b.inconclusive,
        b.ms_max, b.histogram
      from ${sql.table(from)} b join probes p on p.id = b.probe_id
      order by b.${sql.ref(period)}, p.number limit ${chunk} offset ${offset}`.execute(db)
    for (const row of rows) {
      const { probe, checks, failed, slow, inconclusive, ms_max: max } = row
      const at = typeof row.period === 'number' ? row.period : Date.parse(`${row.period}T00:00:00Z`) / 86_400_000
      // Counts were kept, and no times: they are taken to have been as far apart as each other.
      const shareOf = (count: number): number => (checks === 0 ? 0 : Math.round((seconds * count) / checks))
      const times = [shareOf(checks - inconclusive), shareOf(failed), max]
      const packed = varints([checks, failed, slow, inconclusive, ...times, ...countsOf(row.histogram)])
      await sql`insert into ${sql.table(to)} (${sql.ref(period)}, probe, place, packed)
        values (${at}, ${probe}, 0, ${packed})`.execute(db)
    }
    if (rows.length < chunk) return
  }
}

/** Twelve little-endian uint32 before; now the number of the first that is not 0, and those up to the last. */
function countsOf(histogram: Uint8Array): number[] {
  const view = new DataView(histogram.buffer, histogram.byteOffset, histogram.byteLength)
  const counts = Array.from({ length: 12 }, (_, at) => view.getUint32(at * 4, true))
  const first = counts.findIndex((count) => count > 0)
  return first === -1 ? [] : [first, ...counts.slice(first, counts.findLastIndex((one) => one > 0) + 1)]
}

function varints(numbers: readonly number[]): Buffer {
  const bytes: number[] = []
  for (let rest of numbers) {
    while (rest > 127) {
      bytes.push((rest & 127) | 128)
      rest >>>= 7
    }
    bytes.push(rest)
  }
  return Buffer.from(bytes)
}
