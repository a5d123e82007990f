import type { Reason } from '../../../domain/probes/finding.ts'
import { type DnsSpec, plainRecord, rcodes, readServer } from '../../../domain/probes/kinds/dns.ts'
import { NetworkError } from '../../../lib/connection.ts'
import { Misfit, type Observed, attempt } from '../attempt.ts'
import type { Circumstances, ProbeKind } from '../kind.ts'
import { type Asked, type NameAnswer, askNameServer, recordsOf } from '../name-server.ts'

export const dns: ProbeKind<DnsSpec> = {
  targetOf: ({ servers, name }) => servers[0]?.host ?? name,
  check: (spec, circumstances) =>
    attempt(circumstances, async (signal) => {
      const enough = new AbortController()
      const until = AbortSignal.any([signal, enough.signal])
      try {
        const answers = await Promise.all(askedOf(spec, circumstances, until).map((asked) => askOne(spec, asked)))
        // The first that is not as it should be speaks for all.
        return answers.find(({ complaint }) => complaint !== null) ?? (answers[0] as Observed)
      } finally {
        enough.abort()
      }
    }),
}

function askedOf({ servers, transport }: DnsSpec, { egress }: Circumstances, signal: AbortSignal): Asked[] {
  const asked = { transport, egress, signal }
  if (servers.length > 0) return servers.map((server) => ({ ...asked, server, whose: 'theirs' }))
  const [own] = egress.resolver.servers()
  if (own === undefined) throw new Misfit('resolver')
  return [{ ...asked, server: readServer(own), whose: 'ours' }]
}

interface Told extends Observed {
  readonly complaint: Reason | null
}

async function askOne(spec: DnsSpec, asked: Asked): Promise<Told> {
  let answer: NameAnswer
  try {
    answer = await askNameServer(spec, asked)
  } catch (error) {
    // That our own name server says nothing says nothing of the name.
    const isOurs = asked.whose === 'ours' && error instanceof NetworkError && error.fault !== 'stopped'
    throw isOurs ? new Misfit('resolver') : error
  }
  const { rcode: code } = answer
  const records = recordsOf(answer, spec.type).map((text) => plainRecord(spec.type, text))
  const observed = { code, records }
  if (code !== rcodes.indexOf(spec.rcode)) {
    if (asked.whose === 'ours' && !(await ourServerIsWell(code, asked))) throw new Misfit('resolver')
    return { ...observed, complaint: 'rcode' }
  }
  if (spec.rcode !== 'NOERROR') return { ...observed, complaint: null }
  return { ...observed, complaint: isLame(answer, records) ? 'lame' : isAsExpected(spec, records) ? null : 'records' }
}

const failed: readonly number[] = [rcodes.indexOf('SERVFAIL'), rcodes.indexOf('NOTIMP'), rcodes.indexOf('REFUSED')]

/** Whether an error of our own name server can be believed to be the name's: it knows at least where the world begins. */
async function ourServerIsWell(code: number, asked: Asked): Promise<boolean> {
  if (!failed.includes(code)) return true
  if (code !== rcodes.indexOf('SERVFAIL')) return false
  try {
    const root = await askNameServer({ name: '.', type: 'NS' }, asked)
    return root.rcode === 0 && recordsOf(root, 'NS').length > 0
  } catch (error) {
    if (error instanceof NetworkError) return false
    throw error
  }
}

/** It neither has the name nor looks it up for others: it points elsewhere. */
function isLame({ answersFor }: NameAnswer, records: readonly string[]): boolean {
  return records.length === 0 && answersFor === 'neither'
}

function isAsExpected({ values, match }: DnsSpec, records: readonly string[]): boolean {
  if (values.length === 0) return records.length > 0
  if (match === 'any') return values.some((value) => records.includes(value))
  return values.every((value) => records.includes(value)) && records.every((record) => values.includes(record))
}
