import type { DropReason } from '../../../domain/deliveries/addressees.ts'
import type { Delivery, DeliveryState } from '../../../domain/deliveries/log.ts'
import type { FailureReason, Payload } from '../../../domain/deliveries/message.ts'
import type { Told } from '../../../domain/deliveries/told.ts'
import type { DeskWords } from '../words.ts'

/** How far a delivery has come, as a heading says it. */
export const stateWords: Readonly<Record<DeliveryState, string>> = {
  queued: 'waiting',
  sending: 'being sent',
  again: 'to be tried again',
  accepted: 'accepted',
  failed: 'failed',
  dropped: 'not needed any more',
}

/** Why it did not arrive, and who could do something about it. */
export const failureWords: Readonly<Record<FailureReason, string>> = {
  'refused by the receiver': 'Their server refused it.',
  'no such address': 'There is no such address.',
  'mailbox full': 'Their mailbox is full.',
  'taken for spam': 'Their server took it for spam. See to SPF, DKIM and DMARC of your domain.',
  gone: 'It leads nowhere any more.',
  'not allowed': 'We may not write there: what lets us in is wrong or was taken away.',
  'private address':
    'It leads to a private address: we write there if CANDOR_EGRESS_ALLOW names it and an operator added it or brought it in a list.',
  unreachable: 'Nobody answered there.',
  'timed out': 'It took too long to answer.',
  insecure: 'It could not be sent encrypted, so it was not sent.',
  'too many at once': 'They take fewer at a time than we had.',
  'receiver failed': 'Their server was broken.',
  'cannot be written to': 'It leads to a place that we never write to.',
  'our own fault':
    'We could not send it. The log says where it failed; “candor doctor” and Channels under Settings may say what is lacking.',
}

const dropWords: Readonly<Record<DropReason, string>> = {
  left: 'They left meanwhile.',
  paused: 'They paused meanwhile.',
  disabled: 'Nothing is sent there any more.',
  'not confirmed': 'They have not said yes yet.',
  settled: 'It was settled meanwhile.',
  'taken back': 'It was taken back.',
  'too late': 'It was old news by the time it could be sent.',
}

/** What became of it, for whoever asks why they heard nothing. */
export function deliveryInWords(
  { state, reason, code, attempts, dueAt, doneAt }: Delivery,
  { time }: Pick<DeskWords, 'time'>,
): string {
  const answer = code === null ? '' : ` (${code})`
  const why = reason === null ? '' : Object.hasOwn(failureWords, reason) ? failureWords[reason as FailureReason] : ''
  switch (state) {
    case 'accepted':
      return `Accepted by their server ${doneAt ? time(doneAt) : ''}${answer}.`
    case 'failed':
      return `${why || 'Nobody knows why.'} Given up ${doneAt ? time(doneAt) : ''} after ${tries(attempts)}${answer}.`
    case 'dropped':
      return reason === null ? 'It was not needed any more.' : (dropWords[reason as DropReason] ?? why)
    case 'again':
      return `${why} Tried ${times(attempts)}${answer}${dueAt ? `, again at ${time(dueAt)}` : ''}.`.trimStart()
    case 'sending':
      return 'It is being sent.'
    case 'queued':
      return dueAt ? `It waits, due ${time(dueAt)}.` : 'It waits.'
  }
}

function tries(count: number): string {
  return count === 1 ? 'one try' : `${count} tries`
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`
}

/** What somebody was sent, also where it was about their subscription. */
export function letterInWords(payload: Payload): string {
  switch (payload.kind) {
    case 'told':
      return toldInWords(payload.told)
    case 'confirm':
      return 'the question whether it was they'
    case 'known':
      return 'the letter that says where to change it'
    case 'test':
      return `a test by ${payload.by}`
    case 'alert':
    case 'reset':
    case 'invitation':
      return 'a letter to the team'
  }
}

/** What a message brought: `the first word on “Cards fail”`. */
export function toldInWords({ event, kind, moment, subject }: Told): string {
  const name = `“${subject.name}”`
  if (event === 'update.corrected') return `a correction on ${name}`
  if (event === 'update.withdrawn') return `that a word on ${name} was withdrawn`
  if (event === 'action.done') return `that something promised after ${name} is done`
  if (event === 'action.dropped') return `that something promised after ${name} will not be done`
  if (kind === 'review') return `the review of ${name}`
  if (moment === 'begins') return `the first word on ${name}`
  return moment === 'ends' ? `the end of ${name}` : `an update on ${name}`
}
