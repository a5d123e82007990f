import type { MailReport } from '../../domain/subscribers/inbound/reports.ts'
import { Invalid } from '../../lib/errors.ts'

/** What a provider tells us: reports, or that somebody has to say yes to its reports first. */
export interface Bounced {
  readonly reports: readonly MailReport[]
  /** Where Amazon SNS wants the operator to say yes. */
  readonly confirmAt: string | null
}

type Fields = Readonly<Record<string, unknown>>

const mostReports = 1000

/**
 * Our own shape, `{ email, kind, permanent }`, alone or in a list, and those of Postmark, Mailgun, SendGrid and Amazon
 * SES, as they document them. What does not say that a mailbox is gone for good, or that somebody complained, is no report.
 */
export function readBounces(body: unknown): Bounced {
  const all: readonly unknown[] = Array.isArray(body) ? body : [body]
  if (all.length > mostReports) throw new Invalid(`At most ${mostReports} reports at a time.`)
  const read = all.map(readOne)
  return {
    reports: read.flatMap(({ reports }) => reports),
    confirmAt: read.find(({ confirmAt }) => confirmAt !== null)?.confirmAt ?? null,
  }
}

function readOne(value: unknown): Bounced {
  const given = fieldsIn(value)
  const event = fieldsIn(given['event-data'])
  if (textIn(given, 'Type') === 'SubscriptionConfirmation') return { reports: [], confirmAt: confirmAddress(given) }
  if (textIn(given, 'Type') === 'Notification') return reported(ofSes(messageIn(given)))
  if ('notificationType' in given || 'eventType' in given) return reported(ofSes(given))
  if ('RecordType' in given) return reported(ofPostmark(given))
  if ('event' in event) return reported(ofMailgun(event))
  if ('event' in given) return reported(ofSendGrid(given))
  if ('kind' in given) return reported(ofOurs(given))
  throw new Invalid(
    'This is no report of a bounce: send { "email": "…", "kind": "bounce" or "complaint", "permanent": true or false }.',
  )
}

function reported(reports: readonly MailReport[]): Bounced {
  return { reports, confirmAt: null }
}

function ofOurs(given: Fields): readonly MailReport[] {
  const { kind, permanent = kind === 'complaint' } = given
  const address = textIn(given, 'email')
  if (address === '') throw new Invalid('must be the address that the mail was for', 'email')
  if (kind !== 'bounce' && kind !== 'complaint') throw new Invalid('must be bounce or complaint', 'kind')
  if (typeof permanent !== 'boolean') throw new Invalid('must be true or false', 'permanent')
  return kind === 'complaint' || permanent ? [{ address, kind }] : []
}

function ofPostmark(given: Fields): readonly MailReport[] {
  const address = textIn(given, 'Email')
  if (given['RecordType'] === 'SpamComplaint') return [{ address, kind: 'complaint' }]
  return given['RecordType'] === 'Bounce' && given['Type'] === 'HardBounce' ? [{ address, kind: 'bounce' }] : []
}

function ofMailgun(event: Fields): readonly MailReport[] {
  const address = textIn(event, 'recipient')
  if (event['event'] === 'complained') return [{ address, kind: 'complaint' }]
  return event['event'] === 'failed' && event['severity'] === 'permanent' && event['reason'] === 'bounce'
    ? [{ address, kind: 'bounce' }]
    : []
}

function ofSendGrid(given: Fields): readonly MailReport[] {
  const address = textIn(given, 'email')
  if (given['event'] === 'spamreport') return [{ address, kind: 'complaint' }]
  // `blocked` is said of servers that did not want this letter.
  return given['event'] === 'bounce' && given['type'] !== 'blocked' ? [{ address, kind: 'bounce' }] : []
}

/** Of notifications and of event publishing. */
function ofSes(given: Fields): readonly MailReport[] {
  const type = textIn(given, 'notificationType') || textIn(given, 'eventType')
  const bounce = fieldsIn(given['bounce'])
  if (type === 'Complaint') return recipientsIn(fieldsIn(given['complaint'])['complainedRecipients'], 'complaint')
  return type === 'Bounce' && bounce['bounceType'] === 'Permanent'
    ? recipientsIn(bounce['bouncedRecipients'], 'bounce')
    : []
}

function recipientsIn(list: unknown, kind: MailReport['kind']): readonly MailReport[] {
  const all: readonly unknown[] = Array.isArray(list) ? list : []
  return all.slice(0, mostReports).map((one) => ({ address: textIn(fieldsIn(one), 'emailAddress'), kind }))
}

function messageIn(given: Fields): Fields {
  try {
    return fieldsIn(JSON.parse(textIn(given, 'Message')))
  } catch {
    // Another notice of that topic, in plain words.
    return {}
  }
}

/** Nobody opens it for whoever sends it here: the operator does, who knows whether it is their own. */
function confirmAddress(given: Fields): string | null {
  const url = URL.parse(textIn(given, 'SubscribeURL'))
  return url?.protocol === 'https:' && /^sns\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/.test(url.host) ? url.href : null
}

function fieldsIn(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}

function textIn(given: Fields, name: string): string {
  const value = given[name]
  return typeof value === 'string' ? value : ''
}
