import type { Db } from '../../database/database.ts'
import type { Clock, Instant } from '../../lib/clock.ts'
import { clockActor } from '../changes/actor.ts'
import type { Changer } from '../changes/change.ts'
import { readSite } from '../site/queries.ts'
import type { ChannelKind } from '../subscribers/channel.ts'
import type { Alert, Cause } from './alert.ts'
import { causesInWords } from './causes.ts'
import { causesOfOurs } from './causes-of-ours.ts'
import { roster } from './escalating.ts'
import { standingAlerts } from './queries.ts'
import { raise } from './raising.ts'
import { end } from './settling.ts'

export interface AlertWatchParts {
  readonly db: Db
  readonly change: Changer
  readonly clock: Clock
  /** The ways that work here. */
  readonly offered: readonly ChannelKind[]
  readonly backsUp: boolean
  /** What is wrong with the disk, in words. */
  disk(): Promise<string | null>
}

export interface AlertWatch {
  /** Looks once: safe to do twice, in two processes, and safe to miss. */
  look(): Promise<void>
}

/**
 * Calls operators for what waits for a person, and no more for what does not. An alert is the difference between how things
 * are and what was raised: a restart loses nothing, and nothing is called for twice.
 */
export function alertWatch(parts: AlertWatchParts): AlertWatch {
  const { db, change, clock, offered, backsUp } = parts
  const began = clock.now()
  return {
    async look() {
      const disk = await parts.disk()
      const { zone } = await readSite(db)
      const causes = (on: Db, now: Instant): Promise<Cause[]> => causesNow(on, { now, zone, began, backsUp, disk })
      const before = difference(await causes(db, clock.now()), await standingAlerts(db))
      if (before.begun.length + before.gone.length === 0) return
      await change(clockActor, async (it) => {
        // Read again: somebody may have acted meanwhile.
        const { begun, gone } = difference(await causes(it.tx, it.now), await standingAlerts(it.tx))
        const who = await roster(it.tx, offered)
        // First, because what follows from another counts its minutes from it.
        await raise(it, who, begun)
        await end(it, gone)
      })
    },
  }
}

async function causesNow(
  db: Db,
  looking: Parameters<typeof causesInWords>[1] & Parameters<typeof causesOfOurs>[1],
): Promise<Cause[]> {
  return [...(await causesInWords(db, looking)), ...(await causesOfOurs(db, looking))]
}

function difference(
  causes: readonly Cause[],
  standing: readonly Alert[],
): { readonly begun: readonly Cause[]; readonly gone: readonly Alert[] } {
  const key = ({ kind, subject }: { readonly kind: string; readonly subject: string }): string => `${kind}\0${subject}`
  const known = new Set(standing.map(key))
  const found = new Set(causes.map(key))
  return {
    begun: causes.filter((cause) => !known.has(key(cause))),
    gone: standing.filter((alert) => !found.has(key(alert))),
  }
}
