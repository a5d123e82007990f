import { type Finding, type Reason, isOurs } from '../../../domain/probes/finding.ts'
import type { BrowserSpec } from '../../../domain/probes/kinds/browser.ts'
import { readVisit, secretMark } from '../../../domain/probes/visit.ts'
import { NetworkError } from '../../../lib/connection.ts'
import { judgedAddresses } from '../../../lib/egress.ts'
import { runErrand } from '../../../lib/errand.ts'
import { hostOf } from '../../../lib/guard.ts'
import { type GuardedProxy, guardedProxy, proxyUser } from '../../../lib/guarded-proxy.ts'
import { randomIds } from '../../../lib/ids.ts'
import type { VisitReport, VisitTask } from '../../visiting/task.ts'
import { Misfit, attempt } from '../attempt.ts'
import type { Circumstances, ProbeKind } from '../kind.ts'

export const browser: ProbeKind<BrowserSpec> = {
  // One Chromium is as much as a small machine has room for, so all of them wait for the same.
  targetOf: () => 'chromium',
  async check(spec, circumstances) {
    const refused = await attempt(circumstances, async (signal) => {
      const host = hostOf(new URL(spec.url))
      await judgedAddresses(circumstances.egress, { host, family: 'any', lookUp: circumstances.lookUp, signal })
      if (!circumstances.chromium) throw new Misfit('browser')
      return {}
    })
    return 'fault' in refused ? refused : inTurn(circumstances, () => visitThrough(spec, circumstances))
  },
}

const module = new URL('../../visiting/visitor.ts', import.meta.url)
/** What a browser needs to start and to end, beside the time limit of the visit. */
const aroundMs = 20_000

let busy: Promise<void> = Promise.resolve()

/** One visit after the other; whoever waits longer than a visit may take would measure us. */
async function inTurn({ timeoutMs, signal }: Circumstances, visit: () => Promise<Finding>): Promise<Finding> {
  const before = busy
  const done = Promise.withResolvers<void>()
  busy = before.then(() => done.promise)
  try {
    const patience = AbortSignal.any([AbortSignal.timeout(timeoutMs + aroundMs), signal])
    const turn = await Promise.race([before.then(() => 'mine'), aborted(patience)])
    return turn === 'mine' ? await visit() : none(signal.aborted ? 'stopped' : 'prober')
  } finally {
    done.resolve()
  }
}

function aborted(signal: AbortSignal): Promise<'aborted'> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve('aborted')
    signal.addEventListener('abort', () => resolve('aborted'), { once: true })
  })
}

function none(fault: Reason): Finding {
  return { fault, ms: 0, certificate: null }
}

async function visitThrough(spec: BrowserSpec, circumstances: Circumstances): Promise<Finding> {
  const { egress, lookUp, signal, timeoutMs, chromium } = circumstances
  const visit = readVisit(spec.script)
  // A newer version may have kept steps that this one cannot read.
  if ('fault' in visit || !chromium) return none('prober')
  const filled = visit.map((step) =>
    step.do === 'fill' ? { ...step, value: step.value.replaceAll(secretMark, () => spec.secret ?? '') } : step,
  )
  const password = randomIds.secret()
  const proxy = await guardedProxy(egress, { lookUp, password, signal })
  try {
    const task: VisitTask = {
      chromium,
      url: spec.url,
      visit: filled,
      proxy: { server: proxy.url, username: proxyUser, password },
      timeoutMs,
    }
    const report = await runErrand({ module, task, withinMs: timeoutMs + aroundMs, signal })
    return signal.aborted ? none('stopped') : findingOf(report as VisitReport | null, proxy)
  } catch (error) {
    if (error instanceof NetworkError) return none(error.fault)
    throw error
  } finally {
    proxy.close()
  }
}

function findingOf(report: VisitReport | null, proxy: GuardedProxy): Finding {
  // It died, or did not start: that is ours.
  if (report === null || report.went === 'nowhere') return none(report === null ? 'prober' : 'browser')
  const { ms } = report
  if (report.went === 'well') return { ms, code: null, phases: null, certificate: null, redirects: 0 }
  const { line, host, fault } = report
  const behind = proxy.faultOf(host)
  if (behind !== null && (fault !== 'missing' || isOurs(behind))) return { fault: behind, ms, certificate: null }
  if (typeof fault === 'number') return complaint('status', fault, ms)
  switch (fault) {
    case 'certificate':
      return { fault: 'tls', ms, certificate: null }
    case 'late':
      return { fault: 'timeout', ms, certificate: null }
    case 'unloaded':
      return { fault: 'reset', ms, certificate: null }
    case 'missing':
      return complaint('step', line, ms)
  }
}

function complaint(reason: Reason, code: number, ms: number): Finding {
  return { ms, code, phases: null, certificate: null, redirects: 0, complaint: reason }
}
