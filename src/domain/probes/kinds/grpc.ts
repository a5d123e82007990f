import { Invalid } from '../../../lib/errors.ts'
import { type Static, choice, fields, line, list, optional } from '../../../lib/fields.ts'
import { kindRules } from './kind.ts'
import {
  type Encryption,
  type Target,
  encryptionAsks,
  encryptionForm,
  nameOfTarget,
  readEncryption,
  readHost,
  readTargetFields,
  targetAsks,
  targetForm,
} from './target.ts'

/** Whose health is asked for, by the standard health service of gRPC. */
export interface GrpcSpec extends Target, Encryption {
  readonly tls: 'yes' | 'no'
  /** Empty: the server as a whole. */
  readonly service: string
  /** The name that it is asked by, and that its certificate must be for. */
  readonly calledName: string
  /** By names in lower case. */
  readonly metadata: Readonly<Record<string, string>>
}

const asks = {
  host: targetAsks.host,
  port: targetAsks.port,
  tls: optional(choice(['yes', 'no'])),
  service: optional(line(500)),
  metadata: optional(list(fields({ name: line(100), value: line(4000) }), 20)),
  calledName: optional(line(255)),
  ...encryptionAsks,
  family: targetAsks.family,
}

const whole = fields(asks)

export const grpc = kindRules({
  label: 'gRPC',
  purpose: 'Asks the standard health service (grpc.health.v1.Health) whether a server, or one service of it, serves.',
  asks,
  form: {
    ...targetForm,
    host: { ...targetForm.host, placeholder: 'orders.example.com' },
    port: { ...targetForm.port, hint: 'Left empty: 443, or 80 without encryption.' },
    tls: { label: 'Encrypted', usual: 'yes', choices: { yes: 'Yes (TLS)', no: 'No' } },
    service: {
      label: 'Service',
      hint: 'Left empty, the server as a whole is asked for.',
      placeholder: 'shop.v1.Orders',
    },
    metadata: {
      label: 'Metadata, one a line',
      as: 'mono',
      placeholder: 'authorization: Bearer …',
      place: 'more',
      secret: 'values',
    },
    calledName: {
      label: 'Name it is asked by',
      hint: 'Left empty: its host. Its certificate must be for this name.',
      place: 'more',
    },
    ...encryptionForm,
  },
  read: specOf,
  sources: ({ tls }) => [
    'latency',
    'latency.dns',
    'latency.connect',
    'latency.firstbyte',
    ...(tls === 'yes' ? (['latency.tls', 'certificate.days'] as const) : []),
  ],
  exampleAssertions: 'latency < 500ms\ncertificate.days > 14',
  nameOf: (spec) => (spec.service === '' ? nameOfTarget(spec) : spec.service.slice(0, 100)),
  audienceOf: ({ host, port, tls, verifyTls, authority, calledName }) =>
    JSON.stringify([host, port, tls, verifyTls, authority, calledName]),
})

function specOf(given: Static<typeof whole>): GrpcSpec {
  const tls = given.tls ?? 'yes'
  const target = readTargetFields(given, tls === 'yes' ? 443 : 80)
  const calledName = given.calledName ?? null
  return {
    ...target,
    ...readEncryption(given),
    tls,
    service: given.service ?? '',
    calledName: calledName === null ? target.host : readHost(calledName, 'calledName'),
    metadata: metadataOf(given.metadata ?? []),
  }
}

/** Names that the protocol keeps for itself, or that say whom a message is for. */
const ownNames = /^(grpc-.*|te|content-type|user-agent|host|connection|upgrade|keep-alive|proxy-.*|transfer-encoding)$/

function metadataOf(list: readonly { readonly name: string; readonly value: string }[]): Record<string, string> {
  const metadata = new Map<string, string>()
  list.forEach(({ name, value }, index) => {
    const key = name.toLowerCase()
    const at = (field: string): string => `metadata[${index}].${field}`
    if (!/^[0-9a-z_.-]+$/.test(key)) {
      throw new Invalid('A name of metadata is made of letters, digits, hyphens, dots and underscores.', at('name'))
    }
    if (ownNames.test(key)) throw new Invalid(`${key} is written by Candor itself.`, at('name'))
    if (metadata.has(key)) throw new Invalid(`${key} is given twice.`, at('name'))
    if (key.endsWith('-bin') && !/^[A-Za-z0-9+/]*={0,2}$/.test(value)) {
      throw new Invalid(`The value of ${key} is binary, and so written in base 64.`, at('value'))
    }
    if (!/^[\x20-\x7e]*$/.test(value)) {
      throw new Invalid('A value of metadata is made of printable ASCII characters.', at('value'))
    }
    metadata.set(key, value)
  })
  return Object.fromEntries(metadata)
}
