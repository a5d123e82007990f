import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { deliveryMeters } from '../../../src/domain/deliveries/meters.ts'
import { startNotifier } from '../../../src/outbound/notify/notifier.ts'
import { delivery, handsOut } from '../../domain/deliveries/outbox.ts'
import { until } from '../probing/live.ts'
import type { World } from '../../world.ts'
import { mailMeans } from './letters.ts'
import { mailServer } from './mail-server.ts'
import { isReached, meansFor, reachingWorld } from './reached.ts'

async function withNotifier(smtpUrl: string) {
  const here: World = await reachingWorld()
  const meters = deliveryMeters()
  const means = meansFor(here, { mail: mailMeans(smtpUrl) })
  const notifier = startNotifier({ ...here, means, meters })
  onTestFinished(() => notifier.stop())
  return { here, meters, notifier }
}

test('what is due is sent by a thread of its own, written down and counted', { timeout: 40_000 }, async () => {
  const server = await mailServer({ encryption: 'none' })
  const { here, meters, notifier } = await withNotifier(server.url)
  await isReached(here, 'ada', 'email', { address: 'ada@example.org' })
  const one = await handsOut(here, { to: ['ada'] })
  notifier.wake()
  await until('it is written down', async () => (await delivery(here, one, 'ada')).outcome !== null)
  expect(await delivery(here, one, 'ada')).toMatchObject({ outcome: 'accepted', claimed_by: null })
  expect(server.taken.map(({ to }) => to)).toEqual([['ada@example.org']])
  expect(meters.outcomes.read()).toEqual([{ labels: { channel: 'email', outcome: 'accepted' }, value: 1 }])
})

test('whoever stops lets go of what was not sent, so that the next sends it at once', { timeout: 40_000 }, async () => {
  const asked = Promise.withResolvers<void>()
  // It greets, and then says nothing any more.
  const mute = createServer((socket) => {
    socket.write('220 mute ESMTP\r\n')
    socket.on('data', () => asked.resolve())
    socket.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void mute.close())
  const { port } = mute.address() as { port: number }
  const { here, notifier } = await withNotifier(`smtp://127.0.0.1:${port}?tls=never`)
  await isReached(here, 'ada', 'email', { address: 'ada@example.org' })
  const one = await handsOut(here, { to: ['ada'] })
  notifier.wake()
  await asked.promise
  expect((await delivery(here, one, 'ada')).claimed_by).not.toBeNull()
  await notifier.stop()
  expect(await delivery(here, one, 'ada')).toMatchObject({ outcome: null, claimed_by: null })
})

test('whoever stops does not wait for a thread that cannot end', async () => {
  const here: World = await reachingWorld()
  const means = meansFor(here, { mail: mailMeans('smtp://127.0.0.1:1?tls=never') })
  const deaf = () => ({ tell: () => undefined, end: () => undefined })
  const waits = { patienceMs: 0, endingMs: 0 }
  const notifier = startNotifier({ ...here, means, meters: deliveryMeters() }, deaf, waits)
  await isReached(here, 'ada', 'email', { address: 'ada@example.org' })
  const one = await handsOut(here, { to: ['ada'] })
  notifier.wake()
  await until('it is claimed', async () => (await delivery(here, one, 'ada')).claimed_by !== null)
  await notifier.stop()
  // Somebody may have it: it stays the letter that it is.
  expect(await delivery(here, one, 'ada')).toMatchObject({ outcome: null, claimed_by: null, lead: one })
})
