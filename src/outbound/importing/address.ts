import { Invalid } from '../../lib/errors.ts'
import type { Egress } from '../../lib/egress.ts'
import { type FetchFault, safeFetch } from '../../lib/safe-fetch.ts'
import type { Source } from './documents.ts'

const asked = [
  { path: '/api/v2/summary.json', holds: 'everything' },
  { path: '/api/v2/incidents.json', holds: 'incidents' },
  { path: '/api/v2/scheduled-maintenances.json', holds: 'scheduled_maintenances' },
] as const

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
      timeoutMs: 20_000,
      followRedirects: 'yes',
      verifyTls: 'yes',
      lookUp: 'fresh',
    })
    if ('fault' in answer) throw new Invalid(`${url} could not be read: ${faults[answer.fault] ?? answer.fault}.`, url)
    if (answer.status !== 200) throw new Invalid(`${url} answered with status ${answer.status}, not 200.`, url)
    if (answer.cut === 'yes')
      throw new Invalid(`${url} is longer than a mebibyte. Save it into a folder and import that.`, url)
    sources.push({ name: url, holds, bytes: answer.body })
  }
  return sources
}

const faults: Partial<Record<FetchFault, string>> = {
  blocked: 'it leads to a private address, which CANDOR_EGRESS_ALLOW would have to allow',
  dns: 'there is no such name',
  timeout: 'no answer within 20 seconds',
  refused: 'the connection was refused',
  tls: 'its certificate is not trusted',
}
