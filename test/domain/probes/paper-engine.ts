import {
  type Case,
  type Failure,
  isOverForGood,
  onFailure,
  onRecovery,
  recentReturns,
} from '../../../src/domain/probes/engine/deciding.ts'
import type { DeclaredStatus } from '../../../src/domain/components/component.ts'
import { type Instant, instantOf, millisecondsOf } from '../../../src/lib/clock.ts'

/** A probe of the paper world: what it watches, what it belongs to, what is found of it now. */
export interface PaperProbe {
  readonly component: string
  readonly group: string | null
  readonly parent: number | null
  readonly policy: Failure['policy']
}

export interface Turn {
  /** Seconds since the turn before. */
  readonly after: number
  readonly probe: number
  readonly to: 'up' | 'slow' | 'down'
}

interface Known {
  state: Turn['to']
  since: Instant
  own: string | null
  actedAt: Instant | null
}

type Writable = { -readonly [Key in keyof Case]: Case[Key] } & { says: Map<string, DeclaredStatus | null> }

/** Every word and turn of an incident, in the order in which it came about. */
export interface Story {
  readonly case: Case
  readonly line: { readonly at: Instant; readonly what: string; readonly component: string }[]
}

/** The engine with its decisions carried out on paper: what the database does with them, and nothing else. */
export function paperEngine(probes: readonly PaperProbe[], turns: readonly Turn[]): Story[] {
  const begin = instantOf(Date.UTC(2026, 10, 21, 12))
  const known = probes.map((): Known => ({ state: 'up', since: begin, own: null, actedAt: null }))
  const stories: { case: Writable; line: { at: Instant; what: string; component: string }[] }[] = []
  let now = begin

  const statusOf = (component: string): DeclaredStatus => {
    const states = known.filter((_, at) => probes[at]?.component === component).map(({ state }) => state)
    return states.includes('down') ? 'major_outage' : states.includes('slow') ? 'degraded_performance' : 'operational'
  }
  const failing = (id: string): Set<string> =>
    new Set(
      probes
        .filter((_, at) => known[at]?.own === id && known[at].state !== 'up')
        .map(({ component }) => component)
        .filter((component) => statusOf(component) !== 'operational'),
    )
  const say = (story: (typeof stories)[number], what: string, component: string): void => {
    story.line.push({ at: now, what, component })
    if (what === 'eased' || what === 'joined' || what === 'drafted') return
    if (what !== 'resolved') story.case.words += 1
    story.case.lastWordAt = now
  }

  const fail = (at: number): void => {
    const { component, group, parent, policy } = probes[at]!
    const one = known[at]!
    const decision = onFailure({
      now,
      since: one.since,
      component,
      status: statusOf(component),
      policy,
      publishAfterSeconds: 300,
      proven: 'yes',
      actedAt: one.actedAt,
      held: parent !== null && known[parent]?.state === 'down' ? 'parent' : null,
      neighbours: new Set(
        probes
          .filter((other) => other.component === component || (group && other.group === group))
          .map((p) => p.component),
      ),
      massFailure: 'no',
      own: one.own,
      below: [],
      cases: stories.map((story) => story.case).toReversed(),
    })
    if (decision.do === 'nothing' || decision.do === 'wait') return
    one.actedAt = now
    if (decision.do === 'begin') {
      const id = `case-${stories.length + 1}`
      const told = decision.publishes === 'now'
      const story = {
        case: {
          id,
          heldBy: 'engine' as const,
          proven: 'yes' as const,
          toldAt: told ? now : null,
          beganAt: one.since,
          recoveredAt: null,
          overAt: null,
          dismissedAt: null,
          intermittentAt: null,
          cameBack: [] as readonly Instant[],
          words: 1,
          lastWordAt: told ? now : null,
          says: new Map<string, DeclaredStatus | null>([[component, statusOf(component)]]),
        },
        line: [] as { at: Instant; what: string; component: string }[],
      }
      stories.push(story)
      story.line.push({ at: now, what: told ? 'opened' : 'drafted', component })
      one.own = id
      return
    }
    const story = stories.find((each) => each.case.id === decision.to)!
    one.own = decision.to
    const { case: it } = story
    it.recoveredAt = null
    if (decision.do === 'keep') return
    if (decision.do === 'join') {
      it.says.set(component, statusOf(component))
      if (one.since < it.beganAt) it.beganAt = one.since
      say(story, decision.speaks === 'yes' ? 'widened' : 'joined', component)
      return
    }
    if (decision.do !== 'return') throw new Error('No person is in this world.')
    it.overAt = null
    it.cameBack = [...recentReturns(it, now), now]
    if (decision.as === 'intermittent') it.intermittentAt = now
    it.says.set(component, decision.as === 'intermittent' ? 'degraded_performance' : statusOf(component))
    say(story, decision.as, component)
  }

  const relieve = (at: number): void => {
    const one = known[at]!
    const story = stories.find((each) => each.case.id === one.own)
    if (!story) return
    const { component } = probes[at]!
    const relief = onRecovery({
      component,
      status: statusOf(component),
      case: story.case,
      failing: failing(story.case.id),
    })
    if (relief.do === 'dismiss') {
      story.case.dismissedAt = now
      story.line.push({ at: now, what: 'dismissed', component })
    }
    if (relief.do === 'ease') {
      story.case.says.set(component, relief.to === 'operational' ? null : relief.to)
      say(story, 'eased', component)
    }
    if (relief.do !== 'observe') return
    story.case.recoveredAt = now
    if (relief.quiet === 'yes') return
    for (const key of story.case.says.keys()) story.case.says.set(key, null)
    say(story, 'recovered', component)
  }

  /** What happens by itself: drafts publish themselves, what is calm is over, what waited is asked again. */
  const jobs = (): void => {
    for (const story of stories) {
      const { case: it } = story
      const policy = probes.find(({ component }) => it.says.has(component))?.policy
      const isDue = (): boolean => millisecondsOf(now) - millisecondsOf(it.beganAt) > 300_000
      if (it.toldAt === null && it.dismissedAt === null && policy === 'draft-then-publish' && isDue()) {
        it.toldAt = now
        story.line.push({ at: now, what: 'opened', component: '' })
        it.lastWordAt = now
      }
      if (it.dismissedAt !== null || !isOverForGood(it, failing(it.id), now)) continue
      it.overAt = it.recoveredAt
      it.intermittentAt = null
      for (const key of it.says.keys()) it.says.set(key, null)
      say(story, 'resolved', '')
    }
    known.forEach(({ state, actedAt }, at) => {
      if (state !== 'up' && actedAt === null) fail(at)
    })
  }

  /** Whether nothing can happen by itself, however much time passes. */
  const isQuiet = (): boolean =>
    stories.every(({ case: it }) => it.overAt !== null || it.dismissedAt !== null) &&
    known.every(({ state, actedAt }) => state === 'up' || actedAt !== null)

  const advance = (seconds: number): void => {
    let at = millisecondsOf(now)
    const until = at + seconds * 1000
    while (at < until) {
      at = isQuiet() ? until : Math.min(until, at + 60_000)
      now = instantOf(at)
      jobs()
    }
  }

  for (const { after, probe, to } of turns) {
    advance(after)
    const one = known[probe]!
    if (one.state === to) continue
    const from = one.state
    if (from === 'slow' && to === 'down') one.actedAt = null
    one.state = to
    one.since = now
    if (to === 'up' || from === 'down') relieve(probe)
    if (to === 'up') one.actedAt = null
    else fail(probe)
  }
  // In the end all is well, for long.
  advance(1)
  for (const [at, one] of known.entries()) {
    if (one.state === 'up') continue
    one.state = 'up'
    one.since = now
    relieve(at)
    one.actedAt = null
  }
  advance(2 * 3600)
  return stories
}
