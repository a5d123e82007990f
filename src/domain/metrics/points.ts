import type { Tx } from '../../database/database.ts'
import { type Instant, instantOf, millisecondsOf } from '../../lib/clock.ts'
import { dayOf } from '../../lib/days.ts'
import { Invalid } from '../../lib/errors.ts'
import type { Change } from '../changes/change.ts'
import { hoursIn, numberOfDay } from '../probes/checks/closing-days.ts'
import { type Amount, type Metric, type Point, amountOf, together } from './metric.ts'

const slotSeconds = 300
const slotsInHour = 12
/** How late a value may come, and how far a clock may be ahead of ours. */
const latestSeconds = 7 * 86_400
const aheadSeconds = 300

/** What somebody sent, to be believed only after this. `field` is where it stands in what they sent. */
export function readPoint(given: unknown, field: string, now: Instant): Point {
  if (typeof given !== 'object' || given === null)
    throw new Invalid('must be an object with timestamp and value', field)
  const { timestamp, value } = given as { readonly timestamp?: unknown; readonly value?: unknown }
  const second = Math.floor(numberIn(timestamp, `${field}.timestamp`))
  const present = Math.floor(millisecondsOf(now) / 1000)
  if (second > present + aheadSeconds) {
    const hint = second > 1e11 ? 'must be in seconds since 1970, not in milliseconds' : 'must not lie in the future'
    throw new Invalid(hint, `${field}.timestamp`)
  }
  if (second < present - latestSeconds) throw new Invalid('must not be older than seven days', `${field}.timestamp`)
  const read = numberIn(value, `${field}.value`)
  if (Math.abs(read) > 1e15) throw new Invalid('must be between -1e15 and 1e15', `${field}.value`)
  return { second, value: read }
}

/** Forms send text. */
function numberIn(given: unknown, field: string): number {
  const read = typeof given === 'string' && given.trim() !== '' ? Number(given) : given
  if (typeof read !== 'number' || !Number.isFinite(read)) throw new Invalid('must be a number', field)
  return read
}

/** Values of one metric. */
export interface Values {
  readonly metric: Metric
  readonly points: readonly Point[]
}

/** Keeps values of one or several metrics. What is read here and written again nobody else writes in between. */
export async function takeValues({ tx }: Change, all: readonly Values[], zone: string): Promise<void> {
  for (const { metric, points } of all) await takePoints(tx, metric, { points, zone })
}

/**
 * Keeps values of a metric, in whatever order they come. One second has one value: the last that was sent. Hours and days
 * are made anew of the values they are made of, so late ones change exactly what they belong to. Costs the hours that the
 * values lie in.
 */
export async function takePoints(
  tx: Tx,
  { number: metric }: Pick<Metric, 'number'>,
  { points, zone }: { readonly points: readonly Point[]; readonly zone: string },
): Promise<void> {
  const slots = Map.groupBy(points, ({ second }) => Math.floor(second / slotSeconds))
  for (const [slot, those] of slots) await writeSlot(tx, metric, slot, those)
  const hours = new Set([...slots.keys()].map((slot) => Math.floor(slot / slotsInHour)))
  for (const hour of hours) await writeHour(tx, metric, hour)
  const days = new Set([...hours].map((hour) => dayOf(instantOf(hour * 3_600_000), zone)))
  for (const day of days) await writeDay(tx, metric, numberOfDay(day), hoursIn(day, zone))
}

async function writeSlot(tx: Tx, metric: number, slot: number, points: readonly Point[]): Promise<void> {
  const known = await tx
    .selectFrom('metric_slots')
    .select('packed')
    .where('metric', '=', metric)
    .where('slot', '=', slot)
    .executeTakeFirst()
  const values = new Map(known ? unpackedValues(known.packed) : [])
  for (const { second, value } of points) values.set(second - slot * slotSeconds, value)
  const packed = packedValues([...values])
  await tx
    .insertInto('metric_slots')
    .values({ metric, slot, packed })
    .onConflict((conflict) => conflict.columns(['metric', 'slot']).doUpdateSet({ packed }))
    .execute()
}

async function writeHour(tx: Tx, metric: number, hour: number): Promise<void> {
  const rows = await tx
    .selectFrom('metric_slots')
    .select('packed')
    .where('metric', '=', metric)
    .where('slot', '>=', hour * slotsInHour)
    .where('slot', '<', (hour + 1) * slotsInHour)
    .execute()
  const amount = amountOf(rows.flatMap(({ packed }) => unpackedValues(packed).map(([, value]) => value)))
  if (!amount) return
  await tx
    .insertInto('metric_hours')
    .values({ metric, hour, ...amount })
    .onConflict((conflict) => conflict.columns(['metric', 'hour']).doUpdateSet({ ...amount }))
    .execute()
}

async function writeDay(
  tx: Tx,
  metric: number,
  day: number,
  { first, end }: { readonly first: number; readonly end: number },
): Promise<void> {
  const rows: Amount[] = await tx
    .selectFrom('metric_hours')
    .select(['count', 'sum', 'low', 'high'])
    .where('metric', '=', metric)
    .where('hour', '>=', first)
    .where('hour', '<', end)
    .execute()
  const amount = together(rows)
  if (!amount) return
  await tx
    .insertInto('metric_days')
    .values({ metric, day, ...amount })
    .onConflict((conflict) => conflict.columns(['metric', 'day']).doUpdateSet({ ...amount }))
    .execute()
}

/** A second of the slot, and a number of eight bytes: at most 300 of them. */
const bytesEach = 10

function packedValues(values: readonly (readonly [second: number, value: number])[]): Buffer {
  const bytes = Buffer.alloc(values.length * bytesEach)
  values.forEach(([second, value], at) => {
    bytes.writeUInt16LE(second, at * bytesEach)
    bytes.writeDoubleLE(value, at * bytesEach + 2)
  })
  return bytes
}

export function unpackedValues(packed: Uint8Array): [second: number, value: number][] {
  const bytes = Buffer.from(packed)
  return Array.from({ length: bytes.length / bytesEach }, (_, at) => [
    bytes.readUInt16LE(at * bytesEach),
    bytes.readDoubleLE(at * bytesEach + 2),
  ])
}
