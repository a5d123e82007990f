import { Invalid } from '../../../lib/errors.ts'
import { type Static, choice, fields, optional, prose } from '../../../lib/fields.ts'
import { type Greeting, greetings, readDialogue } from '../dialogue.ts'
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

/** What a TCP probe says and expects to hear. */
export interface TcpSpec extends Target, Encryption {
  readonly speaks: 'anything' | Greeting
  /** Instead of what its protocol would say. */
  readonly dialogue: string | null
  /** Whether it is encrypted from the first byte. */
  readonly tls: 'no' | 'yes'
}

const speaks = ['anything', 'smtp', 'submission', 'imap', 'pop3', 'ssh'] as const

const asks = {
  host: targetAsks.host,
  speaks: optional(choice(speaks)),
  port: targetAsks.port,
  dialogue: optional(prose(4000)),
  tls: optional(choice(['no', 'yes'])),
  ...encryptionAsks,
  family: targetAsks.family,
}

const whole = fields(asks)

export const tcp = kindRules({
  label: 'TCP',
  purpose:
    'Connects to a port and, if you like, holds a short dialogue: mail servers, SSH, anything that speaks in lines.',
  asks,
  form: {
    ...targetForm,
    port: { ...targetForm.port, hint: 'Left empty: the usual one of what it speaks.' },
    speaks: {
      label: 'It speaks',
      usual: 'anything',
      choices: {
        anything: 'Anything else',
        smtp: 'SMTP',
        submission: 'SMTP, STARTTLS',
        imap: 'IMAP',
        pop3: 'POP3',
        ssh: 'SSH',
      },
    },
    dialogue: {
      label: 'Dialogue, a step a line',
      hint: 'expect text or /pattern/, send text with \\r\\n, starttls. Left empty: what it speaks decides.',
      as: 'mono',
      placeholder: 'expect /^220 /m\nsend EHLO me\\r\\n\nexpect /^250 /m',
      place: 'more',
    },
    tls: { label: 'Encrypted from the start', usual: 'no', choices: { no: 'No', yes: 'Yes (TLS)' }, place: 'more' },
    ...encryptionForm,
  },
  read: specOf,
  sources: ({ tls, speaks, dialogue }: TcpSpec) => [
    'latency',
    'latency.dns',
    'latency.connect',
    'body',
    ...(tls === 'yes' || speaks === 'submission' || /^[ \t]*starttls/m.test(dialogue ?? '')
      ? (['latency.tls', 'certificate.days'] as const)
      : []),
  ],
  exampleAssertions: 'body contains "ESMTP"',
  nameOf: (spec) => nameOfTarget(spec),
})

function specOf(given: Static<typeof whole>): TcpSpec {
  const speaks = given.speaks ?? 'anything'
  const dialogue = given.dialogue ?? null
  const tls = given.tls ?? 'no'
  const steps = readDialogue(dialogue ?? '')
  if ('fault' in steps) throw new Invalid(`Line ${steps.line} of the dialogue: ${steps.fault}`, 'dialogue')
  const usual = speaks === 'anything' ? null : greetings[speaks]
  if (
    tls === 'yes' &&
    (steps.some(({ step }) => step === 'starttls') || (dialogue === null && speaks === 'submission'))
  ) {
    throw new Invalid('Either it is encrypted from the start, or STARTTLS makes it so.', 'tls')
  }
  return {
    ...readTargetFields(given, usual?.port ?? null),
    speaks,
    dialogue,
    tls,
    ...readEncryption(given),
  }
}
