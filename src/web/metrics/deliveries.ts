import type { Deps } from '../../deps.ts'
import { longestWait, waitingCounts } from '../../domain/deliveries/waiting.ts'
import { type Family, gauge } from '../../lib/exposition.ts'

/** What is brought to subscribers, operators and accounts: by channel and outcome, never by whom. */
export async function deliveryFamilies({
  db,
  clock,
  deliveryMeters,
}: Pick<Deps, 'db' | 'clock' | 'deliveryMeters'>): Promise<Family[]> {
  const waiting = [...(await waitingCounts(db))]
  return [
    {
      name: 'candor_deliveries',
      help: 'Attempts to bring a letter to somebody, by what became of them.',
      type: 'counter',
      samples: deliveryMeters.outcomes.read(),
    },
    {
      name: 'candor_deliveries_waiting',
      help: 'Deliveries that are not done: due later, under way, or to be tried again.',
      type: 'gauge',
      samples: waiting.map(([channel, value]) => ({ labels: { channel }, value })),
    },
    gauge(
      'candor_deliveries_longest_wait_seconds',
      'For how long a delivery has been due that nobody has taken up.',
      await longestWait(db, clock.now()),
    ),
    gauge('candor_deliveries_under_way', 'Letters that this process is sending.', deliveryMeters.now.underWay),
    gauge(
      'candor_deliveries_broken_destinations',
      'Destinations that this process spares, because nothing got through.',
      deliveryMeters.now.broken,
    ),
  ]
}
