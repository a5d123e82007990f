import { isEveryMinute, readCron } from '../../../lib/cron-times.ts'
import { readDuration, writeDuration } from '../../../lib/durations.ts'
import { Invalid } from '../../../lib/errors.ts'
import { type Static, fields, line, optional, zoneName } from '../../../lib/fields.ts'
import { type Expected, longestSilence } from '../heartbeats/timing.ts'
import { kindRules } from './kind.ts'

/** What is expected of something that calls us, because nobody can call it: a nightly job, a machine behind a wall. */
export interface HeartbeatSpec {
  /** `15m`; null where cron says when. */
  readonly period: string | null
  readonly cron: string | null
  /** Null where there is no cron, or it is UTC. */
  readonly zone: string | null
  readonly grace: string
  readonly longestRun: string | null
}

const asks = {
  period: optional(line(30)),
  cron: optional(line(100)),
  zone: optional(zoneName),
  grace: optional(line(30)),
  longestRun: optional(line(30)),
}

const whole = fields(asks)
const [minute, hour, day] = [60, 3600, 86_400]
const longest = 366 * day

export const heartbeat = kindRules({
  label: 'Heartbeat',
  purpose:
    'Waits for something of yours to call: a nightly job, a machine that nobody can reach. Silence is the alarm.',
  asks,
  form: {
    period: { label: 'It calls every', placeholder: '1h', hint: 'Such as 15m, 1h or 7d.' },
    cron: { label: 'or as its cron line says', as: 'mono', placeholder: '30 3 * * 1-5' },
    zone: { label: 'in the time zone', placeholder: 'Europe/Lisbon', hint: 'Left empty: UTC.' },
    grace: { label: 'and may be late by', placeholder: '5m', usual: '5m' },
    longestRun: {
      label: 'A run takes at most',
      placeholder: '2h',
      hint: 'If it says when it starts. Left empty: as long as it likes.',
    },
  },
  read: specOf,
  sources: () => [],
  usual: { failuresNeeded: 1, successesNeeded: 1 },
  connects: 'no',
  intervalOf: (spec) => longestSilence(expectedOf(spec)),
  nameOf: ({ cron, period }) => `Heartbeat ${cron ?? `every ${period ?? ''}`}`,
})

function specOf(given: Static<typeof whole>): HeartbeatSpec {
  const { period = null, cron = null, zone = null, grace = null, longestRun = null } = given
  if (period !== null && cron !== null) {
    throw new Invalid('Say how often it calls, or when by cron: leave one of the two empty.', 'cron')
  }
  if (period === null && cron === null) throw new Invalid('Say how often it calls, or when by cron.', 'period')
  if (zone !== null && cron === null) throw new Invalid('A time zone belongs to a schedule of cron.', 'zone')
  const times = cron === null ? null : readCron(cron)
  if (times && 'fault' in times) throw new Invalid(times.fault, 'cron')
  const seconds = period === null ? null : within(period, 'period', { least: minute, most: longest })
  const isFast = seconds === null ? times !== null && isEveryMinute(times) : seconds < 5 * minute
  const usualGrace = isFast ? minute : 5 * minute
  const patience = grace === null ? usualGrace : within(grace, 'grace', { least: 10, most: 31 * day })
  if (isFast && patience < minute) {
    throw new Invalid(
      'What calls every few minutes needs a minute of patience, or each delay on the way is an alarm.',
      'grace',
    )
  }
  return {
    period: seconds === null ? null : writeDuration(seconds),
    cron,
    zone,
    grace: writeDuration(patience),
    longestRun:
      longestRun === null ? null : writeDuration(within(longestRun, 'longestRun', { least: 1, most: 31 * day })),
  }
}

function within(
  text: string,
  field: string,
  { least, most }: { readonly least: number; readonly most: number },
): number {
  const seconds = readDuration(text)
  if (seconds === null || seconds < least || seconds > most) {
    throw new Invalid(
      `Write a time from ${writeDuration(least)} to ${writeDuration(most)}, such as 15m, 1h 30m or 2d.`,
      field,
    )
  }
  return seconds
}

/** The same in seconds, for those who reckon with it. */
export function expectedOf({ period, cron, zone, grace, longestRun }: HeartbeatSpec): Expected {
  const seconds = (text: string | null): number | null => (text === null ? null : readDuration(text))
  return {
    period: seconds(period),
    cron,
    zone: zone ?? 'UTC',
    grace: seconds(grace) ?? hour,
    longestRun: seconds(longestRun),
  }
}
