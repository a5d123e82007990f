import { Invalid } from '../../lib/errors.ts'
import type { CsvRow } from '../../lib/csv.ts'
import type { ChannelKind, Target } from './channel.ts'

/**
 * The columns of a list of subscribers, in the order in which it is written. Read are those that it has, in any order;
 * `state` and `created_at` say how things stood where it was written, and are not taken over; of `source` only that
 * somebody signed up themselves, so that a list which goes out and comes back opens no network to strangers.
 */
export const listColumns = [
  'channel',
  'address',
  'format',
  'consented_at',
  'scope',
  'kinds',
  'severity_from',
  'extent',
  'quiet_hours',
  'language',
  'zone',
  'state',
  'source',
  'created_at',
] as const
export type ListColumn = (typeof listColumns)[number]

/** What else these are called where lists come from. */
const otherNames: Readonly<Record<string, ListColumn>> = {
  email: 'address',
  'e-mail': 'address',
  consent: 'consented_at',
  consent_date: 'consented_at',
  locale: 'language',
  time_zone: 'zone',
}

/** A line by the names of its columns. */
export type ListLine = Readonly<Partial<Record<ListColumn, string>>>

export interface ListHead {
  readonly columns: readonly (ListColumn | null)[]
  /** Columns that mean nothing to us, as they are called there. */
  readonly ignored: readonly string[]
}

export function headOf({ cells }: CsvRow): ListHead {
  const names = cells.map((cell) =>
    cell
      .trim()
      .toLowerCase()
      .replaceAll(/[\s-]+/g, '_'),
  )
  const columns = names.map((name) => listColumns.find((one) => one === name) ?? otherNames[name] ?? null)
  for (const needed of ['address', 'consented_at'] as const) {
    if (!columns.includes(needed)) {
      throw new Invalid(`The first line names the columns, and one of them has to be ${needed}.`, needed)
    }
  }
  const twice = columns.find((name, at) => name !== null && columns.indexOf(name) !== at)
  if (twice) throw new Invalid(`The column ${twice} is there twice.`, twice)
  return { columns, ignored: cells.filter((cell, at) => columns[at] === null && cell.trim() !== '') }
}

export function lineOf({ columns }: ListHead, { cells }: CsvRow): ListLine {
  if (cells.length > columns.length && cells.slice(columns.length).some((cell) => cell.trim() !== '')) {
    throw new Invalid('There are more cells than columns: is something with a comma in it not in quotes?')
  }
  return Object.fromEntries(
    columns.flatMap((name, at) => (name === null ? [] : [[name, cells[at]?.trim() ?? ''] as const])),
  )
}

/** Where a channel leads, in one cell. */
export function addressIn(target: Target): string {
  return target['address'] ?? target['number'] ?? target['chat'] ?? target['endpoint'] ?? target['url'] ?? ''
}

/** The same cell, as the fields of the channel. */
export function fieldsOfAddress(kind: ChannelKind, address: string, format: string): Readonly<Record<string, string>> {
  if (kind === 'webhook') return { url: address, ...(format === '' ? {} : { format }) }
  return { address, number: address, chat: address, url: address }
}
