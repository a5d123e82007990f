import type { Db } from '../../../database/database.ts'
import type { Incident } from '../../../domain/incidents/incident.ts'
import { latestChecks } from '../../../domain/probes/checks/checks.ts'
import type { Outcome, Reason } from '../../../domain/probes/finding.ts'
import type { Check } from '../../../domain/probes/probe.ts'
import type { ProbeKindName } from '../../../domain/probes/kinds/index.ts'
import { rcodes } from '../../../domain/probes/kinds/dns.ts'
import { probeIfThere } from '../../../domain/probes/queries.ts'
import { isProven } from '../../../domain/probes/verdicts/proven.ts'
import { latestState } from '../../../domain/probes/verdicts/states.ts'
import { readVerdict } from '../../../domain/probes/verdicts/verdicts.ts'
import { later } from '../../../lib/clock.ts'
import type { Evidence } from '../models.ts'

export async function evidenceOf(
  { db }: { readonly db: Db },
  { probeId, beganAt, publishesAt }: Incident,
): Promise<Evidence | null> {
  const probe = probeId === null ? null : await probeIfThere(db, probeId)
  if (!probe) return null
  const verdict = await readVerdict(db, probe.id)
  const checks = await latestChecks(db, probe.id, later(beganAt, -120), 8)
  const last = (await latestState(db, probe.id))?.last ?? null
  const isDoubted = verdict?.state === 'down' && !(await isProven(db, probe.id))
  const doubt = isDoubted ? (doubts[probe.kind] ?? neverWell) : null
  const reason = last ? findingInWords(last) : null
  return { probe, verdict, checks, reason, doubt, isHeld: publishesAt === null }
}

const neverWell = 'It was never found well: are its address and what is expected of it right?'
const doubts: { readonly [Kind in ProbeKindName]?: string } = {
  heartbeat: 'It was never heard from: does it call the right address?',
  upstream: 'This supplier was never found well: is it the right page?',
}

/** What one check found, as a sentence without its full stop. */
export function findingInWords({
  outcome,
  reason,
  ms,
  code,
}: Pick<Check, 'outcome' | 'reason' | 'ms' | 'code'>): string {
  const took = ms === null ? '' : ` in ${ms} ms`
  if (reason === 'status' && code !== null) return `it answered ${code}`
  if (reason === 'step' && code !== null) return `what line ${code} of the visit says did not succeed`
  if (reason === 'rcode' && code !== null) return `its name server answered ${rcodes[code] ?? code}`
  if (outcome === 'pass' && reason !== null) return `${outcomes.pass}${took}, but ${reasons[reason]}`
  if (reason !== null) return reasons[reason]
  // For gRPC and DNS nought is all that is well.
  return code === null || code === 0 ? `${outcomes[outcome]}${took}` : `it answered ${code}${took}`
}

const outcomes: Record<Outcome, string> = {
  pass: 'it answered',
  slow: 'it answered too slowly',
  fail: 'it did not answer as expected',
  inconclusive: 'it could not be measured',
}

const reasons: Record<Reason, string> = {
  timeout: 'no answer within the time limit',
  dns: 'its name could not be found (DNS)',
  refused: 'it refused the connection',
  reset: 'it broke off the connection',
  unreachable: 'no way leads to it',
  tls: 'its certificate is not valid for it',
  status: 'it answered with another status than expected',
  body: 'its answer did not hold the expected text',
  json: 'its answer did not hold the expected value',
  latency: 'it answered too slowly',
  redirects: 'it redirects too often, or to where probes may not go',
  too_large: 'its answer is too large',
  protocol: 'its answer is not of the protocol that was spoken',
  blocked: 'probes may not go there (CANDOR_EGRESS_ALLOW)',
  resolver: 'our own name server did not answer',
  stopped: 'the check was broken off, because Candor stopped',
  proxy: 'the proxy on the way there let nobody through',
  token: 'where tokens are given (OAuth 2.0), none was given',
  sealed: 'what it sends was sealed with the key of another machine: give it again',
  prober: 'the prober itself had no strength for it',
  offline: 'our own line was cut, so that nobody could be reached',
  not_serving: 'it says of itself that it does not serve',
  unknown_service: 'it does not know the service that was asked for',
  expiring: 'all is well, but its time runs out soon',
  expired: 'its time is over',
  unregistered: 'nobody has registered the name',
  held: 'its registrar or registry has put the name out of use',
  unlocked: 'the name is not locked against being moved to another registrar',
  registry: 'the registry did not tell about the name',
  no_registry: 'the registry of this ending does not tell until when names are registered (RDAP)',
  upstream: 'the supplier reports an outage',
  upstream_slow: 'the supplier reports trouble',
  upstream_page: 'the status page of the supplier could not be read',
  upstream_part: 'the status page of the supplier does not name this part',
  step: 'a step of the visit did not succeed',
  header: 'one of its headers was not as expected',
  certificate: 'its certificate is not valid for as long as it should be',
  records: 'its records were not as expected',
  loss: 'too much of what was sent got lost',
  unexpected: 'it said something else than expected',
  rcode: 'its name server gave another answer than expected',
  lame: 'its name server does not answer for this name (it is lame)',
  ping: 'there is no ping here that may be used (install iputils-ping, or allow it to open ICMP sockets)',
  auth: 'it did not accept the user or the password',
  auth_missing: 'it asks for a password',
  loading: 'it is up, but busy or still loading its data',
  query: 'it answered the query with an error',
  no_tls: 'it does not offer encryption (TLS)',
  missed: 'nothing was heard of it in time',
  unfinished: 'it began, and did not say in time that it was done',
  reported: 'it said itself that it failed',
  assertion_error: 'what was to be compared was not in its answer',
  browser: 'there is no browser to visit with (CANDOR_CHROMIUM)',
}
