import { type Static, choice, fields, line, optional } from '../../../lib/fields.ts'
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

/** Who says PING to a Redis or a Valkey. */
export interface RedisSpec extends Target, Encryption {
  /** Null: the one that a password alone belongs to. */
  readonly user: string | null
  /** Sealed until it is used. */
  readonly password: string | null
  readonly tls: 'no' | 'yes'
}

const asks = {
  host: targetAsks.host,
  port: targetAsks.port,
  user: optional(line(200)),
  password: optional(line(500)),
  tls: optional(choice(['no', 'yes'])),
  ...encryptionAsks,
  family: targetAsks.family,
}

const whole = fields(asks)

export const redis = kindRules({
  label: 'Redis or Valkey',
  purpose: 'Signs in and says PING: an answer means that it serves, not only that its port is open.',
  asks,
  form: {
    ...targetForm,
    host: { ...targetForm.host, placeholder: 'cache.example.com' },
    port: { ...targetForm.port, usual: '6379' },
    user: { label: 'User', hint: 'Left empty: the default one.', place: 'more' },
    password: { label: 'Password', hint: 'Left empty: none.', secret: 'yes' },
    tls: { label: 'Encrypted', usual: 'no', choices: { no: 'No', yes: 'Yes (TLS)' }, place: 'more' },
    ...encryptionForm,
  },
  read: specOf,
  sources: ({ tls }: RedisSpec) => [
    'latency',
    'latency.dns',
    'latency.connect',
    ...(tls === 'yes' ? (['latency.tls', 'certificate.days'] as const) : []),
  ],
  nameOf: (spec: RedisSpec) => nameOfTarget(spec),
  audienceOf: (spec: RedisSpec) =>
    JSON.stringify([spec.host, spec.port, spec.user, spec.tls, spec.verifyTls, spec.authority]),
})

function specOf(given: Static<typeof whole>): RedisSpec {
  return {
    ...readTargetFields(given, 6379),
    user: given.user ?? null,
    password: given.password ?? null,
    tls: given.tls ?? 'no',
    ...readEncryption(given),
  }
}
