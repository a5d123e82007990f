import { once } from 'node:events'
import { type AddressInfo, type Socket, Server as NetServer, connect } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { type Followers, startFollowers } from '../src/followers.ts'
import type { Caps } from '../src/lib/connection-caps.ts'
import { toDocument } from '../src/web/shared/document.ts'
import { type Listener, createListener } from '../src/web/shared/listener.ts'
import type { Step } from '../src/web/shared/publication.ts'

type Bodies = Readonly<Record<string, string>>

interface Port {
  readonly listener: Listener
  readonly followers: Followers
  readonly port: number
  publish(bodies: Bodies): Promise<void>
}

const atOnce = { keepListening: 0, idle: 0, underWay: 10_000 }

/** A writer that has no documents of its own, and one follower. */
async function portOf(bodies: Bodies, more: { caps?: Caps; meetsWithin?: number } = {}): Promise<Port> {
  const first = await stepOf(bodies)
  let tell: (step: Step) => void = () => undefined
  const listener = createListener({ find: () => undefined, frontDoor: true, trustProxy: [] })
  listener.attach((request, response) => {
    let said = ''
    request.setEncoding('utf8').on('data', (text: string) => (said += text))
    request.on('end', () => response.end(`${said} from ${request.socket.remotePort} with ${request.headers.cookie}`))
  })
  listener.open()
  await listener.listen({ host: '127.0.0.1', port: 0 })
  const { port } = listener.server.address() as AddressInfo
  const followers = startFollowers({
    count: 1,
    listener,
    publication: {
      follow(follower) {
        follower(first)
        tell = follower
      },
    },
    trustProxy: [],
    ...more,
    log: { warn: () => undefined },
  })
  onTestFinished(async () => {
    await listener.leave(atOnce, followers.leave(atOnce))
  })
  return {
    listener,
    followers,
    port,
    publish: async (next) => tell(await stepOf(next)),
  }
}

async function stepOf(bodies: Bodies): Promise<Step> {
  const made = Object.entries(bodies).map(async ([path, body]) => {
    return [path, await toDocument(path, { contentType: 'text/plain', body })] as const
  })
  return { changed: new Map(await Promise.all(made)), gone: [] }
}

/** To its follower, which has the listening socket by now, or will find it in its letter box. */
function leaveAccepting({ server }: Listener): void {
  NetServer.prototype.close.call(server)
}

/** A connection, and what was answered on it so far. */
async function caller(port: number) {
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true })
  onTestFinished(() => void socket.destroy())
  let heard = ''
  socket.setEncoding('utf8').on('data', (text: string) => (heard += text))
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return {
    socket,
    ask: (path: string, more = '') => socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n${more}\r\n`),
    /** Resolves when so many bodies came. */
    async hears(pattern: RegExp, times = 1) {
      while ((heard.match(pattern)?.length ?? 0) < times && !socket.closed) await nextTurn()
      const all = heard
      heard = ''
      return all
    },
  }
}

/** Until the follower has said that it listens, the writer answers by itself. */
async function givesAway(port: number): Promise<void> {
  for (let heard = ''; !heard.includes('the page');) {
    const { ask, hears } = await caller(port)
    ask('/')
    heard = await hears(/the page|with undefined/)
  }
}

test('a follower answers what is ready, and passes the rest on as it came, with the address of the client', async () => {
  const { listener, port } = await portOf({ '/': 'the page' })
  leaveAccepting(listener)
  const { socket, ask, hears } = await caller(port)
  ask('/')
  expect(await hears(/the page/)).toMatch(/^HTTP\/1\.1 200 OK\r\ncontent-type: text\/plain/)
  expect(listener.counts).toEqual({ answered: 0, notModified: 0, passedOn: 0 })
  // More than fits into what is read at once, so that much of it comes after the connection has changed hands.
  const said = 'x'.repeat(300_000)
  socket.write(`POST /desk HTTP/1.1\r\nHost: a\r\nCookie: a=b\r\nContent-Length: ${said.length}\r\n\r\n${said}`)
  const answer = await hears(/with a=b/)
  expect(answer.match(/x/g)).toHaveLength(said.length)
  expect(answer).toContain(`from ${socket.localPort} with a=b`)
  ask('/')
  expect(await hears(/with undefined/)).toContain(`from ${socket.localPort}`)
})

test('what the writer accepts a follower answers, so that readers never wait for the loop that writes', async () => {
  const { listener, port } = await portOf({ '/': 'the page' })
  let accepted = 0
  listener.server.on('connection', () => (accepted += 1))
  await givesAway(port)
  const { passedOn } = listener.counts
  accepted = 0
  while (accepted < 20) {
    const { socket, ask, hears } = await caller(port)
    ask('/')
    expect(await hears(/the page|with undefined/)).toContain('the page')
    socket.destroy()
  }
  expect(listener.counts.passedOn).toBe(passedOn)
  while (accepted < 40) {
    const { socket, ask, hears } = await caller(port)
    ask('/desk', 'Cookie: a=b\r\n')
    expect(await hears(/with a=b/)).toContain(`from ${socket.localPort}`)
  }
})

test('connections change hands by the hundred, and each keeps its own bytes', async () => {
  const { listener, port } = await portOf({ '/': 'the page' })
  leaveAccepting(listener)
  const work = Array.from({ length: 200 }, async (_, index) => {
    const { socket, ask, hears } = await caller(port)
    if (index % 2) {
      ask('/')
      await hears(/the page/)
    }
    const head = `POST / HTTP/1.1\r\nHost: a\r\nCookie: n=${index}\r\nContent-Length: 9\r\n\r\n`
    socket.write(head.slice(0, 9 + (index % 40)))
    await nextTurn()
    socket.write(`${head.slice(9 + (index % 40))}from here`)
    expect(await hears(/with n=\d+/)).toContain(`from here from ${socket.localPort} with n=${index}`)
  })
  await Promise.all(work)
})

test('a connection that was passed on is not counted any more', async () => {
  const { listener, port } = await portOf({ '/': 'the page' }, { caps: { each: 2, all: 2 } })
  leaveAccepting(listener)
  for (let index = 0; index < 10; index += 1) {
    const { socket, hears } = await caller(port)
    socket.write(`POST / HTTP/1.1\r\nHost: a\r\nCookie: n=${index}\r\nContent-Length: 0\r\n\r\n`)
    expect(await hears(/with n=\d+/)).toContain(`with n=${index}`)
  }
})

test('all documents of one version come to a follower in one step', async () => {
  const { listener, port, publish } = await portOf({ '/a': 'version 0.', '/b': 'version 0.' })
  leaveAccepting(listener)
  const { socket, hears } = await caller(port)
  const both = ['/a', '/b'].map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join('')
  const seen = new Set<string>()
  let version = 0
  while (seen.size < 20) {
    version += 1
    await publish({ '/a': `version ${version}.`, '/b': `version ${version}.` })
    socket.write(both)
    const [first, second] = (await hears(/version \d+\./g, 2)).match(/version \d+\./g) ?? []
    expect(first).toBe(second)
    seen.add(first ?? '')
  }
})

test('a follower that dies is started again, and has all documents', async () => {
  const { listener, followers, port } = await portOf({ '/': 'the page' })
  const [pid = 0] = followers.pids()
  process.kill(pid, 'SIGKILL')
  while (followers.pids().includes(pid)) await nextTurn()
  while (followers.pids().length === 0) await nextTurn()
  leaveAccepting(listener)
  const { ask, hears } = await caller(port)
  ask('/')
  expect(await hears(/the page/)).toContain('the page')
})

test('what was given to a follower that dies before it met them is answered by the writer', async () => {
  const { listener, followers, port } = await portOf({ '/': 'the page' })
  await givesAway(port)
  const [pid = 0] = followers.pids()
  process.kill(pid, 'SIGSTOP')
  let accepted = 0
  listener.server.on('connection', () => (accepted += 1))
  const callers = await Promise.all(Array.from({ length: 5 }, () => caller(port)))
  for (const [index, { ask }] of callers.entries()) ask('/desk', `Cookie: n=${index}\r\n`)
  while (accepted < callers.length) await nextTurn()
  process.kill(pid, 'SIGKILL')
  for (const [index, { hears }] of callers.entries()) expect(await hears(/with n=\d/)).toContain(`with n=${index}`)
})

test('a follower that hangs is ended, and whom it was given the writer answers', async () => {
  const { followers, port } = await portOf({ '/': 'the page' }, { meetsWithin: 1000 })
  await givesAway(port)
  const pid = followers.pids()[0] ?? Number.NaN
  process.kill(pid, 'SIGSTOP')
  const { ask, hears } = await caller(port)
  ask('/desk', 'Cookie: a=b\r\n')
  expect(await hears(/with a=b/)).toContain('with a=b')
  expect(followers.pids()).not.toContain(pid)
})

test('a follower is not taken to hang because the loop of the writer stood still', async () => {
  const { listener, followers, port } = await portOf({ '/': 'the page' }, { meetsWithin: 200 })
  await givesAway(port)
  const pids = followers.pids()
  // After it was given away: the answer waits in the pipe, and all times are over when the loop goes on.
  listener.server.once('connection', () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300))
  const { ask, hears } = await caller(port)
  ask('/desk', 'Cookie: a=b\r\n')
  await hears(/with a=b/)
  await givesAway(port)
  expect(followers.pids()).toEqual(pids)
})

test('the writer leaves although a follower hangs', async () => {
  const { followers } = await portOf({ '/': 'the page' })
  process.kill(followers.pids()[0] ?? Number.NaN, 'SIGSTOP')
  await followers.leave({ ...atOnce, underWay: 0 })
  expect(followers.pids()).toEqual([])
})

test('when the writer leaves, a follower says so with its last answers, drops none, and is gone', async () => {
  const { listener, followers, port } = await portOf({ '/': 'the page' })
  leaveAccepting(listener)
  const callers = await Promise.all(Array.from({ length: 20 }, () => caller(port)))
  for (const { ask, hears } of callers) {
    ask('/')
    expect(await hears(/the page/)).toContain('Connection: keep-alive')
  }
  const left = followers.leave({ keepListening: 0, idle: 10_000, underWay: 20_000 })
  const last = callers.map(async ({ socket, ask, hears }) => {
    const closed = once(socket, 'close')
    for (let heard = ''; !heard.includes('Connection: close');) {
      ask('/')
      heard = await hears(/the page/)
      expect(heard).toContain('the page')
    }
    await closed
  })
  await Promise.all(last)
  await left
  expect(followers.pids()).toEqual([])
})

test('the writer leaves also where all followers that it gave connections to are gone before', async () => {
  const { listener, followers, port } = await portOf({ '/': 'the page' })
  await givesAway(port)
  const { socket, ask, hears } = await caller(port)
  ask('/desk', 'Cookie: a=b\r\n')
  await hears(/with a=b/)
  const others = followers.leave(atOnce)
  await others
  expect(followers.pids()).toEqual([])
  const left = listener.leave(atOnce, others)
  socket.destroy()
  await left
})
