import type { CheckDetail, Reason } from '../../domain/probes/finding.ts'
import { isMassFailure } from '../../domain/probes/engine/mass-failure.ts'
import type { Line } from './own-line.ts'

/** What must be known of a probe to tell whether its failure is news. */
export interface Doubted {
  readonly job: { readonly id: string }
  readonly hangs: boolean
  readonly isGone: boolean
  /** What it last found was a failure. */
  fails: boolean
  /** Results that are not to be overtaken by later ones. */
  unsettled: number
  settling: Promise<void>
}

interface SettlerParts<Entry extends Doubted> {
  /** Left out: a failure is never our own. */
  weigh?: ((how: 'quickly' | 'thoroughly') => Promise<Line>) | undefined
  answered?: (() => void) | undefined
  steady(): number
  /** How many are watched. */
  enabled(): number
  keep(entry: Entry, at: number, detail: CheckDetail): void
}

/** Within this time failures count as failures at once. */
const onceMs = 60_000

/** Keeps what was found; a failure that is news only after it is clear that it is not our own. */
export function settler<Entry extends Doubted>({ weigh, answered, steady, enabled, keep }: SettlerParts<Entry>) {
  /** When each probe that failed of late last did. */
  const failing = new Map<string, number>()

  function isMassive(id: string): boolean {
    const now = steady()
    failing.delete(id)
    failing.set(id, now)
    for (const [one, since] of failing) {
      if (now - since <= onceMs) break
      failing.delete(one)
    }
    return isMassFailure(failing.size, enabled())
  }

  function put(entry: Entry, at: number, detail: CheckDetail): void {
    if (detail.outcome !== 'inconclusive') entry.fails = detail.outcome === 'fail'
    keep(entry, at, detail)
  }

  return {
    settle(entry: Entry, at: number, detail: CheckDetail): Promise<void> | undefined {
      const isNews = detail.outcome === 'fail' && (entry.hangs || !entry.fails)
      if (detail.outcome === 'pass' || detail.outcome === 'slow') {
        answered?.()
        failing.delete(entry.job.id)
      }
      if (!weigh || (!isNews && entry.unsettled === 0)) {
        put(entry, at, detail)
        return undefined
      }
      const line = isNews ? weigh(isMassive(entry.job.id) ? 'thoroughly' : 'quickly') : null
      entry.unsettled += 1
      entry.settling = entry.settling.then(async () => {
        const isOurs = (await line) === 'offline'
        entry.unsettled -= 1
        if (!entry.isGone) put(entry, at, isOurs ? ours('offline') : detail)
      })
      return entry.settling
    },
  }
}

/** What we could not measure. */
export function ours(reason: Reason): CheckDetail {
  return { outcome: 'inconclusive', reason, ms: null, code: null, phases: null, certificate: null, redirects: 0 }
}
