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
  const signal = AbortSignal.timeout(200)
  return judgedAddresses(egress, { host: 'dead.test', family: 'any', lookUp: 'fresh', signal }).catch(
    (error: unknown) => error,
  )
}

test('a name that nobody answers for in time is at fault while others are answered for', async () => {
  const names = await asking((name) => (name === 'dead.test' ? 'silent' : ['127.0.0.1']))
  await names.lookUp('healthy.test', 'fresh')
  expect(await lateness(names)).toMatchObject({ fault: 'dns' })
})

test('that there is no such name is an answer too', async () => {
  const names = await asking((name) => (name === 'dead.test' ? 'silent' : 'absent'))
  expect(names.isHeard()).toBe(false)
  await names.lookUp('nobody.test', 'fresh')
  expect(names.isHeard()).toBe(true)
  expect(await lateness(names)).toMatchObject({ fault: 'dns' })
})

test('where nothing is ever answered, our own name server is', async () => {
  expect(await lateness(await asking(() => 'silent'))).toMatchObject({ fault: 'resolver' })
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
