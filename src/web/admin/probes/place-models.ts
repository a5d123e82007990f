import type { Place } from '../../../domain/places/place.ts'
import type { Check, Settled } from '../../../domain/probes/probe.ts'

/** What each place finds of a probe. */
export type PlacesOfProbe = readonly {
  readonly number: number
  readonly name: string
  readonly isChosen: boolean
  /** It would learn the secrets of this probe, and is not trusted with any. */
  readonly isKeptFrom: boolean
  readonly state: Settled
  readonly finding: string | null
  readonly last: Check | null
}[]

/** A place on the page of places. */
export interface PlaceRow {
  readonly place: Place
  readonly state: 'at work' | 'silent' | 'never heard'
  /** What is wrong with its clock, in words. */
  readonly clock: string | null
  readonly checks: number
  /** How many probes it is not told of, because they have secrets. */
  readonly kept: number
}
