import type { ChannelKind } from '../../../domain/subscribers/channel.ts'
import { usualWishes } from '../../../domain/subscribers/input.ts'
import { webhookFormats } from '../../../domain/subscribers/targets.ts'
import { type Reader, type Words, bareName } from '../../../domain/site/reader.ts'
import type { Snapshot } from '../../../domain/status/snapshot-types.ts'
import { type FeedLink, feedLinks } from '../feed-links.ts'
import { type Frame, frameOf } from '../frame.ts'
import type { PushButton } from '../push.ts'
import type { Fault } from './faults.ts'
import {
  type WishValues,
  type Fields,
  type This,
  type FormChannel,
  extentOfTexts,
  formChannels,
  placeField,
  textIn,
  wishValuesIn,
} from './read-form.ts'
import { type Choice, type WishForm, valuesOf, wishForm } from './wish-form.ts'

export const anywhere: Origin = { path: '/subscribe', of: null }

/** From which page somebody came: it says what they want to follow, as long as they choose nothing else. */
export interface Origin {
  /** `/subscribe/components/search`; `/subscribe` from anywhere else. */
  readonly path: string
  readonly of: This
}

export interface Way {
  readonly kind: FormChannel
  readonly word: string
  readonly chosen: boolean
  /** Null where its field stands above, or it has none. */
  readonly field: {
    readonly name: string
    readonly label: string
    readonly type: 'url' | 'tel' | 'email'
    readonly value: string
  } | null
  /** Of a webhook. */
  readonly formats: readonly Choice[]
  /** Of text messages. */
  readonly extents: readonly Choice[]
}

export interface SubscribeModel {
  readonly frame: Frame
  readonly action: string
  readonly of: This
  /** Null where no mail is sent from here. */
  readonly email: string | null
  readonly ways: readonly Way[]
  readonly isElsewhere: boolean
  readonly isChosen: boolean
  readonly wishes: WishForm
  readonly fault: Fault | null
  readonly push: PushButton
  readonly feeds: readonly FeedLink[]
}

export interface SubscribeParts {
  readonly snapshot: Snapshot
  readonly reader: Reader
  readonly url: string
  readonly offered: readonly ChannelKind[]
  readonly origin: Origin
  readonly push: PushButton
  /** What was sent and refused: nothing that was typed is lost. */
  readonly sent?: { readonly fields: Fields; readonly fault: Fault }
}

export function subscribeModel({ snapshot, reader, url, offered, origin, push, sent }: SubscribeParts): SubscribeModel {
  const { say } = reader
  const kinds = formChannels(offered, snapshot)
  const fields = sent?.fields ?? {}
  const hasMail = kinds.includes('email')
  const channel = textIn(fields, 'channel') || (kinds[0] ?? '')
  const values = sent ? wishValuesIn(fields, usualIn(snapshot, reader)) : firstValues(snapshot, reader, origin.of)
  const fault = sent?.fault ?? null
  const title = say('subscribe.title')
  return {
    frame: frameOf({
      snapshot,
      reader,
      url,
      path: origin.path,
      title: say('incident.title', { name: title, site: reader.name(snapshot.site, 'name').text }),
      description: say('subscribe.lead'),
    }),
    action: url + reader.href('/subscribe'),
    of: origin.of,
    email: hasMail ? textIn(fields, 'email') : null,
    ways: kinds.map((kind) => wayOf(kind, { reader, fields, chosen: kind === channel })),
    isElsewhere: !hasMail || channel !== 'email',
    isChosen: fault !== null && ['scope', 'kinds', 'quiet'].includes(fault.field ?? ''),
    wishes: wishForm(values, { snapshot, reader, of: thisOf(origin.of, snapshot, reader), isZoneOpen: !sent }),
    fault,
    push,
    feeds: feedsOf(origin, reader),
  }
}

function usualIn({ site }: Snapshot, { locale }: Reader): { locale: string; zone: string } {
  return { locale, zone: site.zone }
}

function firstValues(snapshot: Snapshot, reader: Reader, of: This): WishValues {
  const values = valuesOf(usualWishes(usualIn(snapshot, reader)))
  return of ? { ...values, scope: 'this' } : values
}

/** What is preset comes first. */
const textExtents = ['ends', 'every'] as const

function wayOf(
  kind: FormChannel,
  { reader: { say }, fields, chosen }: { readonly reader: Reader; readonly fields: Fields; readonly chosen: boolean },
): Way {
  const word = say(`subscribe.channel.${kind}`)
  if (kind === 'telegram') return { kind, word, chosen, field: null, formats: [], extents: [] }
  const name = placeField(kind)
  const label = kind === 'sms' ? 'number' : kind === 'ntfy' ? 'topic' : kind === 'webhook' ? 'post' : ('url' as const)
  const field = {
    name,
    label: say(`subscribe.${label}`),
    type: kind === 'sms' ? ('tel' as const) : ('url' as const),
    value: textIn(fields, name),
  }
  const format = textIn(fields, 'format') || 'standard'
  return {
    kind,
    word,
    chosen,
    field: kind === 'email' ? null : field,
    formats:
      kind === 'webhook'
        ? webhookFormats.map((value) => ({ value, word: say(`subscribe.${value}`), chosen: value === format }))
        : [],
    extents:
      kind === 'sms'
        ? textExtents.map((value) => ({
            value,
            word: say(`subscribe.${value}`),
            chosen: value === extentOfTexts(fields),
          }))
        : [],
  }
}

/** What they came from, by its name; null: it is not there, or nobody's business. */
export function thisOf(of: This, snapshot: Snapshot, reader: Reader): WishForm['this'] {
  const words = of && wordsOf(of, snapshot, reader)
  return of && words ? { ...of, words } : null
}

function wordsOf({ kind, id }: NonNullable<This>, snapshot: Snapshot, reader: Reader): Words | null {
  if (kind === 'incident') {
    const incident = snapshot.openIncidents.find((one) => one.id === id)
    return (
      (incident &&
        reader.phrase('subscribe.onlyIncident', { name: [reader.name(incident, 'name', incident.locale)] })) ??
      null
    )
  }
  const thing = (kind === 'group' ? snapshot.groups : snapshot.listed).find((one) => one.id === id)
  return thing ? reader.phrase('subscribe.only', { name: [reader.name(thing, 'name')] }) : null
}

/** Those of the one thing they came for, where it has its own. */
function feedsOf({ path, of }: Origin, reader: Reader): SubscribeModel['feeds'] {
  const hasOwn = of?.kind === 'component' || of?.kind === 'incident'
  return feedLinks(hasOwn ? path.slice(anywhere.path.length) : '', reader)
}

/** What is left to be done in Telegram: its own page, because the code is somebody's own. */
export interface TelegramModel {
  readonly frame: Frame
  readonly title: string
  readonly text: string
  readonly link: string
  readonly byHand: Words
  readonly command: string
}

export function telegramModel(
  { snapshot, reader, url }: Pick<SubscribeParts, 'snapshot' | 'reader' | 'url'>,
  { bot, code }: { readonly bot: string; readonly code: string },
): TelegramModel {
  const { say } = reader
  const title = say('subscribe.sentElsewhere')
  const name = say('incident.title', { name: title, site: reader.name(snapshot.site, 'name').text })
  return {
    frame: frameOf({ snapshot, reader, url, path: null, title: name, description: title }),
    title,
    text: say('subscribe.telegram'),
    link: `https://t.me/${bot}?start=${code}`,
    byHand: reader.phrase('subscribe.telegramByHand', { bot: [bareName(`@${bot}`)] }),
    command: `/start ${code}`,
  }
}

export interface SentModel {
  readonly frame: Frame
  readonly title: string
  readonly text: string
  readonly again: string
}

/** The same for everybody who asked, whoever they are. */
export function sentModel(snapshot: Snapshot, reader: Reader, url: string, channel: ChannelKind): SentModel {
  const { say } = reader
  const title = say(channel === 'email' ? 'subscribe.sent' : 'subscribe.sentElsewhere')
  const text = say(channel === 'email' ? 'subscribe.sentText' : 'subscribe.sentElsewhereText')
  return {
    frame: frameOf({
      snapshot,
      reader,
      url,
      path: `/subscribe/sent/${channel}`,
      title: say('incident.title', { name: title, site: reader.name(snapshot.site, 'name').text }),
      description: text,
    }),
    title,
    text,
    again: reader.href('/subscribe'),
  }
}
