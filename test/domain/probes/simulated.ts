import type { Outcome } from '../../../src/domain/probes/finding.ts'
import type { ProbeState, Thresholds } from '../../../src/domain/probes/probe.ts'
import { confirmSeconds } from '../../../src/domain/probes/verdicts/time-to-notice.ts'
import {
  afterCheck,
  freshState,
  isUnsettled,
  settled,
  settledSince,
} from '../../../src/domain/probes/verdicts/verdict.ts'
import { isWorthTelling } from '../../../src/domain/probes/engine/worth-telling.ts'
import { type Instant, instantOf } from '../../../src/lib/clock.ts'

export const beginning = Date.parse('2026-01-01T00:00:00.000Z')
const at = (seconds: number): Instant => instantOf(beginning + Math.round(seconds * 1000))
export const usual: Thresholds = { failuresNeeded: 3, failuresOf: 5, successesNeeded: 3 }

/** Chance that is the same every time. */
export function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export interface Rhythm {
  readonly intervalSeconds: number
  readonly thresholds: Thresholds
}

/** A probe that knows its target to be well, or not yet anything. */
export function wellAt(seconds: number, { intervalSeconds, thresholds }: Rhythm): ProbeState {
  let state = freshState('p', at(seconds - 10 * intervalSeconds))
  for (let n = 9; n >= 0; n -= 1) state = checked(state, seconds - n * intervalSeconds, 'pass', thresholds)
  return state
}

export function checked(state: ProbeState, seconds: number, outcome: Outcome, thresholds: Thresholds): ProbeState {
  return afterCheck(state, { probeId: 'p', at: at(seconds), outcome, reason: null, ms: 1, code: 200 }, thresholds)
}

/** How long until the next check, as the scheduler has it. */
export function pauseAfter(state: ProbeState, { intervalSeconds }: Rhythm, tookSeconds: number): number {
  return isUnsettled(state) ? Math.max(confirmSeconds(intervalSeconds), tookSeconds) : intervalSeconds
}

/** The engine keeps an incident open until its probe is up, and goes on with it if it fails again within half an hour. */
const reopenSeconds = 30 * 60

/** Incidents opened and reopened a day, of a target whose checks fail by chance, each for itself. */
export function incidentsPerDay(share: number, days: number, rhythm: Rhythm, random: () => number) {
  let state = wellAt(0, rhythm)
  let [opened, reopened, changes] = [0, 0, 0]
  let isOpen = false
  let over = -Infinity
  for (let now = 0; now < days * 86_400; now += pauseAfter(state, rhythm, 0)) {
    const before = settled(state)
    state = checked(state, now, random() < share ? 'fail' : 'pass', rhythm.thresholds)
    const after = settled(state)
    if (before !== after) changes += 1
    const since = (Date.parse(settledSince(state)) - beginning) / 1000
    const isTold = isWorthTelling({ state: after, since: settledSince(state) }, at(now), rhythm)
    if (isTold && !isOpen) {
      if (since - over <= reopenSeconds) reopened += 1
      else opened += 1
      isOpen = true
    } else if (after === 'up' && isOpen) {
      isOpen = false
      over = since
    }
  }
  return { opened: opened / days, reopened: reopened / days, changes: changes / days }
}
