import type { IncomingHttpHeaders } from 'node:http'
import type { Failure } from '../../../domain/probes/finding.ts'
import type { HttpSpec } from '../../../domain/probes/kinds/http.ts'
import { identityIn } from '../../../domain/probes/kinds/pem.ts'
import type { Egress } from '../../../lib/egress.ts'
import { type Answer, type NoAnswer, type SafeRequest, safeFetch } from '../../../lib/safe-fetch.ts'
import type { Circumstances, ProbeKind } from '../kind.ts'
import { type Way, basic, forgetToken, tokenFor } from '../tokens.ts'

export const http: ProbeKind<HttpSpec> = {
  targetOf: (spec) => URL.parse(spec.url)?.host ?? '',
  async check(spec, circumstances) {
    const answer = await answerTo(spec, circumstances)
    if ('fault' in answer) return answer
    const { ms, status: code, phases, certificate, redirects, cut } = answer
    const observed = { ms, code, phases, certificate, redirects, headers: joined(answer.headers), cut }
    return spec.method === 'HEAD' ? observed : { ...observed, body: answer.body }
  },
}

async function answerTo(spec: HttpSpec, { egress, ...how }: Circumstances): Promise<Answer | NoAnswer | Failure> {
  const deadline = performance.now() + how.timeoutMs
  const request = requestOf(spec, how)
  const { grantUrl } = spec
  if (grantUrl === null) return safeFetch(egress, request)
  const client = { ...spec, grantUrl }
  const ask = () => signedIn(egress, request, () => tokenFor(egress, client, left(deadline, request)), deadline)
  const first = await ask()
  if ('fault' in first || first.status !== 401) return first
  // It may have been taken back before its time: once more, with a fresh one.
  forgetToken(client)
  return ask()
}

async function signedIn(
  egress: Egress,
  request: SafeRequest,
  token: () => Promise<string | Failure>,
  deadline: number,
): Promise<Answer | NoAnswer | Failure> {
  const given = await token()
  if (typeof given !== 'string') return given
  return safeFetch(egress, {
    ...left(deadline, request),
    headers: { ...request.headers, authorization: `Bearer ${given}` },
  })
}

type Whole = SafeRequest & Way

/** The same with the time that is left for it. */
function left(deadline: number, request: SafeRequest): Whole {
  return { ...(request as Whole), timeoutMs: Math.max(1, Math.round(deadline - performance.now())) }
}

function requestOf(spec: HttpSpec, { timeoutMs, lookUp, signal }: Omit<Circumstances, 'egress'>): SafeRequest {
  const { url, method, body, version, family, verifyTls, proxy } = spec
  const identity = spec.identity === null ? null : identityIn(spec.identity)
  return {
    url,
    method,
    headers: { ...spec.headers, ...authorization(spec) },
    body,
    followRedirects: { to: spec.redirects, most: spec.mostRedirects, downgrade: spec.downgrade },
    verifyTls,
    trusting: spec.authority,
    identity,
    version,
    family,
    proxy: proxy === null ? null : { url: proxy, user: spec.proxyUser, password: spec.proxyPassword },
    timeoutMs,
    lookUp,
    signal,
  }
}

function authorization({ user, password, bearer }: HttpSpec): Record<string, string> {
  if (bearer !== null) return { authorization: `Bearer ${bearer}` }
  return user === null ? {} : { authorization: basic(user, password ?? '') }
}

/** A header that was sent several times is one, with commas. */
function joined(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
}
