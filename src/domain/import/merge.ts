import type { Instant } from '../../lib/clock.ts'

interface Dated {
  readonly id: string
  readonly updated_at: Instant
}

/** What to do with the rows of one kind. */
export interface Merge<Row> {
  readonly missing: readonly Row[]
  readonly changed: readonly Row[]
  /** Newer here than in the recording, or not from a recording at all: the recording does not touch them. */
  readonly kept: ReadonlySet<string>
}

/**
 * The newer one wins, and what is alike is not written again. `ours`: rows with an id of the recording that are not its.
 * `passing`: columns in which a difference is none.
 */
export function merge<Row extends Dated>(
  wanted: readonly Row[],
  present: ReadonlyMap<string, Dated>,
  {
    ours = () => false,
    passing = [],
  }: { readonly ours?: (row: Dated) => boolean; readonly passing?: readonly string[] } = {},
): Merge<Row> {
  const missing: Row[] = []
  const changed: Row[] = []
  const kept = new Set<string>()
  for (const row of wanted) {
    const there = present.get(row.id)
    if (!there) missing.push(row)
    else if (there.updated_at > row.updated_at || ours(there)) kept.add(row.id)
    else if (differs(row, there, passing)) changed.push(row)
  }
  return { missing, changed, kept }
}

function differs(row: object, there: object, passing: readonly string[]): boolean {
  const values = new Map(Object.entries(there))
  return Object.entries(row).some(([column, value]) => values.get(column) !== value && !passing.includes(column))
}

/** Rows in portions that both databases take as one statement. */
export async function inPortions<Row>(rows: readonly Row[], work: (portion: Row[]) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < rows.length; at += 200) await work(rows.slice(at, at + 200))
}

/** Reads rows by their ids, in portions. */
export async function byId<Row extends { readonly id: string }>(
  ids: readonly string[],
  read: (portion: string[]) => Promise<Row[]>,
): Promise<Map<string, Row>> {
  const found = new Map<string, Row>()
  await inPortions(ids, async (portion) => (await read(portion)).forEach((row) => found.set(row.id, row)))
  return found
}
