import type { Change } from '../../../src/domain/changes/change.ts'
import type { Tables } from '../../../src/database/tables.ts'
import type { Northwind } from '../northwind.ts'

/** What a move is made with: all that is left to chance was drawn beforehand. */
export interface Hand {
  readonly here: Northwind
  /** Makes words different from others. */
  readonly lot: number
  draw<T>(of: readonly T[]): T
  does<T>(work: (change: Change) => Promise<T>): Promise<T>
  /** So many minutes from now. */
  at(minutes: number): string
  /** One of those there are; empty where there is none. */
  one(table: Named): Promise<string>
}

/** Tables whose rows are known by an id that is a text. */
type Named = {
  [Name in keyof Tables]: Tables[Name] extends { readonly id: string } ? Name : never
}[keyof Tables]

/** By what happens. */
export type Moves = Readonly<Record<string, (hand: Hand) => Promise<unknown>>>

export const harms = ['degraded_performance', 'partial_outage', 'major_outage'] as const

export const words = (lot: number) => ({ name: `Name ${lot}`, body: `Body **${lot}** of it.` })
export const french = (lot: number) => ({ fr: { name: `Nom ${lot}`, body: `Texte ${lot}.` } })
