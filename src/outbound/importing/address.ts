import { Invalid } from '../../lib/errors.ts'
import type { Egress } from '../../lib/egress.ts'
import { type FetchFault, safeFetch } from '../../lib/safe-fetch.ts'
import type { Source } from './documents.ts'

const asked = [
  { path: '/api/v2/summary.json', holds: 'everything' },
  { path: '/api/v2/incidents.json', holds: 'incidents' },
  { path: '/api/v2/scheduled-maintenances.json', holds: 'scheduled_maintenances' },
] as const

/** Fifty incidents name fifty times what they affected, each time in full: of a page with hundreds of systems that is many. */
const largest = 64 * 1024 * 1024

/** Reads the v2 documents of a page that is online, through the guard. The API tells the last 50 incidents, not more. */
export async function readAddress(egress: Egress, base: string, progress: (step: string) => void): Promise<Source[]> {
  const root = base.replace(/(?<!\/)\/+$/, '').replace(/\/api\/v2$/, '')
  const sources: Source[] = []
  for (const { path, holds } of asked) {
    const url = `${root}${path}`
    progress(url)
    const answer = await safeFetch(egress, {
      url,
      method: 'GET',
      headers: { accept: 'application/json' },
      body: null,
      timeoutMs: 60_000,
      most: largest,
      followRedirects: 'yes',
      verifyTls: 'yes',
      lookUp: 'fresh',
    })
    if ('fault' in answer) throw new Invalid(`${url} could not be read: ${faults[answer.fault] ?? answer.fault}.`, url)
    if (answer.status !== 200) throw new Invalid(`${url} answered with status ${answer.status}, not 200.`, url)
    if (answer.cut === 'yes')
      throw new Invalid(`${url} is longer than 64 MiB. Save it into a folder and import that.`, url)
    sources.push({ name: url, holds, bytes: answer.body })
  }
  return sources
}

const faults: Partial<Record<FetchFault, string>> = {
  blocked: 'it leads to a private address, which CANDOR_EGRESS_ALLOW would have to allow',
  dns: 'there is no such name',
  timeout: 'it was not answered in full within a minute',
  refused: 'the connection was refused',
  tls: 'its certificate is not trusted',
}
