import type { Deps } from '../../deps.ts'
import { claimDue } from '../../domain/deliveries/claim.ts'
import { takeOutcomes } from '../../domain/deliveries/outcomes.ts'
import { soonestDue } from '../../domain/deliveries/waiting.ts'
import type { Egress } from '../../lib/egress.ts'
import type { Means } from './means.ts'
import { sayOnce } from './said-once.ts'
import { sender } from './sender.ts'
import { underWay as nothingUnderWay } from './under-way.ts'

export type DeliverParts = Pick<Deps, 'config' | 'db' | 'clock' | 'vault' | 'log'> & {
  readonly means: Means
  readonly egress: Egress
  readonly slowMs?: number
}

/**
 * Sends everything that is due now and writes down what became of it, as the notifier does with its thread, in this one: for
 * commands and tests.
 */
export async function deliverDue({
  config,
  db,
  clock,
  vault,
  log,
  means,
  egress,
  slowMs,
}: DeliverParts): Promise<void> {
  const by = 'this one'
  const underWay = nothingUnderWay()
  let told = Promise.withResolvers<void>()
  const letters = sender({
    vault,
    url: config.url,
    means,
    egress,
    clock,
    done({ id, outcome }) {
      underWay.end(id, outcome)
      told.resolve()
    },
    broken: (which) => underWay.pause(which),
    slow(id) {
      underWay.slow(id)
      told.resolve()
    },
    fault: sayOnce(log).fault,
    ...(slowMs === undefined ? {} : { slowMs }),
  })
  try {
    for (;;) {
      told = Promise.withResolvers()
      const endings = underWay.endings(100)
      if (endings.length > 0) {
        await takeOutcomes(db, endings, { by, now: clock.now(), firstSeconds: config.deliveryRetrySeconds })
        underWay.written(endings)
        continue
      }
      let found = false
      for (const { channel, audience, at } of await soonestDue(db)) {
        const most = Math.min(60, underWay.room(channel, audience))
        if (at === null || at > clock.now() || most === 0) continue
        const batch = await claimDue(db, { by, now: clock.now(), channel, audience, most })
        if (!batch) continue
        found = true
        letters.take({ ...batch, errands: underWay.add(batch.claims) })
      }
      if (found) continue
      if (underWay.size === 0) return
      await told.promise
    }
  } finally {
    await letters.stop(0)
  }
}
