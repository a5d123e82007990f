import { isDeepStrictEqual } from 'node:util'
import type { CheckDetail } from '../../domain/probes/finding.ts'
import type { Question } from '../../domain/probes/question.ts'
import { clocks } from './clocks.ts'
import { type Findings, findings } from './findings.ts'
import { heap } from './heap.ts'
import { recorder } from './histogram.ts'
import type { Line } from './own-line.ts'
import { type Aside, places } from './places.ts'
import { Queue } from './queue.ts'
import { type Doubted, ours, settler } from './settling.ts'
import { type Rhythm, confirmMs, firstDue, nextSlot, rhythmOf, slotsBetween } from './slots.ts'
import type { Vitals } from './vitals.ts'
import type { ProbeJob, Result } from './wire.ts'

export interface RunnerParts {
  readonly siteId: string
  readonly mostAtOnce?: number
  /** The wall clock, for slots; and the steady one, for everything that lasts. */
  wall(): number
  steady(): number
  targetOf(job: ProbeJob): string
  /** Looking up a name is done `aside`: names that nobody answers for would hold every place there is. */
  check(job: ProbeJob, lookUp: 'fresh' | 'cached', signal: AbortSignal, aside: Aside): Promise<CheckDetail>
  /** Whether a failure that is news may be our own; left out: it never is. */
  weigh?(how: 'quickly' | 'thoroughly'): Promise<Line>
  /** Somebody has answered. */
  answered?(): void
  /** Whether this thread is so busy that what it times is its own slowness. */
  isStrained?(): boolean
}

export interface Runner {
  /** Starts what is due; answers in how many milliseconds the next one is. */
  tick(): number
  setProbes(jobs: readonly ProbeJob[]): void
  /** The same for some of them, and without those that are gone. */
  changeProbes(jobs: readonly ProbeJob[], gone: readonly string[]): void
  setHanging(hangs: Readonly<Record<string, 'yes' | 'no'>>): void
  /** Takes out what was found since the last call, and who could not keep up. */
  drain(): { results: Result[]; overruns: string[] }
  /** How late checks began, and what waits. */
  vitals(): Vitals
  /** Starts nothing more; what still runs after `patienceMs` is broken off, as inconclusive. */
  stop(patienceMs: number): Promise<void>
}

interface Target {
  running: number
  readonly queue: Queue<Entry>
}

interface Entry extends Doubted {
  readonly job: ProbeJob
  readonly rhythm: Rhythm
  readonly target: string
  due: number
  hangs: boolean
  startedAt: number
  running: AbortController | null
  /** Its time has come, and it waits for its turn. */
  isQueued: boolean
  isGone: boolean
}

const mostPerTarget = 2

/** Decides what is checked when: single flight per probe, bounded in all and per target. No timers of its own. */
export function runner(parts: RunnerParts): Runner {
  const { mostAtOnce = 64 } = parts
  const entries = new Map<string, Entry>()
  const targets = new Map<string, Target>()
  const underWay = new Set<Promise<void>>()
  const due = heap<Entry>()
  const ready = new Queue<Entry>()
  const atWork = places(mostAtOnce, () => startReady())
  const found: Findings = findings()
  const lateness = recorder()
  const time = clocks(parts)
  const { settle } = settler<Entry>({
    weigh: parts.weigh,
    answered: parts.answered,
    steady: parts.steady,
    enabled: () => entries.size,
    keep,
  })
  let overruns = new Set<string>()
  let stopped = false

  function tick(): number {
    const { now, isAnew } = time.look()
    if (isAnew) beginAnew(now)
    takeDue(now)
    startReady()
    return due.firstAt() - now
  }

  function beginAnew(now: number): void {
    due.clear()
    for (const entry of entries.values()) {
      if (!entry.isQueued) setDue(entry, firstDue(now, entry.rhythm))
    }
  }

  function setDue(entry: Entry, at: number): void {
    entry.due = at
    due.put(at, entry)
  }

  function takeDue(now: number): void {
    while (due.firstAt() <= now) {
      const next = due.take()
      // Put off, brought forward or removed meanwhile: another line of the heap holds it.
      if (!next || next.item.isGone || next.item.isQueued || next.item.due !== next.at) continue
      const entry = next.item
      if (now - entry.due > entry.rhythm.intervalMs) overruns.add(entry.job.id)
      if (entry.running) {
        overruns.add(entry.job.id)
        setDue(entry, nextSlot(now, entry.rhythm))
      } else {
        entry.isQueued = true
        ready.put(entry)
      }
    }
  }

  function startReady(): void {
    while (!stopped && atWork.areLeft) {
      const entry = ready.take()
      if (!entry) return
      if (entry.isGone) continue
      const target = targets.get(entry.target) ?? { running: 0, queue: new Queue<Entry>() }
      targets.set(entry.target, target)
      if (target.running >= mostPerTarget) target.queue.put(entry)
      else start(entry, target)
    }
  }

  function start(entry: Entry, target: Target): void {
    const now = parts.wall()
    const abort = new AbortController()
    const begun = parts.steady()
    lateness.add(Math.max(0, now - entry.due))
    if (now - entry.due > entry.rhythm.intervalMs) overruns.add(entry.job.id)
    entry.isQueued = false
    entry.running = abort
    entry.startedAt = now
    setDue(entry, nextSlot(now, entry.rhythm))
    target.running += 1
    atWork.take()
    const run = parts
      .check(entry.job, entry.hangs ? 'fresh' : 'cached', abort.signal, atWork.aside)
      // A bug in a kind is our fault: it must neither end the worker nor count against the other side.
      .catch(() => ours('prober'))
      .then((detail) => {
        atWork.leave()
        letNextIn(entry.target, target)
        if (entry.isGone || entry.running !== abort) return undefined
        entry.running = null
        const sure = isSure(detail, begun) ? detail : ours('prober')
        again(entry, parts.steady() - begun, sure)
        return settle(entry, begun, sure)
      })
      .finally(() => underWay.delete(run))
    underWay.add(run)
  }

  function letNextIn(name: string, target: Target): void {
    target.running -= 1
    const next = target.queue.take()
    if (next) ready.put(next)
    else if (target.running === 0) targets.delete(name)
    startReady()
  }

  /** Whether it says something of the other side: we neither slept meanwhile, nor timed our own slowness. */
  function isSure({ outcome }: CheckDetail, begun: number): boolean {
    if (outcome === 'pass' || outcome === 'inconclusive') return true
    return time.ranSince(begun) && !(outcome === 'slow' && parts.isStrained?.() === true)
  }

  /** When it is due next: in its slot, or sooner if a verdict waits for it. Slots that it overran are skipped. */
  function again(entry: Entry, lasted: number, { outcome }: CheckDetail): void {
    const end = entry.startedAt + lasted
    if (slotsBetween(entry.startedAt, end, entry.rhythm) > 0) overruns.add(entry.job.id)
    if (outcome === 'fail' && !(entry.fails && !entry.hangs)) entry.hangs = true
    // By the clock as it is now: it may have been set since the check began.
    putOff(entry, parts.wall())
  }

  function putOff(entry: Entry, now: number): void {
    const slot = nextSlot(now, entry.rhythm)
    const at = entry.hangs
      ? Math.min(slot, Math.max(now, entry.startedAt + confirmMs(entry.rhythm.intervalMs, entry.job.confirmMs)))
      : slot
    if (at !== entry.due) setDue(entry, at)
  }

  function keep(entry: Entry, at: number, { outcome, reason, ms, code, phases, certificate }: CheckDetail): void {
    const counts = entry.hangs || outcome !== 'pass'
    const trace = counts && (phases || certificate) ? { trace: { phases, certificate } } : {}
    found.put({ probeId: entry.job.id, at, outcome, reason, ms, code, counts, ...trace })
  }

  function learn(job: ProbeJob, now: number): void {
    const known = entries.get(job.id)
    const rhythm = rhythmOf(job.id, parts.siteId, job.intervalMs)
    if (known && isDeepStrictEqual(known.job, { ...job, hangs: known.job.hangs })) return
    const isSameQuestion = known && isDeepStrictEqual(questionOf(known.job), questionOf(job))
    const entry: Entry = {
      job,
      rhythm,
      target: parts.targetOf(job),
      due: Infinity,
      hangs: isSameQuestion ? known.hangs : job.hangs === 'yes',
      startedAt: isSameQuestion ? known.startedAt : -Infinity,
      running: null,
      isQueued: false,
      isGone: false,
      fails: isSameQuestion ? known.fails : false,
      unsettled: 0,
      settling: Promise.resolve(),
    }
    // What the old question finds does not answer the new one; and a new rhythm begins with a new check.
    if (known) forget(known, 'The probe was changed.')
    entries.set(job.id, entry)
    setDue(entry, firstDue(now, rhythm))
  }

  function forget(entry: Entry, why: string): void {
    entry.isGone = true
    entry.running?.abort(new Error(why))
    entries.delete(entry.job.id)
  }

  return {
    tick,
    setProbes(jobs) {
      const kept = new Set(jobs.map((job) => job.id))
      this.changeProbes(
        jobs,
        [...entries.keys()].filter((id) => !kept.has(id)),
      )
    },
    changeProbes(jobs, gone) {
      const now = parts.wall()
      for (const id of gone) {
        const entry = entries.get(id)
        if (entry) forget(entry, 'The probe is gone.')
      }
      for (const job of jobs) learn(job, now)
    },
    setHanging(hangs) {
      const now = parts.wall()
      for (const [id, how] of Object.entries(hangs)) {
        const entry = entries.get(id)
        if (!entry) continue
        entry.hangs = how === 'yes'
        if (!entry.running && !entry.isQueued) putOff(entry, now)
      }
    },
    drain() {
      const now = parts.steady()
      const results = found.takeAll().map(({ at, probeId, outcome, reason, ms, code, trace }) => ({
        probeId,
        ageMs: Math.round(now - at),
        outcome,
        reason,
        ms,
        code,
        ...(trace ? { trace } : {}),
      }))
      const drained = { results, overruns: [...overruns] }
      overruns = new Set()
      return drained
    },
    vitals: () => ({
      lateness: lateness.read(),
      probes: entries.size,
      running: atWork.taken,
      queued: ready.size + [...targets.values()].reduce((sum, { queue }) => sum + queue.size, 0),
      waiting: found.size,
      dropped: found.dropped,
    }),
    async stop(patienceMs) {
      stopped = true
      const timer = setTimeout(() => {
        for (const entry of entries.values()) entry.running?.abort(new Error('The prober stops.'))
      }, patienceMs)
      await Promise.all(underWay)
      clearTimeout(timer)
    },
  }
}

function questionOf({ kind, spec, expects, timeoutMs, locked }: ProbeJob): Question {
  return { kind, spec, expects, timeoutMs, ...(locked ? { locked } : {}) }
}
