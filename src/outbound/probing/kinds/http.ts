import type { HttpSpec } from '../../../domain/probes/kinds/http.ts'
import { safeFetch } from '../../../lib/safe-fetch.ts'
import type { IncomingHttpHeaders } from 'node:http'
import type { ProbeKind } from '../kind.ts'

export const http: ProbeKind<HttpSpec> = {
  targetOf: (spec) => URL.parse(spec.url)?.host ?? '',
  async check(spec, { egress, timeoutMs, lookUp, signal }) {
    const { url, method, headers, body, followRedirects, verifyTls } = spec
    const request = { url, method, headers, body, followRedirects, verifyTls, timeoutMs, lookUp, signal }
    const answer = await safeFetch(egress, request)
    if ('fault' in answer) return answer
    const { ms, status: code, phases, certificate, redirects, cut } = answer
    const observed = { ms, code, phases, certificate, redirects, headers: joined(answer.headers), cut }
    return method === 'HEAD' ? observed : { ...observed, body: answer.body }
  },
}

/** A header that was sent several times is one, with commas. */
function joined(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
}
