import { expect, onTestFinished, test } from 'vitest'
import { deliveryMeters } from '../../src/domain/deliveries/meters.ts'
import { startNotifier } from '../../src/outbound/notify/notifier.ts'
import { startSending } from '../../src/outbound/notify/thread.ts'
import { delivery, handsOut } from '../domain/deliveries/outbox.ts'
import { mailMeans } from '../outbound/notify/letters.ts'
import { mailServer } from '../outbound/notify/mail-server.ts'
import { isReached, meansFor, reachingWorld } from '../outbound/notify/reached.ts'
import { until } from '../outbound/probing/live.ts'
import { filling } from './filling.ts'

test('a notifier that runs out of memory says so, is started again after a while, and tells everybody once', async () => {
  const server = await mailServer({ encryption: 'none' })
  const here = await reachingWorld()
  const means = meansFor(here, { mail: mailMeans(server.url) })
  let launched = 0
  const said = new Set<string | null>()
  const notifier = startNotifier({ ...here, means, meters: deliveryMeters() }, (settings, listening) => {
    said.add(notifier.problem())
    launched += 1
    return startSending(settings, listening, launched > 2 ? undefined : filling)
  })
  onTestFinished(() => notifier.stop())
  await isReached(here, 'ada', 'email', { address: 'ada@example.org' })
  await isReached(here, 'cy', 'email', { address: 'cy@example.org' })
  const one = await handsOut(here, { to: ['ada', 'cy'] })
  notifier.wake()
  await until('both are told', async () => {
    // What is put off waits by the product's clock.
    here.clock.advance('1s')
    const [ada, cy] = [await delivery(here, one, 'ada'), await delivery(here, one, 'cy')]
    return ada.outcome === 'accepted' && cy.outcome === 'accepted'
  })
  expect(server.taken.flatMap(({ to }) => to).toSorted()).toEqual(['ada@example.org', 'cy@example.org'])
  expect([...said]).toEqual([
    null,
    'the notifier ran out of memory; it is started again when something is to be sent',
    'the notifier ran out of memory, 2 times in a row; it is started again when something is to be sent',
  ])
  expect([launched, notifier.problem()]).toEqual([3, null])
})

test('a notifier that cannot be started is named, and what was due is sent by the next', async () => {
  const server = await mailServer({ encryption: 'none' })
  const here = await reachingWorld()
  const means = meansFor(here, { mail: mailMeans(server.url) })
  const said = new Set<string | null>()
  const notifier = startNotifier({ ...here, means, meters: deliveryMeters() }, (settings, listening) => {
    said.add(notifier.problem())
    return startSending(settings, listening, said.size > 1 ? undefined : new URL('http://nowhere.example/'))
  })
  onTestFinished(() => notifier.stop())
  await isReached(here, 'ada', 'email', { address: 'ada@example.org' })
  const one = await handsOut(here, { to: ['ada'] })
  notifier.wake()
  await until('she is told', async () => {
    here.clock.advance('1s')
    return (await delivery(here, one, 'ada')).outcome === 'accepted'
  })
  expect([...said]).toEqual([
    null,
    'the notifier failed (the log says why); it is started again when something is to be sent',
  ])
  expect(notifier.problem()).toBe(null)
})

test('a notifier that never answers is named and given up, also where it cannot even be ended', async () => {
  const here = await reachingWorld()
  const means = meansFor(here, { mail: mailMeans('smtp://127.0.0.1:1') })
  const mute = () => ({ tell: () => undefined, end: () => undefined })
  const notifier = startNotifier({ ...here, means, meters: deliveryMeters() }, mute, { silenceMs: 0 })
  await isReached(here, 'ada', 'email', { address: 'ada@example.org' })
  await handsOut(here, { to: ['ada'] })
  notifier.wake()
  await until('it is named', () => notifier.problem() !== null)
  expect(notifier.problem()).toBe('the notifier did not answer; it is started again when something is to be sent')
  // With nobody under way: it waits for none of them.
  await notifier.stop()
})
