import { flooredPercent } from '../../domain/status/days.ts'
import type { Day } from '../../domain/status/snapshot-types.ts'
import type { MessageKey } from '../../lib/messages.ts'
import { type Reader, plain } from '../../domain/site/reader.ts'

/** A day of a bar. */
export interface Bar {
  /** `2026-11-21`; null: the component was not listed yet. */
  readonly day: string | null
  /** How high each state reaches, in tenths: `m3 p5`; empty: nothing happened. */
  readonly levels: string
  /** What happened, for those who point at it; null where nothing did. */
  readonly title: string | null
}

/** From worst to best, as they are stacked from the ground. */
const states = [
  { column: 'major', letter: 'm', key: 'lost.major_outage' },
  { column: 'partial', letter: 'p', key: 'lost.partial_outage' },
  { column: 'degraded', letter: 'd', key: 'lost.degraded_performance' },
  { column: 'maintenance', letter: 't', key: 'lost.under_maintenance' },
  { column: 'unknown', letter: 'u', key: 'lost.unknown' },
] as const satisfies readonly { column: keyof Day; letter: string; key: MessageKey }[]

export function barLines(days: readonly (Day | null)[], reader: Reader): Bar[] {
  return days.map((day) => {
    if (!day) return { day: null, levels: '', title: null }
    const levels = levelsOf(day)
    return { day: day.day, levels, title: levels === '' ? null : dayTitle(day, reader) }
  })
}

/**
 * Heights follow the square root of the share of the day, so that five minutes are a sliver that can be seen, four
 * hours almost half, and only a whole day fills the bar: a ten-second blip does not paint a day red.
 */
export function levelsOf(day: Day): string {
  let lost = 0
  let reached = 0
  const classes = states.flatMap(({ column, letter }) => {
    if (day[column] === 0) return []
    lost += day[column]
    reached = Math.min(10, Math.max(reached + 1, Math.ceil(10 * Math.sqrt(lost / Math.max(day.seconds, lost)))))
    return [`${letter}${reached}`]
  })
  return classes.join(' ')
}

/** `Friday 20 November: down for 12 minutes and slow or impaired for 1 hour` */
export function dayTitle(day: Day, reader: Reader): string {
  return reader.say('lost.day', { day: reader.dates.dayOfYear(day.day), lost: lostWords(day, reader) })
}

export function lostWords(day: Day, reader: Reader): string {
  const lost = states.filter(({ column }) => day[column] > 0)
  return plain(
    reader.list(lost.map(({ column, key }) => [reader.say(key, { duration: reader.dates.duration(day[column]) })])),
  )
}

/** Whether readers suffered on a day: planned work and what was not measured are not trouble. */
export function hadTrouble(day: Day | null): day is Day {
  return day !== null && day.major + day.partial + day.degraded > 0
}

/** `99.97%`, floored; null where nothing was observed. */
export function uptimeWords(uptime: number | null, reader: Reader): string | null {
  return uptime === null ? null : reader.dates.percent(flooredPercent(uptime))
}
