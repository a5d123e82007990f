import { type Static, choice, fields, line, optional, whole as wholeNumber } from '../../../lib/fields.ts'
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

/** Whose certificate is looked at, and how one gets to see it. */
export interface TlsSpec extends Target, Pick<Encryption, 'authority'> {
  /** The name it must be valid for. */
  readonly serverName: string
  readonly starttls: StartTls
  /** From how many days before its end on it is said that it ends soon; null: never. */
  readonly warnDays: number | null
}

const flavours = ['no', 'smtp', 'imap', 'pop3', 'ftp', 'postgres'] as const
export type StartTls = (typeof flavours)[number]

const usualPorts: Readonly<Record<StartTls, number>> = {
  no: 443,
  smtp: 587,
  imap: 143,
  pop3: 110,
  ftp: 21,
  postgres: 5432,
}

const asks = {
  host: targetAsks.host,
  port: targetAsks.port,
  starttls: optional(choice(flavours)),
  serverName: optional(line(255)),
  warnDays: optional(wholeNumber(1, 365)),
  authority: encryptionAsks.authority,
  family: targetAsks.family,
}

const whole = fields(asks)

export const tls = kindRules({
  label: 'TLS certificate',
  purpose: 'Looks at a certificate: its name, who vouches for it, and until when.',
  asks,
  form: {
    host: { ...targetForm.host, placeholder: 'www.example.com' },
    port: { ...targetForm.port, hint: 'Left empty: 443, or the usual one of what it speaks.' },
    starttls: {
      label: 'Encrypted',
      usual: 'no',
      choices: {
        no: 'From the start',
        smtp: 'With STARTTLS of SMTP',
        imap: 'With STARTTLS of IMAP',
        pop3: 'With STLS of POP3',
        ftp: 'With AUTH TLS of FTP',
        postgres: 'As PostgreSQL asks for it',
      },
      place: 'more',
    },
    serverName: { label: 'Name it must be valid for', hint: 'Left empty: the host.', place: 'more' },
    warnDays: {
      label: 'Say so this many days before it ends',
      usual: '14',
      hint: 'Said at this desk alone. To have it count as a failure, assert certificate.days > 7.',
    },
    authority: encryptionForm.authority,
    family: targetForm.family,
  },
  // A certificate changes a few times a year; ten minutes are soon enough to see that one went wrong.
  usual: { intervalSeconds: 600 },
  read: specOf,
  sources: () => ['latency', 'latency.dns', 'latency.connect', 'latency.tls', 'certificate.days'],
  exampleAssertions: 'certificate.days > 7',
  nameOf: (spec: TlsSpec) => nameOfTarget(spec),
})

function specOf(given: Static<typeof whole>): TlsSpec {
  const starttls = given.starttls ?? 'no'
  const target = readTargetFields(given, usualPorts[starttls])
  const name = given.serverName ?? null
  return {
    ...target,
    serverName: name === null ? target.host : readHost(name, 'serverName'),
    starttls,
    warnDays: given.warnDays ?? null,
    authority: readEncryption({ authority: given.authority ?? null }).authority,
  }
}
