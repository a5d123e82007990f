import { createECDH } from 'node:crypto'
import { expect, test } from 'vitest'
import { signOnOtherwise } from '../../src/config/single-sign-on.ts'
import type { ChannelKind, Target } from '../../src/domain/subscribers/channel.ts'
import { wallClock } from '../../src/lib/clock.ts'
import type { Egress } from '../../src/lib/egress.ts'
import { parseNetwork } from '../../src/lib/guard.ts'
import { pushKeys } from '../../src/lib/push-keys.ts'
import { resolver } from '../../src/lib/resolver.ts'
import { readSources } from '../../src/outbound/importing/source.ts'
import { channelOf } from '../../src/outbound/notify/channels/index.ts'
import { createProvider } from '../../src/outbound/signing-on/provider.ts'
import { forbiddenHosts, forbiddenNames, inUrl, neverReached } from '../lib/forbidden.ts'
import { nameServer } from '../lib/name-server.ts'
import { sendingParts } from './notify/receiver.ts'
import { letter } from './notify/sample-letter.ts'
import { canary } from './probing/canary.ts'

/** Goes where a stranger says, and answers in a word what became of it. */
type Sink = (egress: Egress, address: string) => Promise<string>

const keys = pushKeys('a key for tests')
const browser = createECDH('prime256v1')
browser.generateKeys()

const channel =
  (kind: ChannelKind, targetOf: (address: string) => Target): Sink =>
  async (egress, address) => {
    const parts = { ...sendingParts({ push: { ...keys, subject: 'https://status.example' } }), egress }
    const outcome = await (await channelOf(kind)).send(letter(), targetOf(address), parts)
    return outcome.became === 'accepted' ? 'accepted' : outcome.reason
  }
const chat = (kind: ChannelKind): Sink => channel(kind, (address) => ({ url: `http://${address}/topic` }))

/** Everything that goes where somebody says who is not the operator of the machine, but for probes, which have a table of their own. */
const sinks: Readonly<Record<string, Sink>> = {
  webhook: channel('webhook', (address) => ({ url: `http://${address}/`, secret: 'whsec_AAAA' })),
  slack: chat('slack'),
  discord: chat('discord'),
  teams: chat('teams'),
  'google-chat': chat('google-chat'),
  mattermost: chat('mattermost'),
  ntfy: chat('ntfy'),
  'web-push': channel('web-push', (address) => ({
    endpoint: `https://${address}/send/1`,
    p256dh: browser.getPublicKey('base64url'),
    auth: 'AAAAAAAAAAAAAAAAAAAAAA',
  })),
  'single sign-on': async (egress, address) => {
    const config = {
      ...signOnOtherwise,
      url: 'https://status.example',
      oidcIssuer: `http://${address}/`,
      oidcClientId: 'candor',
    }
    const begun = await createProvider({ config, egress, clock: wallClock })?.begin({ isAnew: false })
    return begun?.outcome === 'begun' ? 'accepted' : 'refused'
  },
  import: (egress, address) =>
    readSources(egress, `http://${address}/`, () => undefined).then(
      () => 'accepted',
      () => 'refused',
    ),
}
const names = Object.keys(sinks)

function egress(allow: readonly string[] = [], servers: readonly string[] = ['127.0.0.1:9']): Egress {
  return {
    resolver: resolver({ servers: [...servers], hostsFile: '/dev/null' }),
    allow: allow.map((text) => parseNetwork(text)!),
  }
}

/** Channels say why; the others only that they did not. */
const refusals = (name: string): string[] =>
  ['single sign-on', 'import'].includes(name)
    ? ['refused']
    : ['private address', 'not allowed', 'cannot be written to', 'no such address']

test.each(names)('%s reaches what the machine allows', async (name) => {
  const { port, reached } = await canary(['127.0.0.1'])
  await sinks[name]?.(egress(['127.0.0.1']), `127.0.0.1:${port}`)
  expect(reached()).not.toEqual([])
})

test.each(names)('%s reaches no address of these, however it is written', async (name) => {
  const { port, reached } = await canary(['127.0.0.1', '::1'])
  for (const host of forbiddenHosts) {
    expect(refusals(name), host).toContain(await sinks[name]?.(egress(), inUrl(host, port)))
  }
  expect(reached()).toEqual([])
})

test.each(names)('no list opens metadata and link-local addresses to %s', async (name) => {
  const { port } = await canary(['127.0.0.1'])
  for (const host of neverReached) {
    expect(refusals(name), host).toContain(await sinks[name]?.(egress(['0.0.0.0/0', '::/0']), inUrl(host, port)))
  }
})

test.each(names)('%s follows no name to where it may not go', async (name) => {
  const { port, reached } = await canary(['127.0.0.1', '::1'])
  const { address } = await nameServer((asked) => forbiddenNames[asked] ?? 'absent')
  for (const host of Object.keys(forbiddenNames)) {
    expect(refusals(name), host).toContain(await sinks[name]?.(egress([], [address]), `${host}:${port}`))
  }
  expect(reached()).toEqual([])
})

test.each(names)('a name that changes its mind leads %s nowhere else', async (name) => {
  const { port, reached } = await canary(['127.0.0.1', '127.0.0.2'])
  // Allowed when it is judged, and another address for whoever asks again.
  const { address } = await nameServer((_asked, times) => [times === 0 ? '127.0.0.1' : '127.0.0.2'])
  const way = egress(['127.0.0.1'], [address])
  await sinks[name]?.(way, `rebinding.test:${port}`)
  expect(reached()).not.toEqual([])
  expect(reached().filter((seen) => seen.endsWith('127.0.0.2'))).toEqual([])
})

test.each(names)(
  '%s goes to no port of another protocol, and with no name and password in the address',
  async (name) => {
    const { port, reached } = await canary(['127.0.0.1'])
    const way = egress(['127.0.0.1'])
    for (const address of ['127.0.0.1:25', '127.0.0.1:22', `ada:secret@127.0.0.1:${port}`]) {
      expect(refusals(name), address).toContain(await sinks[name]?.(way, address))
    }
    expect(reached()).toEqual([])
  },
)
