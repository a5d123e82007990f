import { type Wishes, extents, subscribedKinds } from '../../../domain/subscribers/subscriber.ts'
import { severities } from '../../../domain/incidents/incident.ts'
import type { NamePart, Reader, Words } from '../../../domain/site/reader.ts'
import { languagesOf } from '../../../domain/site/reader.ts'
import type { Snapshot } from '../../../domain/status/snapshot-types.ts'
import type { ScopeChoice, WishValues } from './read-form.ts'
import { type ZoneGroup, zoneGroups } from './zones.ts'

export interface Choice {
  readonly value: string
  readonly word: string
  readonly chosen: boolean
}

export interface NamedChoice {
  readonly id: string
  readonly words: Words
  readonly chosen: boolean
}

/** What one can hear of, as fields: the same for signing up and for changing. */
export interface WishForm {
  readonly scope: ScopeChoice
  /** The one thing whose page they came from. */
  readonly this: {
    readonly kind: 'component' | 'incident' | 'group'
    readonly id: string
    readonly words: Words
  } | null
  readonly groups: readonly (NamedChoice & { readonly components: readonly NamedChoice[] })[]
  /** Of no group. */
  readonly components: readonly NamedChoice[]
  readonly incidents: readonly NamedChoice[]
  /** More than anybody looks through. */
  readonly isMany: boolean
  readonly kinds: readonly Choice[]
  readonly severities: readonly Choice[]
  readonly extents: readonly Choice[]
  readonly quietFrom: string
  readonly quietUntil: string
  readonly languages: readonly (Choice & { readonly dir: 'ltr' | 'rtl' })[]
  readonly zones: readonly ZoneGroup[]
  readonly zone: string
  /** A script may choose the reader's own. */
  readonly isZoneOpen: boolean
}

export function valuesOf({ scope, kinds, severityFrom, extent, quiet, locale, zone }: Wishes): WishValues {
  return {
    scope: scope.everything === 'yes' ? 'all' : 'chosen',
    components: scope.components,
    groups: scope.groups,
    incidents: scope.incidents,
    kinds,
    severityFrom,
    extent,
    quietFrom: quiet?.from ?? '',
    quietUntil: quiet?.until ?? '',
    locale,
    zone,
  }
}

interface Around {
  readonly snapshot: Snapshot
  readonly reader: Reader
  readonly of?: WishForm['this']
  readonly isZoneOpen?: boolean
}

/** More lines than these nobody looks through: who runs thousands of instances is followed from its page. */
const mostLines = 300

export function wishForm(values: WishValues, { snapshot, reader, of = null, isZoneOpen = false }: Around): WishForm {
  const { say } = reader
  const { groups, listed } = snapshot
  const line = (thing: { readonly id: string }, name: NamePart, chosen: readonly string[]): NamedChoice => ({
    id: thing.id,
    words: [name],
    chosen: chosen.includes(thing.id),
  })
  const isLong = groups.length + listed.length > mostLines
  const isMany = isLong && groups.length > mostLines
  const shown = isLong ? [] : listed
  // What was chosen stays to be seen, or saving would take it away.
  const kept = isLong ? listed.filter(({ id }) => values.components.includes(id)) : []
  const components = (groupId: string | null): NamedChoice[] =>
    shown.filter((one) => one.groupId === groupId).map((one) => line(one, reader.name(one, 'name'), values.components))
  const shownGroups = isMany ? groups.filter(({ id }) => values.groups.includes(id)) : groups
  const incidents = snapshot.recentIncidents.filter(({ id }) => values.incidents.includes(id))
  return {
    scope: values.scope,
    this: of,
    groups: shownGroups.map((group) => ({
      id: group.id,
      words: [reader.name(group, 'name')],
      chosen: values.groups.includes(group.id),
      components: components(group.id),
    })),
    components: [...components(null), ...kept.map((one) => line(one, reader.name(one, 'name'), values.components))],
    incidents: incidents.map((one) => line(one, reader.name(one, 'name', one.locale), values.incidents)),
    isMany,
    kinds: subscribedKinds.map((value) => ({
      value,
      word: say(`subscribe.kind.${value}`),
      chosen: values.kinds.includes(value),
    })),
    severities: severities.map((value) => ({
      value,
      word: say(`subscribe.from.${value}`),
      chosen: values.severityFrom === value,
    })),
    extents: extents.map((value) => ({ value, word: say(`subscribe.${value}`), chosen: values.extent === value })),
    quietFrom: values.quietFrom,
    quietUntil: values.quietUntil,
    languages: languagesOf(snapshot.site.locale).map(({ locale, name, dir }) => ({
      value: locale,
      word: name,
      dir,
      chosen: values.locale === locale,
    })),
    zones: zoneGroups(reader.locale, snapshot.site.zone, values.zone),
    zone: values.zone,
    isZoneOpen,
  }
}
