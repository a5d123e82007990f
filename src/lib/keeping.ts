import { type Instant, instantOf, millisecondsOf } from './clock.ts'

/** How many backups are kept: the last of each of so many days, weeks and months that have one. */
export interface Keeping {
  readonly daily: number
  readonly weekly: number
  readonly monthly: number
}

/** Reads `7 daily, 4 weekly, 12 monthly`, in any order and with any of the three; null: this is none. */
export function readKeeping(text: string): Keeping | null {
  const counts = new Map<string, number>()
  for (const part of text.split(',')) {
    const [, count = '', unit = ''] = /^\s*(\d{1,4}) +(daily|weekly|monthly)\s*$/.exec(part) ?? []
    if (unit === '' || counts.has(unit)) return null
    counts.set(unit, Number(count))
  }
  const [daily, weekly, monthly] = ['daily', 'weekly', 'monthly'].map((unit) => counts.get(unit) ?? 0)
  return { daily: daily ?? 0, weekly: weekly ?? 0, monthly: monthly ?? 0 }
}

const day = 86_400_000
/** 1970 began on a Thursday; weeks begin on Monday. Days are those of UTC, as in the names of backups. */
const periods: Readonly<Record<keyof Keeping, (at: Instant) => string>> = {
  daily: (at) => at.slice(0, 10),
  weekly: (at) => instantOf((Math.floor((millisecondsOf(at) / day + 3) / 7) * 7 - 3) * day),
  monthly: (at) => at.slice(0, 7),
}

/** Which of these backups are not needed any more. The newest always is, whatever is asked for. */
export function expired(backups: readonly Instant[], keeping: Keeping): Instant[] {
  const newestFirst = [...new Set(backups)].toSorted().toReversed()
  const kept = new Set(newestFirst.slice(0, 1))
  for (const unit of ['daily', 'weekly', 'monthly'] as const) {
    const seen = new Set<string>()
    for (const at of newestFirst) {
      const period = periods[unit](at)
      if (seen.has(period)) continue
      if (seen.size === keeping[unit]) break
      seen.add(period)
      kept.add(at)
    }
  }
  return newestFirst.filter((at) => !kept.has(at)).toReversed()
}
