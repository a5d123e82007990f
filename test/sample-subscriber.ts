import { usualWishes } from '../src/domain/subscribers/input.ts'
import type { Subscriber } from '../src/domain/subscribers/subscriber.ts'
import type { Instant } from '../src/lib/clock.ts'

/** Cy follows one system, by mail, with quiet nights. */
export function sampleSubscriber(componentId: string): Subscriber {
  const at = '2026-11-02T09:30:00.000Z' as Instant
  return {
    ...usualWishes({ locale: 'en', zone: 'Europe/Lisbon' }),
    scope: { everything: 'no', components: [componentId], groups: [], incidents: [] },
    quiet: { from: '22:00', until: '07:00' },
    id: 'cy',
    channel: 'email',
    target: { address: 'cy@example.org' },
    source: 'form',
    createdAt: at,
    consentedAt: at,
    confirmedAt: at,
    pausedAt: null,
    disabledAt: null,
    disabledBecause: null,
  }
}
