import { once } from 'node:events'
import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { type FrontDoor, createFrontDoor, usualPatience } from '../../../../src/web/shared/front-door.ts'
import { createListener } from '../../../../src/web/shared/listener.ts'
import { documentsByPath } from './served.ts'

const documents = await documentsByPath()
const ask = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`

/** A front door by itself: nothing stands behind it. */
async function doorAlone(patience: Partial<typeof usualPatience> = {}) {
  const silent: Socket[] = []
  const passed: Buffer[] = []
  const door: FrontDoor = createFrontDoor({
    find: (path) => documents.get(path),
    passOn: (socket, bytes) => {
      passed.push(bytes)
      socket.destroy()
    },
    refuseSilent: (socket) => {
      silent.push(socket)
      socket.destroy()
    },
    answered: () => undefined,
    patience: { ...usualPatience, ...patience },
  })
  const accepted: Socket[] = []
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    accepted.push(socket)
    door.meet(socket)
  })
  const port = await listening(server)
  return { door, port, silent, passed, accepted }
}

async function listening(server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

async function client(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await nextTurn()
}

test('a reader that takes nothing is not read from, and is dropped', async () => {
  const { door, port, accepted } = await doorAlone({ stuck: 50, idle: 60_000 })
  const slow = await client(port)
  slow.pause()
  // Far more answers than the kernel holds: 30 MB.
  for (let asked = 0; asked < 250; asked += 1) slow.write(ask('/large'))
  await until(() => accepted[0]?.destroyed ?? false)
  expect(door.counts.answered).toBeLessThan(250)
  expect(accepted[0]?.writableLength).toBeLessThan(2 * 120_500)
})

test('a reader that is slow gets everything in order', async () => {
  const { door, port } = await doorAlone()
  const slow = await client(port)
  const all = 60
  for (let asked = 0; asked < all; asked += 1) slow.write(ask(asked % 2 ? '/' : '/large'))
  let heard = ''
  slow.setEncoding('latin1')
  while ((heard.match(/HTTP\/1\.1 200 OK/g)?.length ?? 0) < all) {
    await nextTurn()
    heard += (slow.read(20_000) as string | null) ?? (slow.read() as string | null) ?? ''
  }
  expect(door.counts).toEqual({ answered: all, notModified: 0, passedOn: 0 })
  const lengths = [...heard.matchAll(/content-length: (\d+)/g)].map(([, length]) => Number(length))
  expect(lengths).toEqual(Array.from({ length: all }, (_, index) => (index % 2 ? 4800 : 120_000)))
})

test('whoever says nothing at first is refused, and whoever asks no more is let go', async () => {
  const { port, silent, accepted } = await doorAlone({ silent: 500, idle: 20 })
  await client(port)
  await until(() => silent.length === 1)
  const asking = await client(port)
  asking.resume().write(ask('/'))
  await until(() => accepted.length === 2 && accepted[1]?.destroyed === true)
  expect(silent).toHaveLength(1)
})

test('while leaving, the first answer is the last and says so', async () => {
  const { door, port } = await doorAlone()
  door.leave()
  const asking = await client(port)
  let heard = ''
  asking.setEncoding('latin1').on('data', (text: string) => (heard += text))
  asking.write(ask('/summary.json').repeat(3))
  await once(asking, 'close')
  expect(heard.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(1)
  expect(heard).toContain('\r\nConnection: close\r\n\r\n')
})

test('before there is a handler, a ready document is answered and everything else is told to come back', async () => {
  const { server } = createListener({ find: (path) => documents.get(path), frontDoor: true, trustProxy: [] })
  const url = `http://127.0.0.1:${await listening(server)}`
  expect((await fetch(`${url}/summary.json`)).status).toBe(200)
  const other = await fetch(`${url}/admin`)
  expect(other.status).toBe(503)
  expect(other.headers.get('retry-after')).toBe('2')
  expect(await other.text()).toContain('is starting')
})
