import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { Migration } from '../../src/database/database.ts'
import { codeVersion, databaseVersion, migrate } from '../../src/database/migrate.ts'
import { wallClock } from '../../src/lib/clock.ts'
import { Refusal } from '../../src/lib/errors.ts'
import { migrations } from '../../migrations/index.ts'
import { freshDatabase } from '../database.ts'

test('a migrated database has the version of the code, and migrating again does nothing', async () => {
  const { db } = await freshDatabase()
  expect(await databaseVersion(db)).toBe(codeVersion)
  expect(await migrate(db, wallClock)).toEqual([])
})

test('a database that is newer than the code is refused', async () => {
  const { db } = await freshDatabase()
  await db
    .insertInto('schema_versions')
    .values({ version: codeVersion + 1, name: 'from-the-future', applied_at: wallClock.now() })
    .execute()
  const refused = migrate(db, wallClock)
  await expect(refused).rejects.toThrow(/newer \(version \d+\) than this Candor/)
  // Told as it is: a person did this, not a bug.
  await expect(refused).rejects.toBeInstanceOf(Refusal)
})

test('a step that fails leaves nothing behind, and the steps before it stay', async () => {
  const { db } = await freshDatabase()
  const good: Migration = { name: 'good', up: (tx) => tx.schema.createTable('good').addColumn('id', 'text').execute() }
  const bad: Migration = {
    name: 'bad',
    async up(tx) {
      await tx.schema.createTable('half').addColumn('id', 'text').execute()
      await sql`insert into half (id) values ('one')`.execute(tx)
      throw new Error('no further')
    },
  }
  await expect(migrate(db, wallClock, [...migrations, good, bad])).rejects.toThrow('no further')
  expect(await databaseVersion(db)).toBe(codeVersion + 1)
  const tables = (await db.introspection.getTables()).map((table) => table.name)
  expect(tables).toContain('good')
  expect(tables).not.toContain('half')
})

test('processes that start at once migrate one after the other', async () => {
  const { db } = await freshDatabase()
  const step: Migration = { name: 'step', up: (tx) => tx.schema.createTable('once').addColumn('id', 'text').execute() }
  const ran = await Promise.all([1, 2, 3].map(() => migrate(db, wallClock, [...migrations, step])))
  expect(ran.flat()).toEqual(['step'])
})
