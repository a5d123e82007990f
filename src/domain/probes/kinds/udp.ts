import { Buffer } from 'node:buffer'
import { Invalid } from '../../../lib/errors.ts'
import { type Static, choice, fields, line, optional } from '../../../lib/fields.ts'
import { readPattern } from '../../../lib/patterns.ts'
import { unescaped } from '../dialogue.ts'
import { kindRules } from './kind.ts'
import { type Target, nameOfTarget, readTargetFields, targetAsks, targetForm } from './target.ts'

/** What is sent in one packet, and what has to come back. */
export interface UdpSpec extends Target {
  readonly send: string
  readonly format: 'text' | 'hex'
  /** Text or `/pattern/`; null: nothing has to come back. */
  readonly expect: string | null
}

const asks = {
  host: targetAsks.host,
  port: targetAsks.port,
  send: optional(line(2000)),
  format: optional(choice(['text', 'hex'])),
  expect: optional(line(500)),
  family: targetAsks.family,
}

const whole = fields(asks)

export const udp = kindRules({
  label: 'UDP',
  purpose: 'Sends a packet and, if you like, waits for one: game servers, time servers, anything without connections.',
  asks,
  form: {
    ...targetForm,
    host: { ...targetForm.host, placeholder: 'game.example.com' },
    send: { label: 'Send', as: 'mono', placeholder: 'ping\\n', hint: 'Left empty: an empty packet.' },
    format: {
      label: 'Written as',
      usual: 'text',
      choices: { text: 'Text, with \\r \\n \\x00', hex: 'Bytes, as in 00 ff 1a' },
    },
    expect: {
      label: 'Expect',
      as: 'mono',
      placeholder: 'pong',
      hint: 'Text or /pattern/. Left empty, all is well unless the packet is refused: a host that drops everything passes.',
    },
  },
  read: specOf,
  sources: ({ expect }: UdpSpec) => (expect === null ? ['latency.dns'] : ['latency', 'latency.dns', 'rtt', 'body']),
  nameOf: (spec: UdpSpec) => nameOfTarget(spec),
})

function specOf(given: Static<typeof whole>): UdpSpec {
  const send = given.send ?? ''
  const format = given.format ?? 'text'
  const expect = given.expect ?? null
  if (packetOf({ send, format }) === null) {
    throw new Invalid(
      format === 'hex'
        ? 'Bytes are pairs of hexadecimal digits, such as 00 ff 1a.'
        : 'Of what begins with a backslash, \\r \\n \\t \\0 \\\\ and \\x41 are known.',
      'send',
    )
  }
  const holds = expect === null ? null : expectation(expect)
  if (typeof holds === 'string') throw new Invalid(holds, 'expect')
  return { ...readTargetFields(given, null), send, format, expect }
}

/** The bytes to send; null if they cannot be read. */
export function packetOf({ send, format }: Pick<UdpSpec, 'send' | 'format'>): Buffer | null {
  if (format === 'text') return unescaped(send)
  const digits = send.replace(/\s/g, '')
  return /^([0-9a-f]{2})*$/i.test(digits) ? Buffer.from(digits, 'hex') : null
}

/** Whether a packet is the one that is waited for; or, as a sentence, why nobody can tell. */
export function expectation(expect: string): ((packet: Buffer) => boolean) | string {
  const [, source, flags = ''] = /^\/(.+)\/([a-z]*)$/.exec(expect) ?? []
  if (source === undefined) {
    const bytes = unescaped(expect)
    return bytes
      ? (packet) => packet.includes(bytes)
      : 'Of what begins with a backslash, \\r \\n \\t \\0 \\\\ and \\x41 are known.'
  }
  const pattern = readPattern(source, flags)
  if ('fault' in pattern) return `What is expected ${pattern.fault}.`
  return (packet) => pattern.findIn(packet.toString()) === 'yes'
}
