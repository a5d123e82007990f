import { expect, test } from 'vitest'
import { inTransaction } from '../../src/database/database.ts'
import { wallClock } from '../../src/lib/clock.ts'
import { freshDatabase } from '../database.ts'

const now = wallClock.now()

test('a query on the database inside a transaction is an error that names the remedy, not a hang', async () => {
  const { db } = await freshDatabase()
  const work = inTransaction(db, () => db.selectFrom('events').selectAll().execute())
  await expect(work).rejects.toThrow('Use the `tx`')
})

test('transactions do not nest', async () => {
  const { db } = await freshDatabase()
  const work = inTransaction(db, () => inTransaction(db, () => Promise.resolve()))
  await expect(work).rejects.toThrow('Transactions do not nest')
})

test('what is written in a transaction that fails is not there', async () => {
  const { db } = await freshDatabase()
  const work = inTransaction(db, async (tx) => {
    await tx.insertInto('sign_in_failures').values({ key: 'ada', failures: 1, last_at: now }).execute()
    throw new Error('changed my mind')
  })
  await expect(work).rejects.toThrow('changed my mind')
  expect(await db.selectFrom('sign_in_failures').selectAll().execute()).toEqual([])
})

test('two fresh databases know nothing of each other', async () => {
  const [one, other] = [await freshDatabase(), await freshDatabase()]
  await one.db.insertInto('sign_in_failures').values({ key: 'ada', failures: 1, last_at: now }).execute()
  expect(await other.db.selectFrom('sign_in_failures').selectAll().execute()).toEqual([])
})

test('the loop turns while one thing is asked after the other', async () => {
  const { db } = await freshDatabase()
  let turns = 0
  let isAsking = true
  const count = () => {
    turns += 1
    if (isAsking) setImmediate(count)
  }
  setImmediate(count)
  for (let asked = 0; asked < 2000; asked += 1) await db.selectFrom('events').select('seq').limit(1).execute()
  isAsking = false
  expect(turns).toBeGreaterThan(1)
})
