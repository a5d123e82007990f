import { type Instant, millisecondsOf } from '../../../lib/clock.ts'
import { here } from '../../places/place.ts'
import type { Check, ProbeState, Sample, Settled, Thresholds, Track } from '../probe.ts'
import { type Steadiness, freshSteadiness, steadinessAfter, withoutTheLast } from './steadiness.ts'

/** What a place knows of a probe before its first check. */
export function freshState(probeId: string, now: Instant, place: number = here): ProbeState {
  const nothing = { answers: freshTrack(now), speed: freshTrack(now), steadiness: freshSteadiness(now) }
  return { probeId, place, ...nothing, last: null, measuredAt: null }
}

/** Forgets what was settled, because nobody looked for too long. */
export function forgotten(state: ProbeState, now: Instant): ProbeState {
  return { ...freshState(state.probeId, now, state.place), last: state.last }
}

/** The state after one more check: `unknown → up ⇄ suspect → down ⇄ recovering`. */
export function afterCheck(state: ProbeState, check: Check, thresholds: Thresholds): ProbeState {
  const { at, outcome } = check
  // A probe's checks come one after the other: where the last one lies ahead, the machine's clock was set back.
  const isAhead = latest(state.last?.at ?? at, state.steadiness.since) > at
  const known = isAhead ? setBack(state, at) : state
  if (outcome === 'inconclusive') return { ...known, last: check }
  // Of what is known to come and go, failures here and there are no news: it is down when it fails in a row.
  const { failuresNeeded } = thresholds
  const strict = known.steadiness.state === 'intermittent' ? { ...thresholds, failuresOf: failuresNeeded } : thresholds
  const answers = afterSample(known.answers, { at, is: outcome === 'fail' ? 'bad' : 'good' }, strict)
  // An answer that did not come was not slow.
  const speed =
    outcome === 'fail'
      ? known.speed
      : afterSample(known.speed, { at, is: outcome === 'slow' ? 'bad' : 'good' }, thresholds)
  return { ...known, answers, speed, steadiness: steadier(known, answers, check), last: check, measuredAt: at }
}

/** Checks count for how steady it is, unless it is being worked on, or they count for how long it was down. */
function steadier({ answers: before, steadiness }: ProbeState, after: Track, check: Check): Steadiness {
  const { at, outcome } = check
  if (outcome === 'inconclusive' || check.maintained === 'yes' || isBad(before)) return steadiness
  if (!isBad(after)) return steadinessAfter(steadiness, outcome, at)
  const failed = before.recent.filter((sample) => sample.is === 'bad').length
  return withoutTheLast(steadiness, { count: before.recent.length, failed })
}

/** The same state without instants that are still to come: nothing may be said to have happened then. */
function setBack(state: ProbeState, now: Instant): ProbeState {
  const past = (at: Instant): Instant => (at > now ? now : at)
  const track = ({ since, recent, ...rest }: Track): Track => ({
    ...rest,
    since: past(since),
    recent: recent.map((sample) => ({ ...sample, at: past(sample.at) })),
  })
  const { since, failures, goodSince, ...steadiness } = state.steadiness
  return {
    ...state,
    answers: track(state.answers),
    speed: track(state.speed),
    steadiness: {
      ...steadiness,
      since: past(since),
      failures: failures.map(past),
      goodSince: goodSince && past(goodSince),
    },
    measuredAt: state.measuredAt && past(state.measuredAt),
  }
}

type Known = Pick<ProbeState, 'answers' | 'speed' | 'steadiness'>

/** What may be told of this state. */
export function settled({ answers, speed, steadiness }: Known): Settled {
  if (isBad(answers)) return 'down'
  if (answers.state === 'unknown') return 'unknown'
  if (steadiness.state === 'intermittent') return 'intermittent'
  return isBad(speed) ? 'slow' : 'up'
}

/** Since when it has been so, back-dated to the first check that found it so. */
export function settledSince(state: Known): Instant {
  const { answers, speed, steadiness } = state
  switch (settled(state)) {
    case 'down':
    case 'unknown':
      return answers.since
    case 'intermittent':
      return latest(answers.since, steadiness.since)
    case 'slow':
      return latest(answers.since, speed.since, steadiness.since)
    // Recovered in all ways: when the last of them did.
    case 'up':
      return latest(answers.since, steadiness.since, ...(speed.state === 'up' ? [speed.since] : []))
  }
}

function latest(...instants: readonly Instant[]): Instant {
  return instants.reduce((a, b) => (a > b ? a : b))
}

/** Whether the next checks decide something, and so should come sooner. */
export function isUnsettled({ answers, speed }: Known): boolean {
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
function fromUnknown(track: Track, sample: Sample, { failuresNeeded, failuresOf, successesNeeded }: Thresholds): Track {
  const recent = [...track.recent, sample].slice(-Math.max(failuresOf, successesNeeded))
  const firstBad = enoughBad(recent.slice(-failuresOf), failuresNeeded)
  if (firstBad !== null) return { state: 'down', since: firstBad, recent: [] }
  const goods = trailingGood(recent)
  if (goods.length >= successesNeeded) return { state: 'up', since: (goods[0] as Sample).at, recent: [] }
  return { ...track, recent }
}

/** Down after enough failures among so many checks: three of five, or three in a row. */
function fromUp(track: Track, sample: Sample, { failuresNeeded, failuresOf }: Thresholds): Track {
  const recent = stillDangerous([...track.recent, sample], failuresNeeded, failuresOf)
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
function stillDangerous(samples: readonly Sample[], needed: number, window: number): readonly Sample[] {
  for (const [from, sample] of samples.entries()) {
    if (sample.is === 'good') continue
    const rest = samples.slice(from)
    const bad = rest.filter(({ is }) => is === 'bad').length
    if (rest.length <= window && bad + (window - rest.length) >= needed) return rest
  }
  return []
}

/** Where the samples hold enough failures, the instant of the first of them. */
function enoughBad(recent: readonly Sample[], needed: number): Instant | null {
  const bad = recent.filter((sample) => sample.is === 'bad')
  return bad.length >= needed ? (bad[0] as Sample).at : null
}

function trailingGood(samples: readonly Sample[]): readonly Sample[] {
  return samples.slice(samples.findLastIndex((sample) => sample.is === 'bad') + 1)
}
