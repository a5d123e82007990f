import { type Static, choice, fields, line, optional, prose } from '../../../lib/fields.ts'
import { kindRules } from './kind.ts'
import {
  type Encryption,
  type Target,
  encryptionAsks,
  encryptionForm,
  nameOfTarget,
  readEncryption,
  readTargetFields,
  targetAsks,
  targetForm,
} from './target.ts'

/** Who signs in to a database, and what is asked of it. */
export interface PostgresSpec extends Target, Encryption {
  readonly database: string
  readonly user: string
  /** Sealed until it is used. */
  readonly password: string | null
  /** One statement that reads; the first value of its first row is the body of the answer. */
  readonly query: string
  readonly tls: 'yes' | 'no'
}

const usualQuery = 'select 1'

const asks = {
  host: targetAsks.host,
  port: targetAsks.port,
  database: line(63),
  user: line(63),
  password: optional(line(500)),
  query: optional(prose(4000)),
  tls: optional(choice(['yes', 'no'])),
  ...encryptionAsks,
  family: targetAsks.family,
}

const whole = fields(asks)

export const postgres = kindRules({
  label: 'PostgreSQL',
  purpose:
    'Signs in to a database and asks a question: an answer means that it serves, not only that its port is open.',
  asks,
  form: {
    ...targetForm,
    host: { ...targetForm.host, placeholder: 'db.example.com' },
    port: { ...targetForm.port, usual: '5432' },
    database: { label: 'Database', placeholder: 'shop' },
    user: { label: 'User', hint: 'One who may only read, and as little as possible.', placeholder: 'probe' },
    password: { label: 'Password', secret: 'yes' },
    query: {
      label: 'Query',
      hint: 'One statement, in a transaction that only reads. Assertions on body see the first value of its first row.',
      as: 'mono',
      usual: usualQuery,
      place: 'more',
    },
    tls: { label: 'Encrypted', usual: 'yes', choices: { yes: 'Yes (TLS)', no: 'No' }, place: 'more' },
    ...encryptionForm,
  },
  read: specOf,
  sources: ({ tls }: PostgresSpec) => [
    'latency',
    'latency.dns',
    'latency.connect',
    'body',
    'json',
    ...(tls === 'yes' ? (['latency.tls', 'certificate.days'] as const) : []),
  ],
  exampleAssertions: 'body == "1"\nlatency < 500ms',
  nameOf: (spec: PostgresSpec) => `${nameOfTarget(spec)}/${spec.database}`.slice(0, 100),
  audienceOf: ({ host, port, user, tls, verifyTls, authority }: PostgresSpec) =>
    JSON.stringify([host, port, user, tls, verifyTls, authority]),
})

function specOf(given: Static<typeof whole>): PostgresSpec {
  return {
    ...readTargetFields(given, 5432),
    database: given.database,
    user: given.user,
    password: given.password ?? null,
    query: given.query ?? usualQuery,
    tls: given.tls ?? 'yes',
    ...readEncryption(given),
  }
}
