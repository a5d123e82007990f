import type { Reason } from '../../../domain/probes/finding.ts'
import type { HttpSpec } from '../../../domain/probes/kinds/http.ts'
import { parseJsonPath, valueAt } from '../../../domain/probes/json-path.ts'
import { isExpected, parseStatusSet } from '../../../domain/probes/status-set.ts'
import { type Answer, safeFetch } from '../../../lib/safe-fetch.ts'
import { isDeepStrictEqual } from 'node:util'
import type { ProbeKind } from '../kind.ts'

export const http: ProbeKind<HttpSpec> = {
  targetOf: (spec) => URL.parse(spec.url)?.host ?? '',
  async check(spec, { egress, timeoutMs, lookUp, signal }) {
    const { url, method, headers, body, followRedirects, verifyTls } = spec
    const request = { url, method, headers, body, followRedirects, verifyTls, timeoutMs, lookUp, signal }
    const answer = await safeFetch(egress, request)
    if ('fault' in answer) return answer
    const { ms, status: code, phases, certificate, redirects } = answer
    return { ms, code, phases, certificate, redirects, complaint: complaint(spec, answer) }
  },
}

/** The first thing that is not as it should be. */
function complaint(spec: HttpSpec, answer: Answer): Reason | null {
  if (!isExpected(answer.status, parseStatusSet(spec.expectedStatus) ?? [[200, 299]])) return 'status'
  return textComplaint(spec, answer) ?? jsonComplaint(spec, answer)
}

function textComplaint({ contains, containsNot }: HttpSpec, { body, cut }: Answer): Reason | null {
  if (contains !== null && !body.includes(contains)) return cut === 'yes' ? 'too_large' : 'body'
  if (containsNot !== null && body.includes(containsNot)) return 'body'
  // What was not read may hold what must not be there.
  return containsNot !== null && cut === 'yes' ? 'too_large' : null
}

function jsonComplaint({ jsonPath, jsonEquals }: HttpSpec, { body, cut }: Answer): Reason | null {
  if (jsonPath === null) return null
  if (cut === 'yes') return 'too_large'
  const json = parsed(body.toString('utf8'))
  const path = parseJsonPath(jsonPath)
  if (json.length === 0 || path === null) return 'json'
  const found = valueAt(json[0], path)
  if (found.length === 0) return 'json'
  return jsonEquals === null || isEqual(found[0], jsonEquals) ? null : 'json'
}

/** `200` is the number and the text of it; `{"a":1}` is an object, whatever the order of its keys. */
function isEqual(value: unknown, wanted: string): boolean {
  const json = parsed(wanted)
  if (json.length === 1 && isDeepStrictEqual(value, json[0])) return true
  return typeof value === 'string' && value === wanted
}

function parsed(text: string): [] | [unknown] {
  try {
    return [JSON.parse(text) as unknown]
  } catch {
    // Not JSON is an answer here, not an error.
    return []
  }
}
