import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { migrations } from '../../migrations/index.ts'
import { type Db, type Migration, openDatabase } from '../../src/database/database.ts'
import { databaseVersion, migrate, underWay } from '../../src/database/migrate.ts'
import { wallClock } from '../../src/lib/clock.ts'
import { Refusal } from '../../src/lib/errors.ts'
import { emptyDatabaseUrl } from '../database.ts'
import { carries, sayings } from './carries.ts'
import { portionFailingAt } from './failing-at.ts'
import { dumpOf, fill, recorded } from './loaded.ts'
import { releases } from './recorded.ts'

const steps = [...migrations, carries]
const all = releases()
const newest = all.at(-1)
if (!newest) throw new Error('Nothing was recorded.')

/** Everything stands there once. */
async function isCarriedOver(db: Db): Promise<void> {
  const said = await db.selectFrom('updates').select(['id', 'body']).orderBy('id').execute()
  expect((await sayings(db)).map(({ id, body }) => ({ id, body }))).toEqual(said)
  expect(await underWay(db)).toBeNull()
  expect(await databaseVersion(db)).toBe(steps.length)
}

test.each(all.map((release) => [release.version, release] as const))(
  'a database of version %i is carried over in portions, and says how far it is',
  async (_, release) => {
    const { db } = await recorded(release)
    await migrate(db, wallClock)
    const shares: number[] = []
    const ran = await migrate(db, wallClock, steps, (share) => shares.push(share))
    expect(ran).toEqual([carries.name])
    await isCarriedOver(db)
    expect(shares.length).toBeGreaterThan(3)
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    expect(shares.at(-1)).toBe(1)
    expect(await migrate(db, wallClock, steps)).toEqual([])
  },
)

test(
  'wherever a portion fails, those before it stand, and the next time it goes on there',
  { timeout: 120_000 },
  async () => {
    const { db } = await recorded(newest)
    let before = ''
    let failures = 0
    // Before the first statement of a portion, then, having come to the next portion or not, before the second, and so on.
    for (let statement = 1; ; statement += 1) {
      const again = migrate(db, wallClock, [...migrations, portionFailingAt(carries, statement)])
      const failed = await again.then(
        () => null,
        (error: unknown) => error,
      )
      if (failed === null) break
      expect(failed).toMatchObject({ message: 'no further' })
      failures += 1
      const now = await underWay(db)
      expect(await sayings(db)).toHaveLength(
        (
          await db
            .selectFrom('updates')
            .select('id')
            .where('id', '<=', now?.after ?? '')
            .execute()
        ).length,
      )
      expect((now?.after ?? '') >= before).toBe(true)
      before = now?.after ?? ''
    }
    expect(failures).toBeGreaterThan(10)
    await isCarriedOver(db)
  },
)

const killed = [
  ['before the first portion is written', 'inside', 1],
  ['after the first', 'between', 1],
  ['within the third', 'inside', 3],
  ['after the third', 'between', 3],
] as const

test.each(killed)('killed %s, nothing is lost and nothing done twice', async (_, where, time) => {
  const url = await emptyDatabaseUrl()
  const { db, close } = openDatabase(url)
  onTestFinished(close)
  await fill(db, newest)
  await migrate(db, wallClock)
  const program = fileURLToPath(new URL('./carrying-child.ts', import.meta.url))
  const child = spawn(process.execPath, [program, url, where, String(time)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  await Promise.race([once(child.stdout, 'data'), ended])
  child.kill('SIGKILL')
  expect(await ended).toEqual([null, 'SIGKILL'])
  const kept = await sayings(db)
  expect(new Set(kept.map(({ portion }) => portion)).size).toBe(where === 'between' ? time : time - 1)
  expect(await migrate(db, wallClock, steps)).toEqual([carries.name])
  await isCarriedOver(db)
  expect((await sayings(db)).slice(0, kept.length)).toEqual(kept)
})

test('processes that start at once share the portions, and none is done by two', async () => {
  const url = await emptyDatabaseUrl()
  const [first, ...others] = [openDatabase(url), openDatabase(url), openDatabase(url)] as const
  const databases = [first, ...others]
  onTestFinished(async () => {
    for (const { close } of databases) await close()
  })
  const { db } = first
  await fill(db, newest)
  await migrate(db, wallClock)
  const done: string[] = []
  const noted: Migration = {
    ...carries,
    async portion(tx, after) {
      const next = await carries.portion(tx, after)
      done.push(after ?? 'the first')
      return next
    },
  }
  await Promise.all(databases.map((one) => migrate(one.db, wallClock, [...migrations, noted])))
  await isCarriedOver(db)
  expect(done).toEqual([...new Set(done)])
  expect(new Set((await sayings(db)).map(({ portion }) => portion)).size).toBe(done.length - 1)
})

test('half way, an older program refuses, and a newer one finishes it before it goes on', async () => {
  const { db } = await recorded(newest)
  const fails = portionFailingAt(carries, 20)
  await expect(migrate(db, wallClock, [...migrations, fails])).rejects.toThrow('no further')
  const half = await dumpOf(db)
  const refused = migrate(db, wallClock, migrations)
  await expect(refused).rejects.toThrow(/newer \(version \d+\) than this Candor/)
  await expect(refused).rejects.toBeInstanceOf(Refusal)
  expect(await dumpOf(db)).toEqual(half)
  const later: Migration = {
    name: 'later',
    async up(tx) {
      expect(await sayings(tx)).toHaveLength(newest.rows.get('updates')?.length ?? 0)
    },
  }
  expect(await migrate(db, wallClock, [...steps, later])).toEqual([carries.name, 'later'])
})
