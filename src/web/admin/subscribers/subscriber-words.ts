import type { SubscriberState } from '../../../domain/subscribers/queries.ts'
import type { DisabledBecause, Subscriber, SubscriberSource } from '../../../domain/subscribers/subscriber.ts'
import type { SuppressionReason } from '../../../domain/subscribers/leaving.ts'
import type { ChannelKind } from '../../../domain/subscribers/channel.ts'
import { channelWords } from '../alerts/alert-words.ts'
import type { DeskWords } from '../words.ts'

/** Of somebody else: “this” would be another browser. */
export function channelLabel(channel: ChannelKind): string {
  return channel === 'web-push' ? 'Browser' : channelWords[channel].label
}

export const subscriberStateWords: Readonly<Record<SubscriberState, string>> = {
  active: 'Told',
  unconfirmed: 'Not confirmed',
  paused: 'Paused',
  disabled: 'Given up',
}

const disabledWords: Readonly<Record<DisabledBecause, string>> = {
  bounced: 'mail there came back for good',
  complained: 'they marked our mail as spam',
  gone: 'it leads nowhere any more',
  refused: 'it was refused again and again',
}

export const suppressionWords: Readonly<Record<SuppressionReason, string>> = {
  left: 'left by themselves',
  erased: 'had everything erased',
  bounced: 'could not be reached',
  complained: 'marked our mail as spam',
  operator: 'was removed here',
}

/** `363 were removed here`, of those whom nothing brings back. */
export function suppressedInWords(reason: SuppressionReason, count: number): string {
  const words = reason === 'operator' && count !== 1 ? 'were removed here' : suppressionWords[reason]
  return `${count.toLocaleString('en')} ${words}`
}

const sourceWords: Readonly<Record<SubscriberSource, string>> = {
  form: 'on the page',
  api: 'by a program',
  import: 'from a list',
  operator: 'by an operator',
}

/** How it stands with somebody, in a sentence. */
export function standingInWords(
  { confirmedAt, pausedAt, disabledAt, disabledBecause, createdAt }: Subscriber,
  { time }: Pick<DeskWords, 'time'>,
): string {
  if (confirmedAt === null)
    return `Asked ${time(createdAt)}, and has not said yes. Forgotten a day after they were asked.`
  if (disabledAt !== null) {
    return `Nothing is sent any more since ${time(disabledAt)}${disabledBecause ? `: ${disabledWords[disabledBecause]}` : ''}.`
  }
  return pausedAt === null ? 'Is told what they asked for.' : `Paused since ${time(pausedAt)}: is told nothing.`
}

export function originInWords({ source, consentedAt }: Subscriber, { time }: Pick<DeskWords, 'time'>): string {
  return `Came ${sourceWords[source]}${consentedAt ? `, agreed ${time(consentedAt)}` : ''}.`
}

const kindWords = { incident: 'incidents', maintenance: 'maintenance', review: 'reviews', notice: 'notices' } as const
const severityWords = {
  none: null,
  minor: 'minor ones and worse',
  major: 'major ones and worse',
  critical: 'critical ones only',
} as const

/** What they hear, beside of what. */
export function wishesInWords({ kinds, severityFrom, extent, quiet, locale, zone }: Subscriber): string[] {
  const severity = severityWords[severityFrom]
  return [
    `Hears of ${and.format(kinds.map((kind) => kindWords[kind]))}${severity ? `; of incidents, ${severity}` : ''}.`,
    extent === 'every' ? 'Every update.' : 'Only when something begins and when it is over.',
    ...(quiet ? [`Between ${quiet.from} and ${quiet.until} only what is critical.`] : []),
    `Reads ${names.of(locale) ?? locale}, in the time of ${zone}.`,
  ]
}

const and = new Intl.ListFormat('en-GB', { type: 'conjunction' })
const names = new Intl.DisplayNames('en', { type: 'language' })
