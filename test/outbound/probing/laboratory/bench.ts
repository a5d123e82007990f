import { watchOver } from '../../../../src/domain/probes/engine/engine.ts'
import type { CheckDetail, Reason } from '../../../../src/domain/probes/finding.ts'
import { changedJobs } from '../../../../src/outbound/probing/jobs.ts'
import type { Line } from '../../../../src/outbound/probing/own-line.ts'
import { type Runner, runner } from '../../../../src/outbound/probing/runner.ts'
import { batchOf, takeResults } from '../../../../src/outbound/probing/take-results.ts'
import { types, watched } from '../../../domain/probes/watched.ts'
import { instantOf, millisecondsOf } from '../../../../src/lib/clock.ts'

/** What a check meets: an answer, or a failure that comes when the time limit has passed. */
export type Meets = 'answer' | Reason

/** The whole way of a check, from the scheduler to what readers see, on clocks that a test moves. */
export async function laboratory(probes = 1, weigh: () => Promise<Line> = () => Promise.resolve('online')) {
  const all = await watched({ policy: 'publish', intervalSeconds: 60, timeoutMs: 10_000 })
  const ids = [all.id]
  for (let n = 1; n < probes; n += 1) ids.push(await all.probe(await all.component(`System ${n}`)))
  let steady = 0
  let meets: Meets = 'answer'
  let isStrained = false
  const waiting: { readonly until: number; done(): void }[] = []
  const checks: { readonly id: string; readonly at: number }[] = []
  const it: Runner = runner({
    siteId: 'site',
    wall: () => millisecondsOf(all.it.clock.now()),
    steady: () => steady,
    targetOf: ({ id }) => id,
    weigh,
    isStrained: () => isStrained,
    check: async ({ id, timeoutMs }) => {
      checks.push({ id, at: millisecondsOf(all.it.clock.now()) })
      const met = meets
      if (met !== 'answer') {
        await new Promise<void>((resolve) => waiting.push({ until: steady + timeoutMs, done: resolve }))
      }
      return detailOf(met)
    },
  })
  it.setProbes((await changedJobs({ db: all.it.db, vault: all.it.vault }, ids, 0)).probes)

  /** As clocks pass while the thread does nothing. */
  const jumps = ({ wall, steady: by }: { readonly wall: number; readonly steady: number }): void => {
    all.it.clock.set(instantOf(millisecondsOf(all.it.clock.now()) + wall))
    steady += by
  }
  const settle = async (): Promise<void> => {
    for (const one of waiting.splice(0)) {
      if (one.until <= steady) one.done()
      else waiting.push(one)
    }
    await new Promise(setImmediate)
  }
  /** Time as it usually passes: half a second at a time, results handed over, and what is to be done besides. */
  const passes = async (seconds: number): Promise<void> => {
    for (let half = 0; half < seconds * 2; half += 1) {
      for (let tick = 0; tick < 2; tick += 1) {
        jumps({ wall: 250, steady: 250 })
        it.tick()
        await settle()
      }
      if (half % 2 === 1) continue
      const { results } = it.drain()
      if (results.length > 0) it.setHanging(await takeResults(all.it, batchOf(results, all.it.clock)))
      if (half % 20 === 0) await watchOver({ ...all.it, now: () => all.it.clock.now() })
    }
  }
  const downs = async (): Promise<number> => {
    const rows = await all.it.db.selectFrom('events').select('data').where('type', '=', 'probe.verdict').execute()
    return rows.filter(({ data }) => (JSON.parse(data) as { to: string }).to === 'down').length
  }
  return {
    ...all,
    runner: it,
    ids,
    checks,
    passes,
    jumps,
    settle,
    downs,
    meets: (next: Meets) => void (meets = next),
    strained: (is: boolean) => void (isStrained = is),
    types: () => types(all.it),
  }
}

function detailOf(met: Meets): CheckDetail {
  const nothing = { code: null, phases: null, certificate: null, redirects: 0 }
  if (met === 'answer') return { outcome: 'pass', reason: null, ms: 5, ...nothing }
  return { outcome: met === 'latency' ? 'slow' : 'fail', reason: met, ms: 10_000, ...nothing }
}
