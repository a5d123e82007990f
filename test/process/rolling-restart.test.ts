import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../../src/database/database.ts'
import { freshDatabaseUrl } from '../database.ts'
import { asking } from './asking.ts'
import { oneSocket } from './one-socket.ts'
import { ownFolder } from '../own-folder.ts'

test(
  'two processes on one socket and one database are restarted in turn, and nobody notices',
  { timeout: 120_000 },
  async () => {
    const url = await freshDatabaseUrl()
    const folder = ownFolder()
    const socket = oneSocket()
    onTestFinished(() => socket.close())
    const start = () => socket.start({ CANDOR_DATABASE_URL: url, CANDOR_DATA_DIR: folder })
    const { db, close } = openDatabase(url)
    onTestFinished(() => close())
    const prober = async () => (await db.selectFrom('leases').select('holder').executeTakeFirst())?.holder

    let older = await start()
    let newer = await start()
    const first = await prober()
    // What the front door answers, and what the server behind it does; kept connections, and new ones.
    const clients = [`${socket.url}/`, `${socket.url}/admin/sign-in`].flatMap((path) =>
      [true, false].flatMap((keeps) => [asking(path, { keeps, everyMs: 5 }), asking(path, { keeps, everyMs: 5 })]),
    )
    for (let round = 0; round < 2; round += 1) {
      expect(await older.stop('SIGTERM')).toBe(0)
      older = newer
      newer = await start()
    }
    const all = await Promise.all(clients.map((client) => client.end()))
    expect(all.flatMap(({ failed }) => failed)).toEqual([])
    for (const { answered } of all) expect(answered).toBeGreaterThan(20)
    // Whoever checked handed over.
    expect(first).toBeDefined()
    expect(await prober()).not.toBe(first)
  },
)

test('where nobody says the address, links are to the port of the socket that was handed over', async () => {
  const folder = ownFolder()
  const socket = oneSocket()
  onTestFinished(() => socket.close())
  await socket.start({ CANDOR_DATA_DIR: folder })
  const { port } = new URL(socket.url)
  expect(await (await fetch(`${socket.url}/llms.txt`)).text()).toContain(`http://localhost:${port}/`)
})
