import type { Finding, Reason } from '../../../domain/probes/finding.ts'
import type { UpstreamSpec } from '../../../domain/probes/kinds/upstream.ts'
import { type FetchFault, safeFetch } from '../../../lib/safe-fetch.ts'
import type { Circumstances, ProbeKind } from '../kind.ts'
import { type SupplierState, shapes } from '../supplier-pages.ts'

export const upstream: ProbeKind<UpstreamSpec> = {
  targetOf: ({ page }) => URL.parse(page)?.host ?? '',
  async check(spec, circumstances) {
    const begun = performance.now()
    let unread: Reason = 'upstream_page'
    for (const name of candidates(spec)) {
      const read = await readAs(name, spec, circumstances, begun)
      if (typeof read === 'string') {
        // A page that speaks, but not of this part, has told us more than one that does not speak.
        if (unread === 'upstream_page' || read !== 'upstream_page') unread = read
        if (isFinal(read)) break
        continue
      }
      remember(spec.page, name)
      return read
    }
    return { fault: unread, ms: sinceThen(begun), certificate: null }
  },
}

type ShapeName = keyof typeof shapes

/** Which make a page was when it was last read, so that it need not be guessed each time. */
const known = new Map<string, ShapeName>()
const mostKnown = 1000

/** The makes that it could be, the likeliest first. */
function candidates({ page, shape }: UpstreamSpec): ShapeName[] {
  if (shape !== 'detect') return [shape]
  const first = known.get(page) ?? (page.includes('/instances/') ? 'trust' : 'statuspage')
  return [first, ...(['statuspage', 'incident_io', 'trust'] as const).filter((name) => name !== first)]
}

function remember(page: string, name: ShapeName): void {
  if (known.size >= mostKnown) known.clear()
  known.set(page, name)
}

async function readAs(
  name: ShapeName,
  { page, part, maintenance }: UpstreamSpec,
  { egress, timeoutMs, lookUp, signal }: Circumstances,
  begun: number,
): Promise<Finding | Reason> {
  const shape = shapes[name]
  const address = shape.addressOf(new URL(page), part)
  const left = timeoutMs - sinceThen(begun)
  if (address === null || left <= 0) return 'upstream_page'
  const answer = await safeFetch(egress, {
    url: address.href,
    method: 'GET',
    headers: { accept: 'application/json' },
    body: null,
    timeoutMs: left,
    followRedirects: 'yes',
    verifyTls: 'yes',
    lookUp,
    signal,
  })
  if ('fault' in answer) return faultOf(answer.fault)
  const json = answer.status === 200 && answer.cut === 'no' ? parsed(answer.body.toString('utf8')) : null
  if (json === null || !shape.recognises(json)) return 'upstream_page'
  const state = shape.stateOf(json, part)
  if (state === null) return part === null ? 'upstream_page' : 'upstream_part'
  const { phases, certificate, redirects } = answer
  const complaint = complaintOf(state, maintenance)
  // The status of HTTP is that of its page, not of the supplier.
  return { ms: sinceThen(begun), code: null, phases, certificate, redirects, complaint }
}

/** Whatever keeps us from its page tells nothing of the supplier; what is our own fault keeps its own name. */
function faultOf(fault: FetchFault): Reason {
  return fault === 'blocked' || fault === 'resolver' || fault === 'stopped' || fault === 'prober'
    ? fault
    : 'upstream_page'
}

/** Asking for another document of it would end in the same way. */
function isFinal(reason: Reason): boolean {
  return reason !== 'upstream_page' && reason !== 'upstream_part'
}

function complaintOf(state: SupplierState, maintenance: UpstreamSpec['maintenance']): Reason | null {
  switch (state) {
    case 'well':
      return null
    case 'maintenance':
      return maintenance === 'trouble' ? 'upstream_slow' : null
    case 'trouble':
      return 'upstream_slow'
    case 'outage':
      return 'upstream'
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON is no page that we can read, which is what null says.
    return null
  }
}

function sinceThen(begun: number): number {
  return Math.round(performance.now() - begun)
}
