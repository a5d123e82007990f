import type { Db } from '../../src/database/database.ts'
import { bytesColumn, inKeyOrder } from '../../src/database/dialect.ts'

/** Figures that others send in, by five minutes, hours and days. */
export async function metrics(db: Db): Promise<void> {
  await db.schema
    .createTable('metrics')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('number', 'integer', (c) => c.notNull().unique())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('translations', 'text', (c) => c.notNull())
    .addColumn('suffix', 'text', (c) => c.notNull())
    .addColumn('decimals', 'integer', (c) => c.notNull())
    .addColumn('component_id', 'text', (c) => c.references('components.id'))
    .addColumn('shown', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('updated_at', 'text', (c) => c.notNull())
    .addColumn('removed_at', 'text')
    .execute()
  await db.schema
    .createTable('metric_slots')
    .addColumn('metric', 'integer', (c) => c.notNull())
    .addColumn('slot', 'integer', (c) => c.notNull())
    .addColumn('packed', bytesColumn(db), (c) => c.notNull())
    .addPrimaryKeyConstraint('metric_slots_key', ['metric', 'slot'])
    .execute()
  for (const [table, period] of [
    ['metric_hours', 'hour'],
    ['metric_days', 'day'],
  ] as const) {
    await db.schema
      .createTable(table)
      .addColumn('metric', 'integer', (c) => c.notNull())
      .addColumn(period, 'integer', (c) => c.notNull())
      .addColumn('count', 'integer', (c) => c.notNull())
      .addColumn('sum', 'double precision', (c) => c.notNull())
      .addColumn('low', 'double precision', (c) => c.notNull())
      .addColumn('high', 'double precision', (c) => c.notNull())
      .addPrimaryKeyConstraint(`${table}_key`, ['metric', period])
      .modifyEnd(inKeyOrder(db))
      .execute()
  }
}
