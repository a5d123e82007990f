import { isDeepStrictEqual } from 'node:util'
import type { CheckDetail } from '../../domain/probes/finding.ts'
import type { Question } from '../../domain/probes/rules.ts'
import { type Rhythm, confirmMs, firstDue, hasJumped, nextSlot, rhythmOf, slotsBetween } from './slots.ts'
import type { ProbeJob, Result } from './wire.ts'

export interface RunnerParts {
  readonly siteId: string
  /** The wall clock, for slots; and the steady one, for everything that lasts. */
  wall(): number
  steady(): number
  targetOf(job: ProbeJob): string
  check(job: ProbeJob, lookUp: 'fresh' | 'cached', signal: AbortSignal): Promise<CheckDetail>
}

export interface Runner {
  /** Starts what is due. Called ten times a second. */
  tick(): void
  setProbes(jobs: readonly ProbeJob[]): void
  setHanging(hangs: Readonly<Record<string, 'yes' | 'no'>>): void
  /** Takes out what was found since the last call, and who could not keep up. */
  drain(): { results: Result[]; overruns: string[] }
  /** Starts nothing more; what still runs after `patienceMs` is broken off, as inconclusive. */
  stop(patienceMs: number): Promise<void>
}

interface Entry {
  job: ProbeJob
  rhythm: Rhythm
  target: string
  due: number
  hangs: boolean
  startedAt: number
  running: AbortController | null
}

interface Finding extends Omit<Result, 'ageMs'> {
  readonly at: number
  /** Whether a verdict may rest on it, so that it is never dropped. */
  readonly counts: boolean
}

const mostAtOnce = 64
const mostPerTarget = 2
const mostWaiting = 10_000
/** A loop that stood still for longer has measured itself, not the others. */
const standstillMs = 300

/** Decides what is checked when: single flight per probe, bounded in all and per target. No timers of its own. */
export function runner(parts: RunnerParts): Runner {
  const entries = new Map<string, Entry>()
  const perTarget = new Map<string, number>()
  const underWay = new Set<Promise<void>>()
  let findings: Finding[] = []
  let overruns = new Set<string>()
  let last = { wall: parts.wall(), steady: parts.steady() }
  let standstillAt = -Infinity
  let stopped = false

  function tick(): void {
    const now = parts.wall()
    const steady = parts.steady()
    if (steady - last.steady > standstillMs) standstillAt = steady
    if (hasJumped(now - last.wall, steady - last.steady)) {
      for (const entry of entries.values()) entry.due = firstDue(now, entry.rhythm)
    }
    last = { wall: now, steady }
    startDue(now)
  }

  function startDue(now: number): void {
    if (stopped) return
    const due = [...entries.values()].filter((entry) => entry.due <= now)
    for (const entry of due.sort((a, b) => a.due - b.due)) {
      if (entry.running || now - entry.due > entry.rhythm.intervalMs) overruns.add(entry.job.id)
      if (entry.running) entry.due = nextSlot(now, entry.rhythm)
      else if (underWay.size < mostAtOnce && (perTarget.get(entry.target) ?? 0) < mostPerTarget) start(entry, now)
    }
  }

  function start(entry: Entry, now: number): void {
    const { job, target, rhythm } = entry
    const running = new AbortController()
    const begun = parts.steady()
    entry.running = running
    entry.startedAt = now
    entry.due = nextSlot(now, rhythm)
    perTarget.set(target, (perTarget.get(target) ?? 0) + 1)
    const run = parts
      .check(job, entry.hangs ? 'fresh' : 'cached', running.signal)
      // A bug in a kind is our fault: it must neither end the worker nor count against the other side.
      .catch(() => ours('prober'))
      .then((detail) => {
        const done = parts.steady()
        perTarget.set(target, (perTarget.get(target) ?? 1) - 1)
        if (perTarget.get(target) === 0) perTarget.delete(target)
        const sure = standstillAt < begun || detail.outcome === 'pass' ? detail : ours('prober')
        if (entries.get(job.id) !== entry || entry.running !== running) return
        entry.running = null
        keep(entry, begun, sure)
        again(entry, done - begun, sure)
      })
      .finally(() => underWay.delete(run))
    underWay.add(run)
  }

  /** When it is due next: in its slot, or sooner if a verdict waits for it. Slots that it overran are skipped. */
  function again(entry: Entry, lasted: number, { outcome }: CheckDetail): void {
    const end = entry.startedAt + lasted
    if (slotsBetween(entry.startedAt, end, entry.rhythm) > 0) overruns.add(entry.job.id)
    entry.due = nextSlot(end, entry.rhythm)
    if (outcome === 'fail') entry.hangs = true
    if (entry.hangs) hasten(entry)
  }

  function hasten(entry: Entry): void {
    entry.due = Math.min(entry.due, entry.startedAt + confirmMs(entry.rhythm.intervalMs))
  }

  function keep(entry: Entry, at: number, { outcome, reason, ms, code }: CheckDetail): void {
    const counts = entry.hangs || outcome !== 'pass'
    findings.push({ probeId: entry.job.id, at, outcome, reason, ms, code, counts })
    if (findings.length <= mostWaiting) return
    const dispensable = findings.findIndex((finding) => !finding.counts)
    if (dispensable !== -1) findings.splice(dispensable, 1)
  }

  return {
    tick,
    setProbes(jobs) {
      const now = parts.wall()
      const kept = new Set(jobs.map((job) => job.id))
      for (const [id, entry] of entries) {
        if (kept.has(id)) continue
        entry.running?.abort(new Error('The probe is gone.'))
        entries.delete(id)
      }
      for (const job of jobs) {
        const known = entries.get(job.id)
        const rhythm = rhythmOf(job.id, parts.siteId, job.intervalMs)
        const target = parts.targetOf(job)
        const hangs = job.hangs === 'yes'
        if (known && isDeepStrictEqual(questionOf(known.job), questionOf(job))) {
          if (known.rhythm.intervalMs !== rhythm.intervalMs) known.due = firstDue(now, rhythm)
          Object.assign(known, { job, rhythm })
        } else {
          // What the old question finds does not answer the new one.
          known?.running?.abort(new Error('The probe was changed.'))
          entries.set(job.id, {
            job,
            rhythm,
            target,
            hangs,
            due: firstDue(now, rhythm),
            startedAt: -Infinity,
            running: null,
          })
        }
      }
    },
    setHanging(hangs) {
      const now = parts.wall()
      for (const [id, how] of Object.entries(hangs)) {
        const entry = entries.get(id)
        if (!entry) continue
        entry.hangs = how === 'yes'
        if (entry.running) continue
        if (entry.hangs) hasten(entry)
        else entry.due = nextSlot(Math.max(now, entry.startedAt), entry.rhythm)
      }
    },
    drain() {
      const now = parts.steady()
      const results = findings.map(({ probeId, at, outcome, reason, ms, code }) => ({
        probeId,
        ageMs: Math.round(now - at),
        outcome,
        reason,
        ms,
        code,
      }))
      const drained = { results, overruns: [...overruns] }
      findings = []
      overruns = new Set()
      return drained
    },
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

function questionOf({ kind, spec, expects, timeoutMs }: ProbeJob): Question {
  return { kind, spec, expects, timeoutMs }
}

function ours(reason: 'prober'): CheckDetail {
  return { outcome: 'inconclusive', reason, ms: null, code: null, phases: null, certificate: null, redirects: 0 }
}
