import { Invalid } from '../../../lib/errors.ts'
import { type Static, choice, fields, line, optional, prose } from '../../../lib/fields.ts'
import { isAddress } from '../../../lib/guard.ts'
import { kindRules } from './kind.ts'
import { readHost } from './target.ts'

/** What is asked of which name servers, and what they have to answer. */
export interface DnsSpec {
  readonly name: string
  readonly type: RecordType
  readonly rcode: Rcode
  /** Records as DNS would print them, in the form of `plainRecord`; none: whatever there is. */
  readonly values: readonly string[]
  /** Whether there may be others beside them, or some of them missing. */
  readonly match: 'all' | 'any'
  /** None: the machine's own. */
  readonly servers: readonly NameServer[]
  readonly transport: 'udp' | 'tcp' | 'tls'
}

export interface NameServer {
  readonly host: string
  /** Null: the usual one of the transport. */
  readonly port: number | null
}

const types = ['A', 'AAAA', 'CNAME', 'MX', 'TXT', 'NS', 'SOA', 'CAA', 'SRV', 'PTR'] as const
export type RecordType = (typeof types)[number]

/** By their number, RFC 1035. */
export const rcodes = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'] as const
export type Rcode = (typeof rcodes)[number]

const mostServers = 4
const mostValues = 20

const asks = {
  lookUp: line(255),
  type: optional(choice(types)),
  values: optional(prose(4000)),
  match: optional(choice(['all', 'any'])),
  rcode: optional(choice(rcodes)),
  servers: optional(line(500)),
  transport: optional(choice(['udp', 'tcp', 'tls'])),
}

const whole = fields(asks)

export const dns = kindRules({
  label: 'DNS',
  purpose: 'Asks name servers for records, and compares them.',
  asks,
  form: {
    lookUp: { label: 'Name to look up', placeholder: 'example.com' },
    type: { label: 'Record', usual: 'A' },
    values: {
      label: 'Expected records, one a line',
      hint: 'Left empty: any will do, as long as there is one.',
      as: 'mono',
      placeholder: '192.0.2.7',
    },
    match: {
      label: 'Of these',
      usual: 'all',
      choices: { all: 'Exactly these', any: 'At least one' },
      place: 'more',
    },
    rcode: { label: 'Expected answer', usual: 'NOERROR', place: 'more' },
    servers: {
      label: 'Name servers to ask',
      hint: 'Each of them has to answer so. Left empty: the ones that this machine uses.',
      placeholder: 'ns1.example.com, 192.0.2.53:5353',
      place: 'more',
    },
    transport: {
      label: 'Asked over',
      usual: 'udp',
      choices: { udp: 'UDP, then TCP', tcp: 'TCP', tls: 'TLS (DoT)' },
      place: 'more',
    },
  },
  read: specOf,
  sources: () => ['status', 'latency', 'records'],
  exampleAssertions: 'records contains "192.0.2.7"\nlatency < 200ms',
  typed: ({ name, servers }: DnsSpec) => ({ lookUp: name, servers: servers.map(textOfServer).join(' ') }),
  nameOf: ({ name, type }: DnsSpec) => `${name} ${type}`.slice(0, 100),
})

function specOf(given: Static<typeof whole>): DnsSpec {
  const type = given.type ?? 'A'
  const rcode = given.rcode ?? 'NOERROR'
  const values = (given.values ?? '')
    .split('\n')
    .filter((text) => text.trim() !== '')
    .map((text) => plainRecord(type, text))
  if (values.length > mostValues) throw new Invalid(`At most ${mostValues} records can be expected.`, 'values')
  if (values.length > 0 && rcode !== 'NOERROR') {
    throw new Invalid(`With the answer ${rcode} there are no records to be expected.`, 'values')
  }
  const transport = given.transport ?? 'udp'
  const servers = (given.servers ?? '').split(/[\s,]+/).filter((text) => text !== '')
  if (servers.length > mostServers) throw new Invalid(`At most ${mostServers} name servers can be asked.`, 'servers')
  if (transport === 'tls' && servers.length === 0) {
    throw new Invalid('Say which name server is asked over TLS, by its name.', 'servers')
  }
  return {
    name: readName(given.lookUp, type),
    type,
    rcode,
    values,
    match: given.match ?? 'all',
    servers: servers.map(readServer),
    transport,
  }
}

/** The name of an address in the reverse tree, where the record belongs there; otherwise the name as it is asked for. */
function readName(text: string, type: RecordType): string {
  if (type === 'PTR' && isAddress(text)) return reversed(text)
  if (isAddress(text)) throw new Invalid('An address has only PTR records.', 'type')
  const name = text.replace(/\.$/, '').toLowerCase()
  const ascii = /^[\x20-\x7e]*$/.test(name) ? name : (URL.parse(`http://${name}`)?.hostname ?? '')
  const labels = ascii.split('.')
  if (ascii.length > 253 || !labels.every((label) => /^[a-z0-9_*]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label))) {
    throw new Invalid('The name must be a domain name such as example.com or _dmarc.example.com.', 'lookUp')
  }
  return ascii
}

function reversed(address: string): string {
  if (!address.includes(':')) return `${address.split('.').toReversed().join('.')}.in-addr.arpa`
  const [head = '', tail] = address.toLowerCase().split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const parts = [...left, ...Array.from({ length: 8 - left.length - right.length }, () => '0'), ...right]
  const digits = parts.map((part) => part.padStart(4, '0')).join('')
  return `${[...digits].toReversed().join('.')}.ip6.arpa`
}

/** `192.0.2.53`, `ns1.example.com:5353`, `[2001:db8::53]:53`. */
export function readServer(text: string): NameServer {
  const [, bracketed, plain, port] = /^(?:\[(.+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text) ?? []
  const host = bracketed ?? plain ?? text
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) {
    throw new Invalid('The port of a name server lies between 1 and 65535.', 'servers')
  }
  return { host: readHost(host, 'servers'), port: port === undefined ? null : Number(port) }
}

function textOfServer({ host, port }: NameServer): string {
  if (port === null) return host
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** A record as it is compared: names in lower case without the last dot, one space between parts, no quotes. */
export function plainRecord(type: RecordType, text: string): string {
  const tidy = text.trim().replace(/\s+/g, ' ')
  if (type === 'TXT') return tidy.replace(/^"(.*)"$/, '$1')
  if (type === 'CAA') return tidy.replaceAll('"', '').toLowerCase()
  return tidy
    .toLowerCase()
    .split(' ')
    .map((part) => part.replace(/(.)\.$/, '$1'))
    .join(' ')
}
