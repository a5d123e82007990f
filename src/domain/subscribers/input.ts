import { check } from '../../lib/check.ts'
import { Invalid } from '../../lib/errors.ts'
import { type Static, type Unchecked, choice, fields, id, list, optional, text, zoneName } from '../../lib/fields.ts'
import { severities } from '../incidents/incident.ts'
import { locales } from '../site/site.ts'
import type { ChannelKind } from './channel.ts'
import { type QuietHours, type Scope, type Wishes, extents, subscribedKinds } from './subscriber.ts'

/** More than a page has; a list from outside ends somewhere. */
const mostChosen = 2000

const timeOfDay = text('word', 'a time of day such as 22:00', (value) =>
  /^([01]\d|2[0-3]):[0-5]\d$/.test(value) ? null : 'must be a time of day such as 22:00',
)

export type WishesInput = Static<typeof wishesInput>
export const wishesInput = fields({
  everything: choice(['yes', 'no']),
  components: optional(list(id, mostChosen)),
  groups: optional(list(id, mostChosen)),
  incidents: optional(list(id, mostChosen)),
  kinds: list(choice(subscribedKinds), subscribedKinds.length),
  severityFrom: choice(severities),
  extent: choice(extents),
  quietFrom: optional(timeOfDay),
  quietUntil: optional(timeOfDay),
  locale: choice(locales),
  zone: zoneName,
})

/** What somebody chose, from the flat fields of a form or a document. */
export function readWishes(input: Unchecked<WishesInput>): Wishes {
  const { kinds, severityFrom, extent, locale, zone, ...chosen } = check(wishesInput, input)
  if (kinds.length === 0) throw new Invalid('Choose at least one kind of news.', 'kinds')
  return {
    scope: scopeOf(chosen),
    kinds: subscribedKinds.filter((kind) => kinds.includes(kind)),
    severityFrom,
    extent,
    quiet: quietOf(chosen),
    locale,
    zone,
  }
}

function quietOf({
  quietFrom: from = null,
  quietUntil: until = null,
}: Pick<WishesInput, 'quietFrom' | 'quietUntil'>): QuietHours | null {
  if (from === null && until === null) return null
  if (from === null || until === null) {
    const field = from === null ? 'quietFrom' : 'quietUntil'
    throw new Invalid('Say when the quiet hours begin and when they end, or neither.', field)
  }
  if (from === until) throw new Invalid('The quiet hours must end at another time than they begin.', 'quietUntil')
  return { from, until }
}

function scopeOf({
  everything,
  components,
  groups,
  incidents,
}: Pick<WishesInput, 'everything' | 'components' | 'groups' | 'incidents'>): Scope {
  if (everything === 'yes') return wholeScope
  const each = (ids: readonly string[] | null | undefined): readonly string[] => [...new Set(ids ?? [])].toSorted()
  const scope: Scope = {
    everything,
    components: each(components),
    groups: each(groups),
    incidents: each(incidents),
  }
  if (isNothing(scope)) throw new Invalid('Choose at least one system, or everything.', 'scope')
  return scope
}

export const wholeScope: Scope = { everything: 'yes', components: [], groups: [], incidents: [] }

export function isNothing({ everything, components, groups, incidents }: Scope): boolean {
  return everything === 'no' && components.length + groups.length + incidents.length === 0
}

/**
 * What is preset for somebody whom a program names. By text message they hear that something begins and ends, as programs
 * of the contract expect of it: each costs money, and rings.
 */
export function usualWishesBy(channel: ChannelKind, reader: Pick<Wishes, 'locale' | 'zone'>): Wishes {
  return { ...usualWishes(reader), extent: channel === 'sms' ? 'ends' : 'every' }
}

/** What is preset for somebody who chooses nothing. */
export function usualWishes({ locale, zone }: Pick<Wishes, 'locale' | 'zone'>): Wishes {
  return { scope: wholeScope, kinds: subscribedKinds, severityFrom: 'none', extent: 'every', quiet: null, locale, zone }
}
