import { sql } from 'kysely'
import type { Carried, Db, Tx } from '../../src/database/database.ts'
import { bytesColumn } from '../../src/database/dialect.ts'

/** What was a row for each hour, and for each day, and how many of them one row holds from here on. */
const tables = [
  { name: 'check_hours', period: 'hour', inRow: 24 },
  { name: 'check_days', period: 'day', inRow: 32 },
] as const
type Table = (typeof tables)[number]

/** Tables in which several sums of a probe and a place share a row; what there is goes over to them in portions. */
export async function sharedRows(db: Db): Promise<void> {
  for (const { name } of tables) {
    await db.schema.alterTable(name).renameTo(`${name}_before`).execute()
    await db.schema
      .createTable(name)
      .addColumn('span', 'integer', (c) => c.notNull())
      .addColumn('probe', 'integer', (c) => c.notNull())
      .addColumn('place', 'integer', (c) => c.notNull())
      .addColumn('packed', bytesColumn(db), (c) => c.notNull())
      .addPrimaryKeyConstraint(`${name}_by_span`, ['span', 'probe', 'place'])
      .execute()
  }
}

/** Whose rows of one span go over at once. */
const probesAtOnce = 200
const rowsInStatement = 100

/**
 * Takes the oldest rows that are left, of some probes all that are to share a row, and puts them where they belong. `after`
 * says of which table, where that began (for the share), and from which row on there may be some: otherwise a server looks
 * through all that were deleted before.
 */
export async function carryRollUps(tx: Tx, after: string | null): Promise<Carried | null> {
  const [name, ...numbers] = after?.split(' ') ?? []
  const begun = Math.max(
    0,
    tables.findIndex((table) => table.name === name),
  )
  for (const [index, table] of tables.entries()) {
    if (index < begun) continue
    const [began = null, period = 0, probe = 0] = index === begun ? numbers.map(Number) : []
    const oldest = await endOf(tx, table, { from: { period, probe }, direction: sql`asc` })
    const newest = await endOf(tx, table, { from: { period, probe }, direction: sql`desc` })
    if (!oldest || !newest) continue
    const first = began ?? oldest.period
    await carry(tx, table, oldest)
    const share = (oldest.period - first) / (newest.period - first + 1)
    return {
      after: `${table.name} ${first} ${oldest.period} ${oldest.probe + probesAtOnce}`,
      share: (index + share) / tables.length,
    }
  }
  for (const { name: done } of tables) await tx.schema.dropTable(`${done}_before`).execute()
  return null
}

interface Before {
  readonly period: number
  readonly probe: number
  readonly place: number
  readonly packed: Uint8Array
}

async function endOf(
  tx: Tx,
  { name, period }: Table,
  { from, direction }: { from: Pick<Before, 'period' | 'probe'>; direction: ReturnType<typeof sql> },
): Promise<Before | undefined> {
  const { rows } = await sql<Before>`select ${sql.ref(period)} as period, probe from ${sql.table(`${name}_before`)}
    where (${sql.ref(period)}, probe) >= (${from.period}, ${from.probe})
    order by ${sql.ref(period)} ${direction}, probe ${direction} limit 1`.execute(tx)
  return rows[0]
}

async function carry(tx: Tx, { name, period, inRow }: Table, from: Before): Promise<void> {
  const span = Math.floor(from.period / inRow)
  const periods = Array.from({ length: inRow }, (_, at) => span * inRow + at)
  // Time comes first in the key: each period is looked up, and not what lies between them.
  const those = sql`${sql.ref(period)} in (${sql.join(periods)})
    and probe >= ${from.probe} and probe < ${from.probe + probesAtOnce}`
  const before = sql.table(`${name}_before`)
  const { rows } = await sql<Before>`select ${sql.ref(period)} as period, probe, place, packed from ${before}
    where ${those} order by probe, place, ${sql.ref(period)}`.execute(tx)
  const shared = [...Map.groupBy(rows, ({ probe, place }) => `${probe} ${place}`).values()].map((sharing) => {
    const [{ probe, place } = from] = sharing
    const packed = Buffer.concat(
      sharing.flatMap((row) => [Uint8Array.of(row.period - span * inRow, row.packed.length), row.packed]),
    )
    return sql`(${span}, ${probe}, ${place}, ${packed})`
  })
  for (let at = 0; at < shared.length; at += rowsInStatement) {
    await sql`insert into ${sql.table(name)} (span, probe, place, packed)
      values ${sql.join(shared.slice(at, at + rowsInStatement))}`.execute(tx)
  }
  await sql`delete from ${before} where ${those}`.execute(tx)
}
