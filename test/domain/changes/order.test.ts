import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { type Db, type OpenDatabase, inTransaction } from '../../../src/database/database.ts'
import { eventsAfter } from '../../../src/domain/changes/log.ts'
import { wallClock } from '../../../src/lib/clock.ts'
import { freshDatabase } from '../../database.ts'
import { ownChanges } from '../../own-changes.ts'

const changers = 8
const changesEach = 20

/** Changes that take turns of different length between writing their event and committing it. */
async function manyChanges(one: (name: string, pause: () => Promise<unknown>) => Promise<unknown>): Promise<void> {
  await Promise.all(
    Array.from({ length: changers }, async (_, who) => {
      for (let count = 0; count < changesEach; count += 1) {
        const rounds = (who * 7 + count * 3) % 5
        await one(`${who}-${count}`, async () => {
          for (let round = 0; round < rounds; round += 1) await Promise.resolve()
        })
      }
    }),
  )
}

/** Reads along as a notifier would: whatever is behind the last number it saw. */
async function following(db: Db, work: Promise<void>): Promise<number[]> {
  const seen: number[] = []
  let working = true
  const done = work.finally(() => (working = false))
  const readOn = async (): Promise<void> => {
    for (const { seq } of await eventsAfter(db, seen.at(-1) ?? 0, 1000)) seen.push(seq)
  }
  while (working) {
    await readOn()
    await new Promise((resolve) => setImmediate(resolve))
  }
  await done
  await readOn()
  return seen
}

async function allEvents(db: Db): Promise<number[]> {
  return (await db.selectFrom('events').select('seq').orderBy('seq').execute()).map(({ seq }) => seq)
}

test('who follows the numbers of events misses none, however many changes come at once', async () => {
  const { db } = await freshDatabase()
  const work = manyChanges((name, pause) =>
    ownChanges(db)({ kind: 'clock' }, async (it) => {
      await it.record({ type: 'site.changed', subject: name, data: { name, fields: [] } })
      await pause()
    }),
  )
  const seen = await following(db, work)
  expect(seen).toEqual(await allEvents(db))
  expect(seen).toHaveLength(changers * changesEach)
})

test('without the turn a follower misses events where several connections write: why there is one', async ({
  skip,
}) => {
  const opened = await freshDatabase()
  if (!hasManyConnections(opened)) skip('One connection takes turns by itself.')
  const { db } = opened
  const insert = (tx: Db, subject: string): Promise<unknown> =>
    tx.insertInto('events').values({ at: wallClock.now(), actor: '{}', type: 'x', subject, data: '{}' }).execute()
  // The slow one takes its number first and commits last; the follower has passed that number by then.
  const { promise: passed, resolve: pass } = Promise.withResolvers<void>()
  const { promise: numbered, resolve: number } = Promise.withResolvers<void>()
  const slow = inTransaction(db, async (tx) => {
    await insert(tx, 'slow')
    number()
    await passed
  })
  await numbered
  await inTransaction(db, (tx) => insert(tx, 'quick'))
  const seen = (await eventsAfter(db, 0, 10)).map(({ seq }) => seq)
  pass()
  await slow
  const later = (await eventsAfter(db, seen.at(-1) ?? 0, 10)).map(({ seq }) => seq)
  expect(await allEvents(db)).toHaveLength(2)
  expect([...seen, ...later]).toHaveLength(1)
})

test('a change that fails leaves neither its rows nor its event', async () => {
  const { db } = await freshDatabase()
  const work = ownChanges(db)({ kind: 'clock' }, async (it) => {
    await it.record({ type: 'site.changed', subject: 'x', data: { name: 'x', fields: [] } })
    throw new Error('changed my mind')
  })
  await expect(work).rejects.toThrow('changed my mind')
  expect(await allEvents(db)).toEqual([])
})

test('a query beside the change, inside it, is an error and not a hang', async () => {
  const { db } = await freshDatabase()
  const work = ownChanges(db)({ kind: 'clock' }, () => sql`select 1`.execute(db))
  await expect(work).rejects.toThrow('`change.tx`')
})

function hasManyConnections({ kind }: OpenDatabase): boolean {
  return kind === 'postgres'
}

test('who comes and goes wakes nobody, what is changed does', async () => {
  const { db } = await freshDatabase()
  let woken = 0
  const changing = ownChanges(db, () => (woken += 1))
  await changing({ kind: 'clock' }, (it) =>
    it.record({ type: 'account.signed-out', subject: 'ada', data: { name: 'Ada' } }),
  )
  expect(woken).toBe(0)
  await changing({ kind: 'clock' }, (it) =>
    it.record({ type: 'site.changed', subject: 'site', data: { name: 'Acme', fields: [] } }),
  )
  expect(woken).toBe(1)
})
