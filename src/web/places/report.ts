import { type Certificate, type Outcome, type Phases, type Trace, reasons } from '../../domain/probes/finding.ts'
import { Invalid } from '../../lib/errors.ts'
import { type DatedResult, type Report, mostResults } from '../../outbound/probing/place-wire.ts'

/** Reads what an agent reports, or throws `Invalid`: it comes from another machine, and perhaps from another version. */
export function readReport(given: unknown): Report {
  const { session, batch, again, version, clockMs, results } = objectOf(given, 'report')
  if (!isWhole(session) || !isWhole(batch)) throw new Invalid('A report says its session and its number.')
  if (!Array.isArray(results) || results.length > mostResults)
    throw new Invalid(`A report has at most ${mostResults} results.`)
  return {
    session,
    batch,
    again: again === 'yes' ? 'yes' : 'no',
    version: typeof version === 'string' ? version.replace(/[^\w.+-]/g, '').slice(0, 40) : '',
    clockMs: isFinite(clockMs) ? Math.max(-mostClockMs, Math.min(mostClockMs, Math.round(clockMs))) : 0,
    results: results.map(readResult),
  }
}

/** What fits the column; a clock that is further off is wrong all the same. */
const mostClockMs = 2_000_000_000
/** Of a certificate's subject; a longer one says no more. */
const mostOfAName = 200
const outcomes: readonly Outcome[] = ['pass', 'slow', 'fail', 'inconclusive']

function readResult(given: unknown): DatedResult {
  const { probeId, revision, at, outcome, reason, ms, code, trace } = objectOf(given, 'result')
  const known = outcomes.find((one) => one === outcome)
  if (typeof probeId !== 'string' || typeof revision !== 'string' || !isFinite(at) || !known)
    throw new Invalid('A result names its probe, its question, its moment and its outcome.')
  return {
    probeId: probeId.slice(0, 64),
    revision: revision.slice(0, 64),
    at,
    outcome: known,
    // A newer version may know more of them.
    reason: reasons.find((one) => one === reason) ?? null,
    ms: isWhole(ms) ? Math.min(ms, 600_000) : null,
    code: isWhole(code) ? Math.min(code, 100_000) : null,
    ...(trace === undefined ? {} : { trace: readTrace(trace) }),
  }
}

function readTrace(given: unknown): Trace {
  const { phases, certificate } = objectOf(given, 'trace')
  return { phases: phases ? readPhases(phases) : null, certificate: certificate ? readCertificate(certificate) : null }
}

function readPhases(given: unknown): Phases {
  const { dns, connect, tls, firstByte, body } = objectOf(given, 'list of phases')
  const lasted = (ms: unknown): number => (isWhole(ms) ? Math.min(ms, 600_000) : 0)
  return {
    dns: lasted(dns),
    connect: lasted(connect),
    tls: tls === null ? null : lasted(tls),
    firstByte: lasted(firstByte),
    body: lasted(body),
  }
}

function readCertificate(given: unknown): Certificate {
  const { subject, issuer, validUntil, fault } = objectOf(given, 'certificate')
  const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, mostOfAName) : '')
  return {
    subject: text(subject),
    issuer: text(issuer),
    validUntil: text(validUntil),
    fault: fault === null ? null : text(fault),
  }
}

function objectOf(given: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw new Invalid(`This is no ${what}.`)
  return given as Readonly<Record<string, unknown>>
}

/** As much as fits the columns. */
function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 31
}

function isFinite(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}
