import { setImmediate as turn } from 'node:timers/promises'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { type Migration, type OpenDatabase, type Tx, inTransaction, openDatabase } from '../../src/database/database.ts'
import { migrate } from '../../src/database/migrate.ts'
import { wallClock } from '../../src/lib/clock.ts'
import { migrations } from '../../migrations/index.ts'
import { freshDatabaseUrl } from '../database.ts'

const at = wallClock.now()

/** One database, as a server and a command have it open at once. */
async function twice(): Promise<readonly [OpenDatabase, OpenDatabase]> {
  const url = await freshDatabaseUrl()
  const [server, command] = [openDatabase(url), openDatabase(url)]
  onTestFinished(async () => {
    await server.close()
    await command.close()
  })
  return [server, command]
}

/** A transaction that did its first part, and waits to be told to go on. */
async function halfway({ db }: OpenDatabase, first: Work, second: Work) {
  const reached = Promise.withResolvers<void>()
  const told = Promise.withResolvers<void>()
  const done = inTransaction(db, async (tx) => {
    await first(tx)
    reached.resolve()
    await told.promise
    await second(tx)
  })
  await reached.promise
  return { goOn: told.resolve, done }
}

type Work = (tx: Tx) => Promise<unknown>

const write =
  (name: string): Work =>
  (tx) =>
    tx.insertInto('heartbeats').values({ name, at }).execute()

async function turns(count: number): Promise<void> {
  for (let at = 0; at < count; at += 1) await turn()
}

test('a transaction that reads first may still write, although another process wants to write meanwhile', async () => {
  const [server, command] = await twice()
  const read: Work = (tx) => tx.selectFrom('heartbeats').selectAll().execute()
  const first = await halfway(server, read, write('server'))
  const other = inTransaction(command.db, write('command'))
  await turns(50)
  first.goOn()
  await Promise.all([first.done, other])
  const rows = await server.db.selectFrom('heartbeats').select('name').orderBy('name').execute()
  expect(rows).toEqual([{ name: 'command' }, { name: 'server' }])
})

test('whoever waits for another process to finish writing goes on answering others', async () => {
  const [server, command] = await twice()
  const change = await halfway(command, write('command'), write('more'))
  // SQLite itself would wait within one turn of the loop.
  expect(server.file?.pragma('busy_timeout', { simple: true }) ?? 0).toBe(0)
  let isOver = false
  const waiting = server.db.insertInto('heartbeats').values({ name: 'server', at }).execute()
  void waiting.finally(() => (isOver = true))
  await turns(100)
  expect(isOver && server.file !== null).toBe(false)
  change.goOn()
  await Promise.all([change.done, waiting])
  expect(await server.db.selectFrom('heartbeats').selectAll().execute()).toHaveLength(3)
})

test('whoever starts while another process writes for long opens the database all the same', async () => {
  const url = await freshDatabaseUrl()
  const server = openDatabase(url)
  const upgrade = await halfway(server, write('server'), write('more'))
  const command = openDatabase(url)
  expect(await command.db.selectFrom('heartbeats').selectAll().execute()).toEqual([])
  upgrade.goOn()
  await upgrade.done
  await Promise.all([server.close(), command.close()])
})

test('two processes that start at once migrate one after the other', async () => {
  const [server, command] = await twice()
  const step: Migration = { name: 'step', up: (tx) => tx.schema.createTable('once').addColumn('id', 'text').execute() }
  const ran = await Promise.all([server, command].map(({ db }) => migrate(db, wallClock, [...migrations, step])))
  expect(ran.flat()).toEqual(['step'])
})

test('a transaction that the database ended by itself fails with its cause', async () => {
  const [{ db }] = await twice()
  const work = inTransaction(db, async (tx) => {
    // As SQLite does when the disk is full.
    await sql`rollback`.execute(tx)
    throw new Error('the disk is full')
  })
  await expect(work).rejects.toThrow('the disk is full')
})
