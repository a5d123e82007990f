import { expect, test } from 'vitest'
import { judgedAddresses } from '../../src/lib/egress.ts'
import { parseNetwork } from '../../src/lib/guard.ts'
import { resolver } from '../../src/lib/resolver.ts'
import { type Zone, nameServer } from './name-server.ts'

async function asking(zone: Zone) {
  const { address } = await nameServer(zone)
  return resolver({ servers: [address], hostsFile: '/dev/null' })
}

/** What is said of a name whose look-up takes longer than the check may. */
async function lateness(names: Awaited<ReturnType<typeof asking>>): Promise<unknown> {
  const egress = { resolver: names, allow: [parseNetwork('127.0.0.1')!] }
  const signal = AbortSignal.timeout(900)
  return judgedAddresses(egress, { host: 'dead.test', family: 'any', lookUp: 'fresh', signal }).catch(
    (error: unknown) => error,
  )
}

test.each<[string, Zone, string]>([
  ['its own fault while our name servers tell about the root', (name) => (name === '.' ? 'absent' : 'silent'), 'dns'],
  ['ours where they tell nothing', () => 'silent', 'resolver'],
  ['ours where they only fail', (name) => (name === '.' ? 'broken' : 'silent'), 'resolver'],
])('that a name is not answered for in time is %s', async (_whose, zone, fault) => {
  expect(await lateness(await asking(zone))).toMatchObject({ fault })
})

test.each<[string, Zone, string]>([
  ['broken, where the root is known', (name) => (name === '.' ? ['192.0.2.1'] : 'broken'), 'broken'],
  ['unknown, where everything fails', () => 'broken', 'unanswered'],
])('a name whose servers fail is %s', async (_what, zone, failure) => {
  expect(await (await asking(zone)).lookUp('ill.test', 'fresh')).toEqual({ failure })
})

test('in a closed network, what was told a moment ago has to do', async () => {
  const names = await asking((name) => (name === 'shop.test' ? ['127.0.0.1'] : 'broken'))
  await names.lookUp('shop.test', 'fresh')
  expect(await names.lookUp('ill.test', 'fresh')).toEqual({ failure: 'broken' })
})

test('a name server that falls silent is not taken for names that do', async () => {
  let isThere = true
  const names = await asking(() => (isThere ? ['127.0.0.1'] : 'silent'))
  await names.lookUp('shop.test', 'fresh')
  isThere = false
  expect(await names.lookUp('shop.test', 'fresh')).toEqual({ failure: 'unanswered' })
})

test('a slow answer is waited for, however quick the others are', async () => {
  const names = await asking((name, times) => (name === 'slow.test' && times < 2 ? 'silent' : ['127.0.0.1']))
  for (let n = 0; n < 20; n += 1) await names.lookUp('healthy.test', 'fresh')
  expect(await names.lookUp('slow.test', 'fresh')).toEqual({ addresses: ['127.0.0.1'] })
})

test.each([
  ['ipv4', ['127.0.0.1']],
  ['ipv6', ['::1']],
  ['any', ['127.0.0.1', '::1']],
] as const)('of a name with both, %s uses %j', async (family, addresses) => {
  const egress = {
    resolver: await asking(() => ['127.0.0.1', '::1']),
    allow: [parseNetwork('127.0.0.1')!, parseNetwork('::1')!],
  }
  const signal = AbortSignal.timeout(5000)
  expect(await judgedAddresses(egress, { host: 'both.test', family, lookUp: 'fresh', signal })).toEqual(addresses)
})

test('a name without an address of the wanted kind cannot be reached that way', async () => {
  const egress = { resolver: await asking(() => ['127.0.0.1']), allow: [parseNetwork('127.0.0.1')!] }
  const wish = { host: 'four.test', family: 'ipv6', lookUp: 'fresh', signal: AbortSignal.timeout(5000) } as const
  await expect(judgedAddresses(egress, wish)).rejects.toMatchObject({ fault: 'dns' })
})
