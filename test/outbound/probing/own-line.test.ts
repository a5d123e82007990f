import { createServer } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { parseNetwork } from '../../../src/lib/guard.ts'
import { resolver } from '../../../src/lib/resolver.ts'
import { asksForTheRoot } from '../../../src/lib/root-names.ts'
import { sings } from '../../../src/outbound/probing/canaries.ts'
import { ownLine } from '../../../src/outbound/probing/own-line.ts'
import { nameServer } from '../../lib/name-server.ts'

/** A line whose canaries and name servers do as they are told. */
function scene(canaries: readonly string[], silent: Set<string> = new Set()) {
  const asked: string[] = []
  let now = 1_000_000
  const line = ownLine({
    canaries,
    sings: (canary) => {
      asked.push(canary)
      return Promise.resolve(!silent.has(canary))
    },
    namesAnswer: () => {
      asked.push('names')
      return Promise.resolve(!silent.has('names'))
    },
    steady: () => now,
  })
  return { line, asked, silent, passes: (ms: number) => void (now += ms) }
}

const three = ['a', 'b', 'c']

test.each([
  [[], 'online'],
  [['a'], 'online'],
  [['a', 'b'], 'offline'],
  [['a', 'b', 'c'], 'offline'],
] as const)('with %j of three canaries silent we are %s', async (silent, found) => {
  const { line } = scene(three, new Set(silent))
  expect(await line.weigh('quickly')).toBe(found)
})

test('canaries are asked once for all that fails within five seconds', async () => {
  const { line, asked, passes } = scene(three)
  await line.weigh('quickly')
  await line.weigh('quickly')
  passes(4000)
  await line.weigh('quickly')
  expect(asked.filter((one) => one === 'a')).toHaveLength(1)
  passes(1001)
  await line.weigh('quickly')
  expect(asked.filter((one) => one === 'a')).toHaveLength(2)
})

test('where so much fails at once, they are asked anew, and a name is looked up beside', async () => {
  const { line, asked, silent } = scene(three)
  await line.weigh('quickly')
  await line.weigh('thoroughly')
  expect(asked.filter((one) => one === 'a')).toHaveLength(2)
  silent.add('names')
  const other = scene(three)
  await other.line.weigh('quickly')
  other.silent.add('names')
  expect(await other.line.weigh('thoroughly')).toBe('offline')
})

test('a neighbour who answers says nothing of the line, where there are canaries', async () => {
  const { line } = scene(three, new Set(three))
  line.answered()
  expect(await line.weigh('quickly')).toBe('offline')
})

test('without canaries, silence is ours only if our name servers fell silent with all the rest', async () => {
  const { line, silent, passes } = scene([])
  await new Promise(setImmediate)
  line.answered()
  expect(await line.weigh('quickly')).toBe('online')
  passes(6000)
  expect(await line.weigh('quickly')).toBe('online')
  passes(6000)
  silent.add('names')
  expect(await line.weigh('quickly')).toBe('offline')
  // Somebody answers again.
  passes(6000)
  line.answered()
  expect(await line.weigh('quickly')).toBe('online')
})

test('name servers that never answered prove nothing: an outage is not explained away', async () => {
  const { line, passes } = scene([], new Set(['names']))
  await new Promise(setImmediate)
  passes(10_000)
  expect(await line.weigh('thoroughly')).toBe('online')
})

test('a canary sings if it takes a connection, and no longer when nobody listens', async () => {
  const server = createServer((socket) => void socket.resume().end())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const egress = { resolver: resolver({ servers: [] }), allow: [parseNetwork('127.0.0.1')!] }
  expect(await sings(egress, `tcp://127.0.0.1:${port}`)).toBe(true)
  // Not with a certificate.
  expect(await sings(egress, `https://127.0.0.1:${port}`)).toBe(false)
  expect(await sings({ ...egress, allow: [] }, `tcp://127.0.0.1:${port}`)).toBe(false)
  await new Promise((resolve) => server.close(resolve))
  expect(await sings(egress, `tcp://127.0.0.1:${port}`)).toBe(false)
})

test('a name server sings if it answers at all', async () => {
  const names = await nameServer(() => 'absent')
  const egress = { resolver: resolver({ servers: [] }), allow: [parseNetwork('127.0.0.1')!] }
  expect(await sings(egress, `dns://${names.address}`)).toBe(true)
  const silent = await nameServer(() => 'silent')
  expect(await asksForTheRoot([silent.address], 300)).toBe(false)
})
