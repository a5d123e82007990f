import { type ChannelKind, type Target, channelKinds } from '../../../domain/subscribers/channel.ts'
import type { Snapshot } from '../../../domain/status/snapshot-types.ts'
import { readWishes } from '../../../domain/subscribers/input.ts'
import type { Wishes } from '../../../domain/subscribers/subscriber.ts'
import { readTarget } from '../../../domain/subscribers/targets.ts'
import { Invalid } from '../../../lib/errors.ts'

export type ScopeChoice = 'all' | 'this' | 'chosen'

/** What stands in the fields, as it came: wrong words too. */
export interface WishValues {
  readonly scope: ScopeChoice
  readonly components: readonly string[]
  readonly groups: readonly string[]
  readonly incidents: readonly string[]
  readonly kinds: readonly string[]
  readonly severityFrom: string
  readonly extent: string
  readonly quietFrom: string
  readonly quietUntil: string
  readonly locale: string
  readonly zone: string
}

/** Fields as they came: text, or several texts under one name. */
export type Fields = Readonly<Record<string, unknown>>

/** The first text under a name, as far as it could be shown again. */
export function textIn(fields: Fields, name: string): string {
  const value = Array.isArray(fields[name]) ? (fields[name] as unknown[])[0] : fields[name]
  return typeof value === 'string' ? value.slice(0, 2100) : ''
}

function textsIn(fields: Fields, name: string): readonly string[] {
  const value = fields[name]
  const texts: readonly unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value]
  return texts.filter((one): one is string => typeof one === 'string' && one !== '')
}

/** What was chosen, right or wrong: to be shown again, and to be read. */
export function wishValuesIn(fields: Fields, usual: Pick<WishValues, 'locale' | 'zone'>): WishValues {
  const scope = textIn(fields, 'scope')
  return {
    scope: scope === 'this' || scope === 'chosen' ? scope : 'all',
    components: textsIn(fields, 'component'),
    groups: textsIn(fields, 'group'),
    incidents: textsIn(fields, 'incident'),
    kinds: textsIn(fields, 'kind'),
    severityFrom: textIn(fields, 'severityFrom'),
    extent: textIn(fields, 'channel') === 'sms' ? extentOfTexts(fields) : textIn(fields, 'extent'),
    quietFrom: textIn(fields, 'quietFrom'),
    quietUntil: textIn(fields, 'quietUntil'),
    locale: textIn(fields, 'locale') || usual.locale,
    zone: textIn(fields, 'zone') || usual.zone,
  }
}

/** Of text messages, each of which costs and wakes: only begin and end, where nothing else is chosen. */
export function extentOfTexts(fields: Fields): string {
  return textIn(fields, 'textExtent') || 'ends'
}

/** The thing whose page they came from, as the form names it. */
export type This = { readonly kind: 'component' | 'incident' | 'group'; readonly id: string } | null

export function wishesOf({ scope, components, groups, incidents, ...rest }: WishValues, of: This): Wishes {
  const chosen =
    scope === 'this' && of
      ? { components: [], groups: [], incidents: [], [`${of.kind}s`]: [of.id] }
      : { components, groups, incidents }
  return readWishes({ everything: scope === 'all' ? 'yes' : 'no', ...chosen, ...rest })
}

/** A way whose place somebody can write down. */
export type WrittenChannel = Exclude<ChannelKind, 'web-push' | 'telegram'>

/** A way that stands in the form: a chat in Telegram says itself where it is. */
export type FormChannel = Exclude<ChannelKind, 'web-push'>

/** Those that work: in Telegram somebody has to hear who writes. */
export function formChannels(
  offered: readonly ChannelKind[],
  { telegramBot }: Pick<Snapshot, 'telegramBot'>,
): readonly FormChannel[] {
  return offered.filter((kind) => kind !== 'web-push').filter((kind) => kind !== 'telegram' || telegramBot !== null)
}

/** Under which name the place of a channel stands in the form. */
export function placeField(kind: WrittenChannel): string {
  return kind === 'email' ? 'email' : kind === 'sms' ? 'number' : kind
}

export function channelIn(fields: Fields, offered: readonly FormChannel[]): FormChannel {
  const named = textIn(fields, 'channel') || (offered[0] ?? '')
  const kind = offered.find((one) => one === named)
  if (!kind) throw new Invalid('Choose one of the ways that are offered.', 'channel')
  return kind
}

/** Where it leads; what is wrong is told of the field that the form has. */
export function targetIn(fields: Fields, kind: WrittenChannel): Target {
  const place = textIn(fields, placeField(kind))
  const format = textIn(fields, 'format')
  try {
    return readTarget(kind, { address: place, number: place, url: place, ...(format === '' ? {} : { format }) })
  } catch (error) {
    if (error instanceof Invalid) throw new Invalid(error.message, placeField(kind), { cause: error })
    throw error
  }
}

export function isChannelKind(text: string): text is ChannelKind {
  return (channelKinds as readonly string[]).includes(text)
}
