import { expect, onTestFinished, test } from 'vitest'
import { deliveryMeters } from '../../src/domain/deliveries/meters.ts'
import { startNotifier } from '../../src/outbound/notify/notifier.ts'
import { startThread } from '../../src/outbound/notify/thread.ts'
import { delivery, handsOut } from '../domain/deliveries/outbox.ts'
import { mailMeans } from '../outbound/notify/letters.ts'
import { mailServer } from '../outbound/notify/mail-server.ts'
import { isReached, meansFor, reachingWorld } from '../outbound/notify/reached.ts'
import { until } from '../outbound/probing/live.ts'
import { filling } from './filling.ts'

test(
  'a notifier that runs out of memory says so, is started again after a while, and tells everybody once',
  { timeout: 60_000 },
  async () => {
    const server = await mailServer({ encryption: 'none' })
    const here = await reachingWorld()
    const means = meansFor(here, { mail: mailMeans(server.url) })
    let launched = 0
    const said = new Set<string | null>()
    const notifier = startNotifier({ ...here, means, meters: deliveryMeters() }, (settings, listening) => {
      said.add(notifier.problem())
      launched += 1
      return startThread(settings, listening, launched > 2 ? undefined : filling)
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
      'the notifier ran out of memory, and is started again',
      'the notifier ran out of memory, 2 times in a row: it is started again after a while',
    ])
    expect([launched, notifier.problem()]).toEqual([3, null])
  },
)
