/** What is kept of what was measured, and whether readers see it. */
export interface Measuring {
  /** Whether readers see how fast things answered. */
  readonly shown: 'yes' | 'no'
  /** Every single check, packed. */
  readonly rawHours: number
  /** What each hour amounts to, and each day. */
  readonly hourDays: number
  readonly dayDays: number
}

export const usualMeasuring: Measuring = { shown: 'yes', rawHours: 48, hourDays: 35, dayDays: 400 }

/** How long each may be kept: evidence and charts need the least of it, and the disk is the site's own. */
export const keptWithin = {
  rawHours: { least: 2, most: 168 },
  hourDays: { least: 8, most: 92 },
  dayDays: { least: 92, most: 3660 },
} as const

/** As `bench/check-storage.ts` measures it, rounded up; for sums, with those that stay as long as others of their row. */
const bytesPerCheck = 5
const bytesPerSum = 40
/** Of every check, until its hour is packed; and on the way from one to the other both are there. */
const bytesPerHotCheck = 22

/** Bytes that each kind of row takes once it is kept as long as the site wants. */
export interface Cost {
  readonly hot: number
  readonly raw: number
  readonly hours: number
  readonly days: number
}

/** `checksPerDay` of all probes from all places; `series`: probes times the places that they are checked from. */
export function costOf(
  { rawHours, hourDays, dayDays }: Pick<Measuring, 'rawHours' | 'hourDays' | 'dayDays'>,
  { checksPerDay, series }: { readonly checksPerDay: number; readonly series: number },
): Cost {
  return {
    hot: (checksPerDay / 24) * 1.1 * bytesPerHotCheck,
    raw: (checksPerDay / 24) * rawHours * bytesPerCheck,
    hours: series * hourDays * 24 * bytesPerSum,
    days: series * dayDays * bytesPerSum,
  }
}
