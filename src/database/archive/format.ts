import type { Instant } from '../../lib/clock.ts'

/**
 * An archive is lines of JSON: a heading, the secret files that came along, each table with its rows, and a manifest of all
 * that. Rows stand in the order of their keys, so that the same rows are the same bytes, whichever database they came from.
 */
export const formatVersion = 1

/** The first line. */
export interface Heading {
  readonly type: 'candor archive'
  readonly format: number
  /** The moment that all of it is of. */
  readonly at: Instant
  readonly product: string
  /** The version of the tables, and what it is called. */
  readonly schema: { readonly version: number; readonly name: string }
  /** The name of the site. */
  readonly site: string
  /** The last event, and the last entry of the ledger. */
  readonly lastEvent: number
  readonly ledger: { readonly seq: number; readonly hash: string } | null
  readonly files: readonly string[]
  readonly tables: readonly string[]
  readonly leftOut: Readonly<Record<string, string>>
}

/** A secret of the data folder. */
export interface SecretFile {
  readonly file: string
  readonly text: string
}

/** What a table has, in a number and a sum: SHA-256 of the lines of its rows. */
export interface TableSum {
  readonly rows: number
  readonly sha256: string
}

/** The last line. */
export interface Manifest {
  readonly type: 'candor manifest'
  readonly tables: Readonly<Record<string, TableSum>>
  /** SHA-256 of all lines before this one. */
  readonly sha256: string
}

/** What a row holds in one column: text, a number, bytes in base64, or nothing. */
export type Cell = string | number | null | { readonly base64: string }

/** A row as a line, without its end. */
export function rowLine(cells: readonly unknown[]): string {
  return JSON.stringify(cells.map(cellOf))
}

function cellOf(value: unknown): Cell {
  if (value === null || typeof value === 'string') return value
  if (typeof value === 'number') {
    if (Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))) return value
    throw new Error(`The number ${value} would not come back as it is.`)
  }
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString('base64') }
  throw new Error(`No archive knows what ${typeof value} is.`)
}

/** What a database takes for a cell. */
export function valueOf(cell: Cell): string | number | null | Buffer {
  return cell !== null && typeof cell === 'object' ? Buffer.from(cell.base64, 'base64') : cell
}

export function isCell(value: unknown): value is Cell {
  if (value === null || typeof value === 'string' || typeof value === 'number') return true
  return typeof value === 'object' && typeof (value as { base64?: unknown }).base64 === 'string'
}
