import { type Instant, parseInstant } from '../../lib/clock.ts'
import { type FetchFault, safeFetch } from '../../lib/safe-fetch.ts'
import type { Circumstances } from './kind.ts'

/** What a registry tells of a name, by the Registration Data Access Protocol: RFC 9082 (asking) and 9083 (answers). */
export interface Registration {
  /** Null: it keeps that to itself. */
  readonly until: Instant | null
  /** In lower case, as RFC 8056 spells them: `client transfer prohibited`. */
  readonly statuses: readonly string[]
}

/** Why there is none: nobody has registered it; nobody can be asked about such an ending; or we did not hear. */
export type NoRegistration = 'absent' | 'no registry' | FetchFault | 'unreadable'

type Way = Pick<Circumstances, 'egress' | 'lookUp' | 'signal'> & {
  /** Milliseconds that are left. */
  left(): number
}

const dayMs = 86_400_000
const keptMs = 600_000
const mostKept = 1000

/** What we were told, with when to forget it: registries shut out those who ask over and over. */
const kept = new Map<string, { readonly answer: Registration | 'absent'; readonly until: number }>()
const directories = new Map<string, { readonly json: unknown; readonly until: number }>()

export async function registrationOf(
  domain: string,
  directory: string,
  way: Way,
): Promise<Registration | NoRegistration> {
  const key = `${directory} ${domain}`
  const known = kept.get(key)
  if (known && known.until > performance.now()) return known.answer
  const registry = await registryOf(domain, directory, way)
  if (typeof registry === 'string') return registry
  const answer = await askJson(new URL(`domain/${domain}`, registry).href, way)
  if (typeof answer === 'string' && answer !== 'absent') return answer
  const registration = answer === 'absent' ? answer : registrationIn(answer.json)
  if (kept.size >= mostKept) kept.clear()
  kept.set(key, { answer: registration, until: performance.now() + keptMs })
  return registration
}

/** The server that knows names of this ending: the longest of those that the directory holds (RFC 9224). */
async function registryOf(domain: string, directory: string, way: Way): Promise<URL | NoRegistration> {
  const json = await readDirectory(directory, way)
  if (typeof json === 'string') return json
  const services = listAt(json.json, 'services').map((service) => {
    const [endings, addresses] = Array.isArray(service) ? (service as unknown[]) : []
    return { endings: textsOf(endings), addresses: textsOf(addresses) }
  })
  const labels = domain.split('.')
  for (let from = 1; from < labels.length; from += 1) {
    const ending = labels.slice(from).join('.')
    const found = services.find(({ endings }) => endings.some((it) => it.toLowerCase() === ending))
    if (!found) continue
    const address =
      found.addresses.find((it) => it.startsWith('https:')) ?? found.addresses.find((it) => it.startsWith('http:'))
    return (address === undefined ? null : URL.parse(address.replace(/(?<!\/)\/*$/, '/'))) ?? 'unreadable'
  }
  return 'no registry'
}

async function readDirectory(address: string, way: Way): Promise<{ readonly json: unknown } | NoRegistration> {
  const known = directories.get(address)
  if (known && known.until > performance.now()) return known
  const answer = await askJson(address, way)
  if (typeof answer === 'string') return answer === 'absent' ? 'unreadable' : answer
  if (listAt(answer.json, 'services').length === 0) return 'unreadable'
  if (directories.size >= mostKept) directories.clear()
  directories.set(address, { json: answer.json, until: performance.now() + dayMs })
  return answer
}

async function askJson(
  url: string,
  { egress, lookUp, signal, left }: Way,
): Promise<{ readonly json: unknown } | 'absent' | 'unreadable' | FetchFault> {
  if (left() <= 0) return 'timeout'
  const answer = await safeFetch(egress, {
    url,
    method: 'GET',
    headers: { accept: 'application/rdap+json, application/json' },
    body: null,
    timeoutMs: left(),
    // A registry sends us on to the registrar's own server now and then.
    followRedirects: 'yes',
    verifyTls: 'yes',
    lookUp,
    signal,
  })
  if ('fault' in answer) return answer.fault
  if (answer.status === 404) return 'absent'
  if (answer.status !== 200 || answer.cut === 'yes') return 'unreadable'
  try {
    return { json: JSON.parse(answer.body.toString('utf8')) as unknown }
  } catch {
    // A registry that answers with a page of HTML told us nothing.
    return 'unreadable'
  }
}

function registrationIn(json: unknown): Registration {
  const ends = listAt(json, 'events')
    .map((event) => event as Readonly<Record<string, unknown>> | null)
    .filter((event) => textOf(event?.['eventAction']).toLowerCase() === 'expiration')
    .map((event) => parseInstant(textOf(event?.['eventDate']).toUpperCase()))
    .filter((instant) => instant !== null)
  return { until: ends.sort().at(-1) ?? null, statuses: textsOf(fieldOf(json, 'status')).map((it) => it.toLowerCase()) }
}

function listAt(json: unknown, name: string): readonly unknown[] {
  const value = fieldOf(json, name)
  return Array.isArray(value) ? (value as unknown[]) : []
}

function fieldOf(json: unknown, name: string): unknown {
  return (json as Readonly<Record<string, unknown>> | null)?.[name]
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((it): it is string => typeof it === 'string') : []
}
