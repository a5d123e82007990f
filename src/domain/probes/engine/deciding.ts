import { type Instant, later } from '../../../lib/clock.ts'
import { type ComponentStatus, type DeclaredStatus, worse } from '../../components/component.ts'

/*
 * What becomes of a failure and of its end, decided from facts alone: the same facts give the same decision, whatever the
 * database does. `disclosing.ts` and `recovering.ts` gather the facts and carry the decision out.
 */

/** Failures of one group, or below one parent, that begin within this time are one incident. */
const togetherSeconds = 10 * 60
/** What fails again within this time after it was over is the same incident, which was not. */
export const reopenSeconds = 30 * 60
/** An incident must not become a flood of updates. */
const mostWords = 6
const betweenWordsSeconds = 10 * 60
/** What comes back so often within this time comes and goes. */
const returnsNeeded = 3
const returnsWithinSeconds = 2 * 3600
/** What is said to come and go and then fails for so long without a break is down. */
export const downForGoodSeconds = 15 * 60
/** How long everything must have worked without a break until an incident is over … */
export const calmSeconds = 10 * 60
/** … and one that is said to come and go. */
const longCalmSeconds = 60 * 60

/** An incident as far as decisions need it. */
export interface Case {
  readonly id: string
  readonly heldBy: 'engine' | 'person'
  /** `no`: a draft of the engine's about what was never found well. Nothing that may be published goes into it. */
  readonly proven: 'yes' | 'no'
  /** Null: a draft. */
  readonly toldAt: Instant | null
  readonly beganAt: Instant
  /** When everything of it was found well; null: it is not. */
  readonly recoveredAt: Instant | null
  readonly overAt: Instant | null
  readonly dismissedAt: Instant | null
  /** Since when it is said to come and go. */
  readonly intermittentAt: Instant | null
  /** When it came back, oldest first. */
  readonly cameBack: readonly Instant[]
  /** How many words probes said on it, and when the last word of anybody was said. */
  readonly words: number
  readonly lastWordAt: Instant | null
  /** What it says of each component that it named; null: nothing any more. */
  readonly says: ReadonlyMap<string, DeclaredStatus | null>
}

/** A probe finds its target in trouble, and what stands around that. */
export interface Failure {
  readonly now: Instant
  /** Since when it fails, as far as that is news. */
  readonly since: Instant
  readonly component: string
  /** What its probes together amount to, by the component's rule. */
  readonly status: ComponentStatus
  readonly policy: 'off' | 'draft' | 'draft-then-publish' | 'publish'
  readonly publishAfterSeconds: number
  /** Whether its probe ever found its target well: if not, the probe itself may be mistaken. */
  readonly proven: 'yes' | 'no'
  readonly actedAt: Instant | null
  /** Why nothing is said yet, although it fails. */
  readonly held: 'mute' | 'maintenance' | 'parent' | null
  /** What fails with it belongs together: its group, and what depends on the same. */
  readonly neighbours: ReadonlySet<string>
  /** Whether it is one of very many that fail at once. */
  readonly massFailure: 'yes' | 'no'
  /** The incident that its failures last went into. */
  readonly own: string | null
  /** Of its parents that fail, the incidents; where it shows as affected by them. */
  readonly below: readonly string[]
  /** Incidents that are open, and those that were over a moment ago. */
  readonly cases: readonly Case[]
}

export type Decision =
  /** It was acted upon, or nothing is to be said of it. */
  | { readonly do: 'nothing' }
  /** Not now: it is asked again, as long as it fails. */
  | { readonly do: 'wait' }
  /** A person holds what it belongs to: they are told, readers are not. */
  | { readonly do: 'leave'; readonly to: string; readonly note: 'fails-too' | 'fails-again' }
  | { readonly do: 'begin'; readonly publishes: 'now' | Instant | null }
  /** It is part of what is open; `speaks`: and readers are told so with a word. */
  | { readonly do: 'join'; readonly to: string; readonly speaks: 'yes' | 'no' }
  /** It was found well, and is not. */
  | { readonly do: 'return'; readonly to: string; readonly as: 'again' | 'reopened' | 'intermittent' }
  /** It is said already that it comes and goes. */
  | { readonly do: 'keep'; readonly to: string }

/** Where a failure goes: into what a person says, back into its last incident, into one beside it, or into a new one. */
export function onFailure(failure: Failure): Decision {
  const { actedAt, policy, status, held, cases, component } = failure
  if (actedAt !== null || policy === 'off') return { do: 'nothing' }
  if (held === 'mute' || held === 'maintenance' || status === 'operational') return { do: 'wait' }
  if (held === 'parent') {
    const isParents = (one: Case): boolean => failure.below.includes(one.id) && isEnginesOpen(one)
    const parent = cases.find((one) => isParents(one) && one.proven === failure.proven)
    return parent ? { do: 'join', to: parent.id, speaks: 'no' } : { do: 'wait' }
  }
  const persons = cases.find((one) => isOpen(one) && one.heldBy === 'person' && isSaidOf(one, component))
  if (persons) return { do: 'leave', to: persons.id, note: 'fails-too' }
  const alike = { ...failure, cases: cases.filter((one) => one.heldBy === 'person' || one.proven === failure.proven) }
  const last = caseOf(alike)
  if (last?.heldBy === 'person' && isOpen(last)) return { do: 'leave', to: last.id, note: 'fails-again' }
  if (last && last.heldBy === 'engine') return goOn(failure, last)
  const beside = alike.cases.find((one) => isEnginesOpen(one) && isBeside(failure, one))
  if (beside) return join(failure, beside)
  // What others found of the same system is being said: who was never right has nothing to add.
  const isSaid = cases.some((one) => isEnginesOpen(one) && isSaidOf(one, component))
  if (isSaid && failure.proven === 'no') return { do: 'wait' }
  return { do: 'begin', publishes: publishing(failure) }
}

/**
 * The incident that this would be again: its own, or one that names its component, or did until a moment ago. What is open
 * comes first: beside one that names the component now, none that was over is opened again.
 */
function caseOf({ own, since, cases, component }: Failure): Case | null {
  const isAgain = (one: Case): boolean =>
    one.dismissedAt === null && (one.overAt === null || one.overAt >= later(since, -reopenSeconds))
  const isOwn = (one: Case): boolean => one.id === own
  const isOfComponent = (one: Case): boolean => one.heldBy === 'engine' && one.says.has(component)
  const again = cases.filter(isAgain)
  const open = again.filter(isOpen)
  return open.find(isOwn) ?? open.find(isOfComponent) ?? again.find(isOwn) ?? again.find(isOfComponent) ?? null
}

function goOn(failure: Failure, last: Case): Decision {
  const isBack =
    last.overAt !== null || (last.toldAt !== null && last.recoveredAt !== null && !isSaidOf(last, failure.component))
  if (last.intermittentAt !== null && last.overAt === null) return { do: 'keep', to: last.id }
  if (!isBack) return join(failure, last)
  if (recentReturns(last, failure.now).length + 1 >= returnsNeeded)
    return { do: 'return', to: last.id, as: 'intermittent' }
  return { do: 'return', to: last.id, as: last.overAt === null ? 'again' : 'reopened' }
}

/** When it came back, as far as that counts still. */
export function recentReturns({ cameBack }: Pick<Case, 'cameBack'>, now: Instant): Instant[] {
  return cameBack.filter((at) => at > later(now, -returnsWithinSeconds)).slice(-returnsNeeded)
}

/** A word only for what it says anew, not too often, and not without end. */
function join({ now, component }: Failure, to: Case): Decision {
  const speaks =
    to.toldAt !== null &&
    !to.says.has(component) &&
    !hasSaidEnough(to) &&
    (to.lastWordAt ?? now) <= later(now, -betweenWordsSeconds)
  return { do: 'join', to: to.id, speaks: speaks ? 'yes' : 'no' }
}

function isBeside({ neighbours, massFailure, since }: Failure, one: Case): boolean {
  const isTogether = one.beganAt >= later(since, -togetherSeconds) && one.beganAt <= later(since, togetherSeconds)
  if (!isTogether) return false
  return massFailure === 'yes' || [...one.says].some(([other, status]) => status !== null && neighbours.has(other))
}

/** What was never found well is shown to a person first, whatever the policy: a slip of the pen is no outage. */
function publishing({ policy, now, publishAfterSeconds, proven }: Failure): 'now' | Instant | null {
  if (proven === 'no') return null
  if (policy === 'publish') return 'now'
  return policy === 'draft-then-publish' ? later(now, publishAfterSeconds) : null
}

function isOpen({ overAt, dismissedAt }: Case): boolean {
  return overAt === null && dismissedAt === null
}

function isEnginesOpen(one: Case): boolean {
  return isOpen(one) && one.heldBy === 'engine'
}

function isSaidOf({ says }: Case, component: string): boolean {
  return (says.get(component) ?? null) !== null
}

function hasSaidEnough({ words }: Pick<Case, 'words'>): boolean {
  return words >= mostWords
}

/** A probe finds its target better than before. */
export interface Recovery {
  readonly component: string
  /** What the component's probes amount to now. */
  readonly status: ComponentStatus
  readonly case: Case | null
  /** The components of the incident that are not known to be well. */
  readonly failing: ReadonlySet<string>
}

export type Relief =
  | { readonly do: 'nothing' }
  | { readonly do: 'leave'; readonly note: 'well-again' | 'well-in-part' }
  /** A draft whose targets are all well was a false alarm, and is kept as one. */
  | { readonly do: 'dismiss' }
  /** One component of several is well again, or not as bad any more: that is true at once, and nothing is said yet. */
  | { readonly do: 'ease'; readonly to: DeclaredStatus }
  /** All is well: it goes on under observation; `quiet`: without a word, and as it is said. */
  | { readonly do: 'observe'; readonly quiet: 'yes' | 'no' }

export function onRecovery({ component, status, case: one, failing }: Recovery): Relief {
  if (one === null || !isOpen(one)) return { do: 'nothing' }
  if (one.heldBy === 'person') return { do: 'leave', note: failing.size > 0 ? 'well-in-part' : 'well-again' }
  if (one.recoveredAt !== null) return { do: 'nothing' }
  if (failing.size > 0) {
    // What comes and goes is said to be impaired until it has been well for long.
    if (one.intermittentAt !== null) return { do: 'nothing' }
    const said = one.says.get(component) ?? null
    if (said === null || status === said || worse(said, status) !== said) return { do: 'nothing' }
    return status === 'unknown' ? { do: 'nothing' } : { do: 'ease', to: status }
  }
  if (one.toldAt === null) return { do: 'dismiss' }
  return { do: 'observe', quiet: one.intermittentAt !== null || hasSaidEnough(one) ? 'yes' : 'no' }
}

/** Whether all of it has worked without a break for long enough. */
export function isOverForGood(
  one: Pick<Case, 'heldBy' | 'overAt' | 'recoveredAt' | 'intermittentAt'>,
  failing: ReadonlySet<string>,
  now: Instant,
  calm: number = calmSeconds,
): boolean {
  if (one.heldBy !== 'engine' || one.overAt !== null || one.recoveredAt === null || failing.size > 0) return false
  return one.recoveredAt <= later(now, -(one.intermittentAt === null ? calm : longCalmSeconds))
}

/** Whether what is said to come and go has stopped coming. */
export function isDownForGood(one: Pick<Case, 'intermittentAt' | 'overAt'>, since: Instant, now: Instant): boolean {
  return one.intermittentAt !== null && one.overAt === null && since <= later(now, -downForGoodSeconds)
}
