import { inTransaction } from '../../database/database.ts'
import { takeTurn } from '../../database/dialect.ts'
import type { Deps } from '../../deps.ts'
import { here } from '../../domain/places/place.ts'
import { forgive, lastLook, noteLook } from '../../domain/probes/heartbeats/forgiving.ts'
import type { Heartbeat, Sign } from '../../domain/probes/heartbeats/heartbeat.ts'
import { overdueHeartbeats, untakenHeartbeats } from '../../domain/probes/heartbeats/queries.ts'
import { missOf, settleMiss, settleTaken } from '../../domain/probes/heartbeats/taking.ts'
import type { Check } from '../../domain/probes/probe.ts'
import { statesAtOf } from '../../domain/probes/verdicts/states.ts'
import { type Instant, secondsBetween } from '../../lib/clock.ts'
import { type Batch, takeResults } from '../probing/take-results.ts'

export type WatchParts = Pick<Deps, 'db' | 'change' | 'clock'>

export interface HeartbeatWatch {
  /** Looks once: before the first request is answered, and then every second. Throws when something could not be kept. */
  look(): Promise<void>
}

/** Looks come every second: whoever did not look for so long was away, stopped, or could not write. */
const awaySeconds = 10
/** How exactly a restart knows when this one ended. */
const noteEverySeconds = 5

/**
 * Lets what was heard, and what was not, become verdicts like those of any probe. What fell due while nobody could hear
 * anything is forgiven, in the open; everything else stands as it was kept, however often the process is started again.
 */
export function heartbeatWatch(parts: WatchParts): HeartbeatWatch {
  const { db, clock } = parts
  let last: Instant | null = null
  let noted: Instant | null = null

  return {
    async look() {
      const now = clock.now()
      last ??= await lastLook(db)
      // A clock that was set forward looks the same, and is as little their fault.
      if (last !== null && secondsBetween(last, now) > awaySeconds) await comeBack(parts, { from: last, until: now })
      last = null
      await takeSigns(parts, await untakenHeartbeats(db), untakenOf)
      await takeSigns(parts, await overdueHeartbeats(db, now), missOf)
      if (noted === null || Math.abs(secondsBetween(noted, now)) >= noteEverySeconds) {
        await noteLook(db, now)
        noted = now
      }
      last = now
    },
  }
}

/** What was due before still stands at its time; what follows from it in the time between is forgiven with the rest. */
async function comeBack(parts: WatchParts, { from, until }: { from: Instant; until: Instant }): Promise<void> {
  await takeSigns(parts, await untakenHeartbeats(parts.db), untakenOf)
  await takeSigns(parts, await overdueHeartbeats(parts.db, from), missOf)
  await forgive(parts.change, { from, until })
}

function untakenOf({ untaken }: Heartbeat): readonly Sign[] {
  return untaken
}

/** Takes them in as checks; what could not be taken stays where it is, and is tried again. */
async function takeSigns(
  { db, change }: WatchParts,
  heartbeats: readonly Heartbeat[],
  signsOf: (heartbeat: Heartbeat) => readonly Sign[],
): Promise<void> {
  if (heartbeats.length === 0) return
  const ids = heartbeats.map(({ probeId }) => probeId)
  const states = await statesAtOf(db, here, ids)
  const batch: Batch = new Map(
    heartbeats.map((heartbeat) => {
      const known = states.get(heartbeat.probeId)?.last ?? null
      return [heartbeat.probeId, checksOf(heartbeat, notTakenYet(signsOf(heartbeat), known))]
    }),
  )
  try {
    await takeResults({ db, change }, batch)
  } finally {
    const taken = heartbeats.filter(({ probeId }) => !batch.has(probeId))
    await inTransaction(db, async (tx) => {
      await takeTurn(tx)
      for (const heartbeat of taken) {
        await (signsOf === missOf ? settleMiss(tx, heartbeat) : settleTaken(tx, heartbeat))
      }
    })
  }
}

/** A process that ended between taking and settling took up to the last check that is known. */
function notTakenYet(signs: readonly Sign[], last: Check | null): readonly Sign[] {
  const taken = signs.findLastIndex(({ at, outcome }) => last?.at === at && last.outcome === outcome)
  return signs.slice(taken + 1)
}

function checksOf({ probeId }: Heartbeat, signs: readonly Sign[]): Check[] {
  return signs.map(({ at, outcome, reason, code }) => ({ probeId, at, outcome, reason, ms: null, code }))
}
