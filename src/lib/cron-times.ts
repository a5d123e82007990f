import { parse } from 'node-cron'
import { Temporal } from 'temporal-polyfill'
import { type Instant, instantOf } from './clock.ts'

/** When something runs by the clock of a place, as crontab(5) writes it. */
export interface CronTimes {
  readonly minutes: readonly number[]
  readonly hours: readonly number[]
  readonly daysOfMonth: ReadonlySet<number>
  readonly months: ReadonlySet<number>
  /** 0 is Sunday. */
  readonly weekdays: ReadonlySet<number>
  /** As crontab has it: where both kinds of day are named, either is enough. */
  readonly days: 'both' | 'either'
}

export interface CronFault {
  /** A sentence for the person who wrote it. */
  readonly fault: string
}

const everyHour = 24

/** Reads five fields, or a word such as `@daily`. What has no time, or never comes, is refused. */
export function readCron(text: string): CronTimes | CronFault {
  if (/^@reboot$/i.test(text)) return { fault: '@reboot has no time: nobody can know when the next one is due.' }
  if (!text.startsWith('@') && text.split(/\s+/).length !== 5) {
    return { fault: 'Write five fields: minute, hour, day of month, month, day of week, such as 30 3 * * 1-5.' }
  }
  try {
    const { minute, hour, dayOfMonth, month, dayOfWeek } = parse(text)
    if (![...dayOfMonth, ...dayOfWeek].every((day) => typeof day === 'number')) {
      return { fault: 'Days are numbers, names, ranges and steps: L, W and # are not known to cron.' }
    }
    const [, , dayField = '*', , weekdayField = '*'] = text.startsWith('@') ? [] : text.split(/\s+/)
    return {
      minutes: sorted(minute),
      hours: sorted(hour),
      daysOfMonth: new Set(dayOfMonth as number[]),
      months: new Set(month),
      weekdays: new Set(dayOfWeek as number[]),
      days: isAnyDay(dayField) || isAnyDay(weekdayField) ? 'both' : 'either',
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'it cannot be read'
    return { fault: `This is no schedule: ${reason}. Write five fields, such as 30 3 * * 1-5.` }
  }
}

function isAnyDay(field: string): boolean {
  return field.startsWith('*') || field.startsWith('?')
}

function sorted(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].toSorted((a, b) => a - b)
}

/** Days looked ahead: a 29 February is at most eight years away. */
const farthest = 8 * 366 + 1

/**
 * The next run after an instant. What runs in every hour runs by real time, through both changes of the clock. What runs at
 * a fixed time is not expected where the clock jumps over that time, because some crons then run it and some do not; where
 * the time comes twice it is expected once, and late only after the second, because some run it then and some the first time.
 */
export function nextRun(cron: CronTimes, zone: string, after: Instant): Instant {
  const since = Temporal.Instant.from(after).toZonedDateTimeISO(zone)
  return cron.hours.length === everyHour ? nextByRealTime(cron, since) : nextByWallClock(cron, since)
}

function nextByRealTime(cron: CronTimes, since: Temporal.ZonedDateTime): Instant {
  let at = since.round({ smallestUnit: 'minute', roundingMode: 'floor' }).add({ minutes: 1 })
  for (let days = 0; days < farthest;) {
    if (!isRunOn(cron, at.toPlainDate())) {
      at = at.startOfDay().add({ days: 1 }).startOfDay()
      days += 1
    } else if (cron.minutes.includes(at.minute)) return instantOf(at.epochMilliseconds)
    else at = at.add({ minutes: 1 })
  }
  throw new Error('A schedule that was accepted never comes.')
}

function nextByWallClock(cron: CronTimes, since: Temporal.ZonedDateTime): Instant {
  const from = since.toPlainDateTime()
  let day = since.toPlainDate()
  for (let days = 0; days < farthest; days += 1, day = day.add({ days: 1 })) {
    if (!isRunOn(cron, day)) continue
    for (const hour of cron.hours) {
      if (days === 0 && hour < from.hour) continue
      for (const minute of cron.minutes) {
        if (days === 0 && hour === from.hour && minute <= from.minute) continue
        const late = lateAfter(day.toPlainDateTime({ hour, minute }), since)
        if (late) return instantOf(late.epochMilliseconds)
      }
    }
  }
  throw new Error('A schedule that was accepted never comes.')
}

/** From when a run at this time of the wall clock is late; null where there is no such time, or it is over. */
function lateAfter(time: Temporal.PlainDateTime, since: Temporal.ZonedDateTime): Temporal.ZonedDateTime | null {
  const [first, second] = (['earlier', 'later'] as const).map((disambiguation) =>
    time.toZonedDateTime(since.timeZoneId, { disambiguation }),
  ) as [Temporal.ZonedDateTime, Temporal.ZonedDateTime]
  if (!first.toPlainDateTime().equals(time)) return null
  return first.epochMilliseconds > since.epochMilliseconds ? second : null
}

function isRunOn(cron: CronTimes, day: Temporal.PlainDate): boolean {
  if (!cron.months.has(day.month)) return false
  const [byDay, byWeekday] = [cron.daysOfMonth.has(day.day), cron.weekdays.has(day.dayOfWeek % 7)]
  return cron.days === 'either' ? byDay || byWeekday : byDay && byWeekday
}

/** The longest time between two runs, in seconds, changes of the clock left out of account. */
export function longestGap(cron: CronTimes): number {
  const times = cron.hours.flatMap((hour) => cron.minutes.map((minute) => hour * 60 + minute))
  const round = [...times, (times[0] ?? 0) + 24 * 60]
  const withinDays = Math.max(...times.map((time, index) => (round[index + 1] ?? time) - time))
  return (daysBetweenRuns(cron) - 1) * 86_400 + withinDays * 60
}

function daysBetweenRuns(cron: CronTimes): number {
  let day = Temporal.PlainDate.from('2024-01-01')
  let [longest, last] = [1, -1]
  for (let index = 0; index < farthest; index += 1, day = day.add({ days: 1 })) {
    if (!isRunOn(cron, day)) continue
    if (last !== -1) longest = Math.max(longest, index - last)
    last = index
  }
  return longest
}

/** Whether two of its runs are only a minute apart. */
export function isEveryMinute({ minutes }: CronTimes): boolean {
  return minutes.some((minute, index) => minutes[index + 1] === minute + 1)
}
