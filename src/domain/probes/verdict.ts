import { type Instant, millisecondsOf } from '../../lib/clock.ts'
import { here } from '../places/place.ts'
import type { Check, ProbeState, Sample, Settled, Thresholds, Track } from './probe.ts'

/** What a place knows of a probe before its first check. */
export function freshState(probeId: string, now: Instant, place: number = here): ProbeState {
  return { probeId, place, answers: freshTrack(now), speed: freshTrack(now), last: null, measuredAt: null }
}

/** Forgets what was settled, because nobody looked for too long. */
export function forgotten(state: ProbeState, now: Instant): ProbeState {
  return { ...state, answers: freshTrack(now), speed: freshTrack(now), measuredAt: null }
}

/** The state after one more check: `unknown → up ⇄ suspect → down ⇄ recovering`. */
export function afterCheck(state: ProbeState, check: Check, thresholds: Thresholds): ProbeState {
  const { at, outcome } = check
  // A probe's checks come one after the other: where the last one lies ahead, the machine's clock was set back.
  const known = state.last !== null && state.last.at > at ? setBack(state, at) : state
  if (outcome === 'inconclusive') return { ...known, last: check }
  const answers = afterSample(known.answers, { at, is: outcome === 'fail' ? 'bad' : 'good' }, thresholds)
  // An answer that did not come was not slow.
  const speed =
    outcome === 'fail'
      ? known.speed
      : afterSample(known.speed, { at, is: outcome === 'slow' ? 'bad' : 'good' }, thresholds)
  return { ...known, answers, speed, last: check, measuredAt: at }
}

/** The same state without instants that are still to come: nothing may be said to have happened then. */
function setBack(state: ProbeState, now: Instant): ProbeState {
  const past = (at: Instant): Instant => (at > now ? now : at)
  const track = ({ since, recent, ...rest }: Track): Track => ({
    ...rest,
    since: past(since),
    recent: recent.map((sample) => ({ ...sample, at: past(sample.at) })),
  })
  return {
    ...state,
    answers: track(state.answers),
    speed: track(state.speed),
    measuredAt: state.measuredAt && past(state.measuredAt),
  }
}

/** What may be told of this state. */
export function settled({ answers, speed }: Pick<ProbeState, 'answers' | 'speed'>): Settled {
  if (isBad(answers)) return 'down'
  if (answers.state === 'unknown') return 'unknown'
  return isBad(speed) ? 'slow' : 'up'
}

/** Since when it has been so, back-dated to the first check that found it so. */
export function settledSince({ answers, speed }: Pick<ProbeState, 'answers' | 'speed'>): Instant {
  const now = settled({ answers, speed })
  if (now === 'slow') return speed.since
  if (now === 'down') return answers.since
  // Recovered in both ways: when the later of the two did.
  return now === 'up' && speed.state === 'up' && speed.since > answers.since ? speed.since : answers.since
}

/** Whether the next checks decide something, and so should come sooner. */
export function isUnsettled({ answers, speed }: Pick<ProbeState, 'answers' | 'speed'>): boolean {
  const hanging: Track['state'][] = ['unknown', 'suspect', 'recovering']
  // `speed` stays unknown until something answers; that alone is no reason to hurry.
  return hanging.includes(answers.state) || (speed.state !== 'unknown' && hanging.includes(speed.state))
}

/**
 * Whether nothing has been learnt for so long that what was settled is no longer known: two intervals, and the time a
 * check may take.
 */
export function isOutOfSight(
  measuredAt: Instant,
  now: Instant,
  probe: { readonly intervalSeconds: number; readonly timeoutMs: number },
): boolean {
  return millisecondsOf(now) - millisecondsOf(measuredAt) > 2 * probe.intervalSeconds * 1000 + probe.timeoutMs + 1000
}

function freshTrack(now: Instant): Track {
  return { state: 'unknown', since: now, recent: [] }
}

function isBad(track: Track): boolean {
  return track.state === 'down' || track.state === 'recovering'
}

function afterSample(track: Track, sample: Sample, thresholds: Thresholds): Track {
  switch (track.state) {
    case 'unknown':
      return fromUnknown(track, sample, thresholds)
    case 'up':
    case 'suspect':
      return fromUp(track, sample, thresholds)
    case 'down':
    case 'recovering':
      return fromDown(track, sample, thresholds)
  }
}

/** New or resumed: both verdicts need as much as they always do, so the first sample decides nothing. */
function fromUnknown(track: Track, sample: Sample, { failuresNeeded, successesNeeded }: Thresholds): Track {
  const recent = [...track.recent, sample].slice(-windowOf({ failuresNeeded, successesNeeded }))
  const firstBad = enoughBad(recent, failuresNeeded)
  if (firstBad !== null) return { state: 'down', since: firstBad, recent: [] }
  const goods = trailingGood(recent)
  if (goods.length >= successesNeeded) return { state: 'up', since: (goods[0] as Sample).at, recent: [] }
  return { ...track, recent }
}

/** Down after enough failures within two checks more than that: three in a row, or three of five. */
function fromUp(track: Track, sample: Sample, { failuresNeeded }: Thresholds): Track {
  const recent = stillDangerous([...track.recent, sample], failuresNeeded)
  const firstBad = enoughBad(recent, failuresNeeded)
  if (firstBad !== null) return { state: 'down', since: firstBad, recent: [] }
  return { state: recent.length === 0 ? 'up' : 'suspect', since: track.since, recent }
}

/** Up after enough successes in a row; any failure begins the count anew. */
function fromDown(track: Track, sample: Sample, { successesNeeded }: Thresholds): Track {
  if (sample.is === 'bad') return { ...track, state: 'down', recent: [] }
  const recent = [...track.recent, sample]
  if (recent.length >= successesNeeded) return { state: 'up', since: (recent[0] as Sample).at, recent: [] }
  return { ...track, state: 'recovering', recent }
}

/** The samples from the first failure on that could still become enough of them; none if it has become impossible. */
function stillDangerous(samples: readonly Sample[], failuresNeeded: number): readonly Sample[] {
  const window = failuresNeeded + patience
  let from = samples.findIndex((sample) => sample.is === 'bad')
  while (from !== -1) {
    const rest = samples.slice(from)
    const bad = rest.filter((sample) => sample.is === 'bad').length
    if (rest.length <= window && bad + (window - rest.length) >= failuresNeeded) return rest
    const next = rest.slice(1).findIndex((sample) => sample.is === 'bad')
    from = next === -1 ? -1 : from + 1 + next
  }
  return []
}

/** Where the last samples hold enough failures, the instant of the first of them. */
function enoughBad(recent: readonly Sample[], failuresNeeded: number): Instant | null {
  const bad = recent.slice(-(failuresNeeded + patience)).filter((sample) => sample.is === 'bad')
  return bad.length >= failuresNeeded ? (bad[0] as Sample).at : null
}

function trailingGood(samples: readonly Sample[]): readonly Sample[] {
  return samples.slice(samples.findLastIndex((sample) => sample.is === 'bad') + 1)
}

function windowOf({ failuresNeeded, successesNeeded }: Thresholds): number {
  return Math.max(failuresNeeded + patience, successesNeeded)
}

/** How many successes may stand among the failures: with three needed, three of five. */
const patience = 2
