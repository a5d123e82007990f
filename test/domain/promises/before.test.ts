import { expect, test } from 'vitest'
import { migrate } from '../../../src/database/migrate.ts'
import { openDatabase } from '../../../src/database/database.ts'
import { promisesOf } from '../../../src/domain/promises/queries.ts'
import { migrations } from '../../../migrations/index.ts'
import { wallClock } from '../../../src/lib/clock.ts'

const isSQLite = process.env['TEST_DATABASE_URL'] === undefined

const incident = {
  number: 1,
  name: 'Slow',
  locale: 'en',
  translations: '{}',
  stage: 'investigating',
  severity: 'major',
  source: 'person',
  held_by: 'person',
  began_at: '2026-11-21T12:00:00.000Z',
  created_at: '2026-11-21T12:00:00.000Z',
  updated_at: '2026-11-21T12:00:00.000Z',
}
const word = {
  incident_id: 'one',
  stage: 'update',
  body: 'We look.',
  locale: 'en',
  translations: '{}',
  source: 'person',
  delivered: 'yes',
}

test.skipIf(!isSQLite)(
  'promises that stood in updates become rows, with the outcome that their updates say (skipped on PostgreSQL: there is no empty database here)',
  async () => {
    const { db, close } = openDatabase(':memory:')
    await migrate(db, wallClock, migrations.slice(0, 1))
    const into = (table: string, row: Readonly<Record<string, unknown>>) =>
      db
        .insertInto(table as 'incidents')
        .values(row as never)
        .execute()
    await into('incidents', { ...incident, id: 'one' })
    await into('incidents', { ...incident, id: 'draft', number: 2 })
    const says = (id: string, at: string, by: string | null) => {
      const instant = (time: string) => `2026-11-21T${time}:00.000Z`
      const times = { displayed_at: instant(at), created_at: instant(at), updated_at: instant(at) }
      return into('updates', { ...word, id, ...times, next_update_by: by && instant(by) })
    }
    await says('a', '12:00', '12:30')
    await says('b', '12:30', '13:00')
    await says('c', '13:11', null)
    await says('d', '13:20', '14:00')
    await into('updates', {
      ...word,
      id: 'e',
      incident_id: 'draft',
      created_at: 'x',
      updated_at: 'x',
      next_update_by: 'y',
    })
    await migrate(db, wallClock, migrations)
    const promises = await promisesOf(db, ['one', 'draft'])
    expect(promises.get('draft')).toBeUndefined()
    expect(
      promises
        .get('one')
        ?.map(({ id, madeBy, dueAt, outcome, decidedAt, decidedBy, cameAt }) => [
          id,
          madeBy,
          dueAt.slice(11, 16),
          outcome,
          decidedAt?.slice(11, 16),
          decidedBy,
          cameAt?.slice(11, 16),
        ]),
    ).toEqual([
      ['a', 'a', '12:30', 'kept', '12:30', 'b', '12:30'],
      ['b', 'b', '13:00', 'missed', '13:00', 'c', '13:11'],
      ['d', 'd', '14:00', null, undefined, null, undefined],
    ])
    await close()
  },
)
