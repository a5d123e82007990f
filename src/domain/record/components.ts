import type { Db } from '../../database/database.ts'
import { type Instant, secondsBetween } from '../../lib/clock.ts'
import { addDays, dayOf, daysFrom, startOfDay } from '../../lib/days.ts'
import type { Translations } from '../site/site.ts'
import { type Tally, countedSince, quiet, since, tallyBetween, tallyColumns, uptimeOf } from '../status/days.ts'
import { publicSpans } from '../status/strips.ts'

/** How a component did, month by month. One that was removed stays for as long as it was there. */
export interface ComponentRecord {
  readonly id: string
  /** Null: it was removed, and has no page any more. */
  readonly slug: string | null
  readonly name: string
  readonly translations: Translations<'name' | 'description'>
  /** Newest first; months in which it was not there yet, or no longer, are not among them. */
  readonly months: readonly MonthTally[]
  /** All of them together. */
  readonly whole: Omit<MonthTally, 'month'>
}

/** Seconds of a month in each state, and what they amount to. */
export interface MonthTally extends Tally {
  readonly month: string
  /** That it had so far, and that count. */
  readonly seconds: number
  /** 0 to 1; null where nothing was observed. */
  readonly uptime: number | null
}

interface Span {
  readonly month: string
  readonly from: Instant
  readonly until: Instant
}

export interface Asked {
  /** Newest first, one after the other. */
  readonly months: readonly Span[]
  readonly zone: string
  readonly now: Instant
}

interface Counted {
  readonly id: string
  readonly slug: string | null
  readonly name: string
  readonly translations: Translations<'name' | 'description'>
  readonly began: Instant
  readonly ended: Instant
}

/**
 * By position. Costs the days of these months on which something happened, found by day, and for what suffers now or
 * began in these months its impacts.
 */
export async function componentRecords(db: Db, asked: Asked): Promise<ComponentRecord[]> {
  const { months, now } = asked
  const first = months.at(-1)?.from ?? now
  const components = await componentsSince(db, asked, first)
  const sums = await sumsByMonth(db, asked, await liveOnes(db, components, first))
  return components.flatMap(({ id, slug, name, translations, began, ended }) => {
    const its = months.flatMap(({ month, from, until }): MonthTally[] => {
      const [begins, ends] = [from > began ? from : began, until < ended ? until : ended]
      if (begins >= ends) return []
      return [withUptime({ month, seconds: secondsBetween(begins, ends), ...sums.get(id)?.get(month) })]
    })
    if (its.length === 0) return []
    const whole = its.map(({ month: _month, uptime: _uptime, ...rest }) => rest).reduce(added)
    return [{ id, slug, name, translations, months: its, whole: withUptime(whole) }]
  })
}

function withUptime<Of extends { readonly seconds: number } & Partial<Tally>>(
  tally: Of,
): Of & Tally & { readonly uptime: number | null } {
  const full = { ...quiet, ...tally }
  return { ...full, uptime: uptimeOf([full]) }
}

type Seconds = Tally & { readonly seconds: number }

function added(sum: Seconds, other: Seconds): Seconds {
  const tally = Object.fromEntries(tallyColumns.map((column) => [column, sum[column] + other[column]])) as Tally &
    object
  return { ...tally, seconds: sum.seconds + other.seconds }
}

/** Whose days are shown, by position, with those that were removed meanwhile at the end. */
async function componentsSince(db: Db, { zone, now }: Asked, first: Instant): Promise<Counted[]> {
  const rows = await db
    .selectFrom('components')
    .select(['id', 'slug', 'name', 'translations', 'start_date', 'created_at', 'removed_at'])
    .where('bars_hidden_at', 'is', null)
    .where((eb) => eb.or([eb('removed_at', 'is', null), eb('removed_at', '>', first)]))
    .orderBy('position')
    .orderBy('created_at')
    .orderBy('id')
    .limit(20_000)
    .execute()
  const all = rows.map((row) => ({
    id: row.id,
    slug: row.removed_at === null ? row.slug : null,
    name: row.name,
    translations: JSON.parse(row.translations) as Counted['translations'],
    began: countedSince({ startDate: row.start_date, createdAt: row.created_at }, zone),
    ended: row.removed_at !== null && row.removed_at < now ? row.removed_at : now,
  }))
  return [...all.filter(({ slug }) => slug !== null), ...all.filter(({ slug }) => slug === null)]
}

/** Those of which days are not summed up yet, or of whose first day only a part counts; with when they began. */
async function liveOnes(db: Db, components: readonly Counted[], first: Instant): Promise<Map<string, Instant>> {
  const open = await db
    .selectFrom('impacts')
    .select('component_id')
    .distinct()
    .where('ended_at', 'is', null)
    .where('said_at', 'is not', null)
    .execute()
  const ailing = new Set(open.map((row) => row.component_id))
  return new Map(
    components.filter(({ id, began }) => began > first || ailing.has(id)).map(({ id, began }) => [id, began]),
  )
}

/** By component and month; where nothing happened there is nothing. */
async function sumsByMonth(
  db: Db,
  { months, zone, now }: Asked,
  live: ReadonlyMap<string, Instant>,
): Promise<Map<string, Map<string, Tally>>> {
  const sums = new Map<string, Map<string, Tally>>()
  const add = (id: string, month: string, tally: Tally): void => {
    const its = sums.get(id) ?? new Map<string, Tally>()
    const { seconds: _seconds, ...sum } = added({ ...(its.get(month) ?? quiet), seconds: 0 }, { ...tally, seconds: 0 })
    sums.set(id, its.set(month, sum))
  }
  const [last, first] = [months[0], months.at(-1)]
  if (!first || !last) return sums
  const rows = await db
    .selectFrom('component_days')
    .select((eb) => ['component_id', eb.fn<string>('substr', ['day', eb.lit(1), eb.lit(7)]).as('month')])
    .select((eb) => tallyColumns.map((column) => eb.fn.sum<number>(column).as(column)))
    .where('day', '>=', `${first.month}-01`)
    .where('day', '<=', `${last.month}-31`)
    .groupBy(['component_id', 'month'])
    .execute()
  for (const row of rows) {
    if (live.has(row.component_id)) continue
    add(row.component_id, row.month, Object.fromEntries(tallyColumns.map((name) => [name, Number(row[name])])) as never)
  }
  const spans = await publicSpans(db, [...live.keys()], first.from)
  for (const [id, all] of spans) {
    const its = since(all, live.get(id) ?? first.from)
    const touched = its.flatMap(({ beganAt, endedAt }) => {
      const from = beganAt < first.from ? first.from : beganAt
      const until = [endedAt ?? now, now, last.until].toSorted()[0] ?? now
      return until <= from ? [] : daysFrom(dayOf(from, zone), dayOf(until, zone))
    })
    for (const day of new Set(touched)) {
      const [begins, next] = [startOfDay(day, zone), startOfDay(addDays(day, 1), zone)]
      const ends = next < now ? next : now
      const touching = its.filter(({ beganAt, endedAt }) => beganAt < ends && (endedAt === null || endedAt > begins))
      if (begins < ends) add(id, day.slice(0, 7), tallyBetween(touching, begins, ends))
    }
  }
  return sums
}
