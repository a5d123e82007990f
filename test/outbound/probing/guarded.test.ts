import { expect, test } from 'vitest'
import { type ProbeKindName, kindNames, kinds } from '../../../src/domain/probes/kinds/index.ts'
import { judged } from '../../../src/domain/probes/verdicts/judging.ts'
import { wallClock } from '../../../src/lib/clock.ts'
import { Invalid } from '../../../src/lib/errors.ts'
import { loadKind } from '../../../src/outbound/probing/kinds/index.ts'
import { forbiddenHosts, forbiddenNames, inUrl, neverReached } from '../../lib/forbidden.ts'
import { nameServer } from '../../lib/name-server.ts'
import { canary } from './canary.ts'
import { circumstances } from './circumstances.ts'

type To = (host: string, port: number) => unknown

/** How each kind is sent somewhere; in words, why it goes nowhere. A kind that is missing here does not compile. */
const sent: { readonly [Name in ProbeKindName]: To | string } = {
  http: (host, port) => kinds.http.read({ url: `http://${inUrl(host, port)}/` }),
  tcp: (host, port) => kinds.tcp.read({ host, port }),
  tls: (host, port) => kinds.tls.read({ host, port }),
  dns: (host, port) => kinds.dns.read({ lookUp: 'shop.test', servers: inUrl(host, port) }),
  udp: (host, port) => kinds.udp.read({ host, port }),
  icmp: (host) => kinds.icmp.read({ host, count: 1 }),
  postgres: (host, port) => kinds.postgres.read({ host, port, database: 'shop', user: 'probe' }),
  redis: (host, port) => kinds.redis.read({ host, port }),
  grpc: (host, port) => kinds.grpc.read({ host, port, tls: 'no' }),
  websocket: (host, port) => kinds.websocket.read({ url: `ws://${inUrl(host, port)}/` }),
  domain: (host, port) => kinds.domain.read({ domain: 'shop.test', directory: `http://${inUrl(host, port)}/` }),
  upstream: (host, port) => kinds.upstream.read({ page: `http://${inUrl(host, port)}/` }),
  browser: 'It goes through a proxy of ours, held to the same table in test/lib/guarded-proxy.test.ts.',
  heartbeat: 'It is told, and asks nobody.',
}

const connecting = kindNames.filter((name) => typeof sent[name] === 'function')

/** One check, as the worker makes it. */
async function check(name: ProbeKindName, host: string, port: number, where: Parameters<typeof circumstances>[0]) {
  const kind = await loadKind(name)
  const finding = await kind?.check((sent[name] as To)(host, port), circumstances({ timeoutMs: 700, ...where }))
  return finding && judged(finding, { latencyLimitMs: null, assertions: [] }, wallClock.now())
}

/** What the guard made of it: blocked, or not even taken by the form. */
async function refusalOf(
  name: ProbeKindName,
  host: string,
  port: number,
  where: Parameters<typeof circumstances>[0] = {},
) {
  try {
    const found = await check(name, host, port, { allow: [], ...where })
    return found && { outcome: found.outcome, reason: found.reason }
  } catch (error) {
    if (error instanceof Invalid) return blocked
    throw error
  }
}

const blocked = { outcome: 'inconclusive', reason: 'blocked' }

test('every kind of probe is in this table', () => {
  expect(Object.keys(sent).toSorted()).toEqual(kindNames.toSorted())
})

test.each(connecting)('%s reaches what the machine allows', async (name) => {
  const { port, reached } = await canary(['127.0.0.1'])
  await check(name, '127.0.0.1', port, { allow: ['127.0.0.1'] })
  expect(reached()).not.toEqual([])
})

test.each(connecting)('%s reaches no address of these, however it is written', async (name) => {
  const { port, reached } = await canary(['127.0.0.1', '::1'])
  const refusals = await Promise.all(
    forbiddenHosts.map(async (host) => [host, await refusalOf(name, host, port)] as const),
  )
  expect(refusals).toEqual(forbiddenHosts.map((host) => [host, blocked]))
  expect(reached()).toEqual([])
})

test.each(connecting)('no list opens metadata and link-local addresses to %s', async (name) => {
  const { port } = await canary(['127.0.0.1'])
  for (const host of neverReached) {
    expect(await refusalOf(name, host, port, { allow: ['0.0.0.0/0', '::/0'] }), host).toEqual(blocked)
  }
})

test.each(connecting)('%s follows no name to where it may not go', async (name) => {
  const { port, reached } = await canary(['127.0.0.1', '::1'])
  const { address } = await nameServer((asked) => forbiddenNames[asked] ?? 'absent')
  for (const host of Object.keys(forbiddenNames)) {
    expect(await refusalOf(name, host, port, { dnsServers: [address] }), host).toEqual(blocked)
  }
  expect(reached()).toEqual([])
})

test.each(connecting)('a name that changes its mind leads %s nowhere else', async (name) => {
  const { port, reached } = await canary(['127.0.0.1', '127.0.0.2'])
  // Allowed when it is judged, and another address for whoever asks again.
  const { address } = await nameServer((_asked, times) => [times === 0 ? '127.0.0.1' : '127.0.0.2'])
  const where = { allow: ['127.0.0.1'], dnsServers: [address] }
  await check(name, 'rebinding.test', port, where)
  expect(reached().every((seen) => seen.endsWith('127.0.0.1'))).toBe(true)
  expect(reached()).not.toEqual([])
  expect(await refusalOf(name, 'rebinding.test', port, where)).toEqual(blocked)
  expect(reached().filter((seen) => seen.endsWith('127.0.0.2'))).toEqual([])
})
