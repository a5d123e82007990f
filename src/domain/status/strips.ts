import type { Db, Tx } from '../../database/database.ts'
import type { Instant } from '../../lib/clock.ts'
import { type DayName, addDays, dayOf, daysFrom, startOfDay } from '../../lib/days.ts'
import { type Span, type Tally, isQuiet, quiet, stripDays, tallyBetween, tallyColumns } from './days.ts'

/** The last 90 days of a component in one row, so that a page reads 500 rows for 500 components, whatever happened. */
export interface Strip {
  readonly lastDay: DayName
  /** Oldest first; the last one is `lastDay`. */
  readonly tallies: readonly Tally[]
}

const width = tallyColumns.length * 4
const nothing = Buffer.alloc(width)

export function packStrip(tallies: readonly Tally[]): Uint8Array {
  const bytes = Buffer.alloc(stripDays * width)
  tallies.forEach((tally, index) => {
    tallyColumns.forEach((column, place) => bytes.writeUInt32LE(tally[column], index * width + place * 4))
  })
  return bytes
}

export function unpackStrip(bytes: Uint8Array): Tally[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: stripDays }, (_, index) => {
    // Most days are quiet: one object stands for all of them.
    if (nothing.equals(buffer.subarray(index * width, (index + 1) * width))) return quiet
    const tally = { ...quiet }
    tallyColumns.forEach((column, place) => (tally[column] = buffer.readUInt32LE(index * width + place * 4)))
    return tally
  })
}

/** The strips of those to which something happened, by component id. O(components). */
export async function readStrips(db: Db): Promise<Map<string, Strip>> {
  const rows = await db.selectFrom('component_strips').selectAll().execute()
  return new Map(rows.map((row) => [row.component_id, { lastDay: row.last_day, tallies: unpackStrip(row.days) }]))
}

/**
 * Counts the days of a component again that lie between two instants, and packs its strip. What the interval's impacts
 * cost is read, not history: `(component_id, ended_at)` leads to those that end after its beginning.
 */
export async function recomputeDays(
  tx: Tx,
  {
    componentId,
    zone,
    from,
    until,
    now,
  }: { componentId: string; zone: string; from: Instant; until: Instant; now: Instant },
): Promise<void> {
  const today = dayOf(now, zone)
  const first = dayOf(from, zone)
  const last = [dayOf(until, zone), today].toSorted()[0] ?? today
  const spans = (await publicSpans(tx, [componentId], startOfDay(first, zone))).get(componentId) ?? []
  // Only days that something reaches into: an import goes back years, most of them quiet.
  const touched = spans.flatMap(({ beganAt, endedAt }) => {
    const from = dayOf(beganAt, zone)
    const until = endedAt ? dayOf(endedAt, zone) : last
    return daysFrom(from > first ? from : first, until < last ? until : last)
  })
  const starts = [...new Set(touched)].map((day) => ({
    day,
    from: startOfDay(day, zone),
    until: startOfDay(addDays(day, 1), zone),
  }))
  await tx
    .deleteFrom('component_days')
    .where('component_id', '=', componentId)
    .where('day', '>=', first)
    .where('day', '<=', last)
    .execute()
  const rows = starts.flatMap(({ day, from: begins, until: ends }) => {
    const touching = spans.filter((span) => span.beganAt < ends && (span.endedAt === null || span.endedAt > begins))
    const tally = tallyBetween(touching, begins, ends < now ? ends : now)
    return isQuiet(tally) ? [] : [{ component_id: componentId, day, ...tally }]
  })
  for (let at = 0; at < rows.length; at += 200) {
    await tx
      .insertInto('component_days')
      .values(rows.slice(at, at + 200))
      .execute()
  }
  await repack(tx, componentId, today)
}

async function repack(tx: Tx, componentId: string, today: DayName): Promise<void> {
  const first = addDays(today, 1 - stripDays)
  const rows = await tx
    .selectFrom('component_days')
    .selectAll()
    .where('component_id', '=', componentId)
    .where('day', '>=', first)
    .execute()
  if (rows.length === 0) {
    await tx.deleteFrom('component_strips').where('component_id', '=', componentId).execute()
    return
  }
  const byDay = new Map(rows.map((row) => [row.day, row]))
  const days = packStrip(daysFrom(first, today).map((day) => byDay.get(day) ?? quiet))
  await tx
    .insertInto('component_strips')
    .values({ component_id: componentId, last_day: today, days })
    .onConflict((conflict) => conflict.column('component_id').doUpdateSet({ last_day: today, days }))
    .execute()
}

/** The public impacts of these components that are open, or that ended after an instant, by component. */
export async function publicSpans(
  db: Db,
  componentIds: readonly string[],
  endedAfter: Instant,
): Promise<Map<string, Span[]>> {
  const spans = new Map<string, Span[]>()
  for (let at = 0; at < componentIds.length; at += 500) {
    const slice = componentIds.slice(at, at + 500)
    const base = db
      .selectFrom('impacts')
      .select(['component_id', 'status', 'began_at', 'ended_at'])
      .where('component_id', 'in', slice)
      .where('said_at', 'is not', null)
    // Two reads, each along its own index, instead of one with `or`.
    const rows = [
      ...(await base.where('ended_at', 'is', null).execute()),
      ...(await base.where('ended_at', '>', endedAfter).execute()),
    ]
    for (const row of rows) {
      const span: Span = { status: row.status as Span['status'], beganAt: row.began_at, endedAt: row.ended_at }
      const list = spans.get(row.component_id)
      if (list) list.push(span)
      else spans.set(row.component_id, [span])
    }
  }
  return spans
}
