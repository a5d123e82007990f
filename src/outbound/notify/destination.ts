import type { FailureReason } from '../../domain/deliveries/message.ts'
import type { Became } from '../../domain/deliveries/outcomes.ts'
import { type Breaker, breaker, usualBreaker } from './breaker.ts'
import type { Broken } from './wire.ts'

export interface DestinationSettings {
  readonly atOnce: number
  /** Everything that the channel sends goes here. */
  readonly isAll: boolean
}

/** One place that letters are brought to, with those that wait for their turn there. */
export interface Destination<Letter> {
  readonly atOnce: number
  readonly breaker: Breaker
  readonly waiting: Letter[]
  running: number
  /** It kept us waiting last time, or does so now. */
  isSlow: boolean
  /** Why it failed last; null: it works. */
  readonly reason: FailureReason | null
  isAtRest(): boolean
  /** 0: there is room, where so many may wait. Else in how many seconds there will be, each time later. */
  putOff(now: number, mayWait?: number): number
  /** Takes in what became of an attempt; answers what to tell where this one broke it. */
  learn(outcome: Became, tookMs: number): Omit<Broken, 'channel' | 'audience'> | null
}

/** Of the place, and not of the one who is written to. */
const ofThePlace: ReadonlySet<FailureReason> = new Set([
  'unreachable',
  'timed out',
  'insecure',
  'receiver failed',
  'too many at once',
])

/** That we may not write there is said of one address, as long as not all goes by one account or to one gateway of ours. */
function isOfThePlace(reason: FailureReason, isAll: boolean): boolean {
  return ofThePlace.has(reason) || (isAll && (reason === 'not allowed' || reason === 'private address'))
}

/** The others wait in the database, and take no room from other places. */
const mostWaiting = 16

/** Mail counts temporary refusals of single mailboxes among the failures of its server: it takes more of them. */
const breakerOfAll = { ...usualBreaker, after: 10 }

export function destination<Letter>({ atOnce, isAll }: DestinationSettings): Destination<Letter> {
  const own = breaker(isAll ? breakerOfAll : usualBreaker)
  const waiting: Letter[] = []
  let reason: FailureReason | null = null
  let usualMs = 500
  let slot = -Infinity
  const made: Destination<Letter> = {
    atOnce,
    breaker: own,
    waiting,
    running: 0,
    isSlow: false,
    get reason() {
      return reason
    },
    isAtRest: () => made.running === 0 && waiting.length === 0 && !own.isOpen(),
    putOff(now, mayWait = mostWaiting) {
      // Whoever sends everything over one line is given no more than it can take.
      if (isAll || waiting.length < mayWait) return 0
      slot = Math.max(slot, now + mostWaiting * usualMs) + usualMs / atOnce
      return (slot - now) / 1000
    },
    learn(outcome, tookMs) {
      usualMs = 0.9 * usualMs + 0.1 * Math.max(20, tookMs)
      if (outcome.became === 'put off' || ('reason' in outcome && outcome.reason === 'our own fault')) {
        own.undecided()
        return null
      }
      if (outcome.became !== 'later' || !isOfThePlace(outcome.reason, isAll)) {
        // A refusal is an answer too: the place works.
        reason = null
        own.passed()
        return null
      }
      reason = outcome.reason
      const ms = own.failed(performance.now())
      return ms === null ? null : { isAll, reason, openings: own.openings, seconds: ms / 1000 }
    },
  }
  return made
}
