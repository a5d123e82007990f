import type { Event } from '../../../domain/changes/events.ts'

type OfPlaces = Extract<Event, { type: `place.${string}` }>

/** From where is checked, and which of these places are told secrets. */
export function placeInWords({ type, data }: OfPlaces): string {
  switch (type) {
    case 'place.added':
      return `added the place “${data.name}” to check from`
    case 'place.renamed':
      return `renamed the place “${data.name}” to “${data.to}”`
    case 'place.trusted':
      return `trusted the place “${data.name}” with the secrets of probes`
    case 'place.distrusted':
      return `no longer tells the place “${data.name}” the secrets of probes`
    case 'place.revoked':
      return `revoked the place “${data.name}”`
  }
}
