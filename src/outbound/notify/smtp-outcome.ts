import type { FailureReason } from '../../domain/deliveries/message.ts'
import type { Outcome } from './channel.ts'

/** What is known of a mail that was not taken. What the server said in words is looked at by nobody: it repeats addresses. */
export interface SmtpFault {
  readonly code?: string | undefined
  readonly originalCode?: string | undefined
  readonly response?: string | undefined
  readonly responseCode?: number | undefined
  readonly command?: string | undefined
}

type Never = Extract<Outcome, { became: 'never' }>

/**
 * What became of a mail, by the digits of the reply (RFC 5321, RFC 3463). Only what is said of this address ends what is
 * sent there: a server that finds fault with us, with our sender or with our network would otherwise end it for everybody.
 */
export function outcomeOfSmtp(fault: SmtpFault): Outcome {
  const { responseCode: reply, response = '', command, code: kind } = fault
  // Our own end found that this cannot be sent to this address, whatever server is asked.
  if (reply === undefined && (kind === 'EENVELOPE' || kind === 'EMESSAGE')) {
    return never({ reason: 'cannot be written to', ends: null }, null)
  }
  // Nobody was asked about a recipient yet, or the line broke: it says nothing of this one.
  if (reply === undefined || isOurs(fault)) return later(reasonOfLine(fault), codeOf(reply, response))
  const code = codeOf(reply, response)
  const detail = /^\d{3}[ -]\d\.(\d{1,3}\.\d{1,3})\b/.exec(response)?.[1] ?? null
  // 503: we are out of step with it, not it with the address.
  if (reply < 500 || reply === 503) return later(reasonToWait(reply, detail), code)
  return never(detail === null ? byReply(reply, command) : byDetail(detail, command), code)
}

/** That it took the mail: `250 2.0.0`. */
export function codeOf(reply: number | undefined, response: string): string | null {
  const enhanced = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1]
  return reply === undefined ? null : [reply, enhanced].filter((part) => part !== undefined).join(' ')
}

/** Signing in, our sender, encryption: whoever runs this machine sets it right, and then all is sent. */
function isOurs({ code, command = '', response = '' }: SmtpFault): boolean {
  if (/^\d{3}[ -]5\.1\.[78]\b/.test(response)) return true
  return code === 'EAUTH' || code === 'ENOAUTH' || code === 'ETLS' || /^(?:AUTH|MAIL FROM|EHLO|CONN)/.test(command)
}

function reasonOfLine({ code, originalCode = '', responseCode }: SmtpFault): FailureReason {
  if (code === 'ETLS' || /CERT|TLS|SSL|SIGNATURE|SELF_SIGNED|EPROTO/.test(originalCode)) return 'insecure'
  if (code === 'EAUTH' || code === 'ENOAUTH') return 'not allowed'
  if (code === 'ETIMEDOUT' || code === 'EABORT') return 'timed out'
  if (code === undefined) return 'our own fault'
  if (responseCode === undefined) return 'unreachable'
  return responseCode < 500 ? 'receiver failed' : 'not allowed'
}

function reasonToWait(reply: number, detail: string | null): FailureReason {
  if (detail === '2.2' || (reply === 452 && detail === null)) return 'mailbox full'
  return detail !== null && /^(?:7\.|4\.5$|5\.3$|3\.2$)/.test(detail) ? 'too many at once' : 'receiver failed'
}

/** Of the old replies without a second code. */
function byReply(reply: number, command: string | undefined): Pick<Never, 'reason' | 'ends'> {
  if (command !== 'RCPT TO') return { reason: reply === 552 ? 'mailbox full' : 'refused by the receiver', ends: null }
  if (reply === 550 || reply === 551 || reply === 553 || reply === 556) return noSuchAddress
  return { reason: reply === 552 ? 'mailbox full' : 'refused by the receiver', ends: null }
}

const noSuchAddress = { reason: 'no such address', ends: 'bounced' } as const

function byDetail(detail: string, command: string | undefined): Pick<Never, 'reason' | 'ends'> {
  if (detail.startsWith('1.') || detail === '2.1' || detail === '4.4') return noSuchAddress
  if (detail === '2.2') return { reason: 'mailbox full', ends: null }
  // Before the text was seen it is about who we are; after it, about what it says.
  if (detail.startsWith('7.'))
    return { reason: command === 'RCPT TO' ? 'refused by the receiver' : 'taken for spam', ends: null }
  return { reason: 'refused by the receiver', ends: null }
}

function later(reason: FailureReason, code: string | null): Outcome {
  return { became: 'later', reason, code }
}

function never({ reason, ends }: Pick<Never, 'reason' | 'ends'>, code: string | null): Never {
  return { became: 'never', reason, code, ends }
}
