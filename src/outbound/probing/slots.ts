/**
 * Who is due when, as arithmetic on the clock: no timer per probe, the same phase after a restart, and no burst, because
 * each probe has its own place within its interval. All in milliseconds.
 */

/** What decides a probe's place: the same for ever. */
export interface Rhythm {
  readonly intervalMs: number
  readonly offsetMs: number
}

export function rhythmOf(probeId: string, siteId: string, intervalMs: number): Rhythm {
  return { intervalMs, offsetMs: fnv1a(`${probeId} ${siteId}`) % intervalMs }
}

/** The number of the slot that `now` lies in. */
export function slotAt(now: number, { intervalMs, offsetMs }: Rhythm): number {
  return Math.floor((now - offsetMs) / intervalMs)
}

/** When the first slot after `now` begins. */
export function nextSlot(now: number, rhythm: Rhythm): number {
  return (slotAt(now, rhythm) + 1) * rhythm.intervalMs + rhythm.offsetMs
}

/** How soon a verdict that hangs in the balance is checked again. */
export function confirmMs(intervalMs: number, wishedMs: number | null = null): number {
  return wishedMs === null ? Math.min(Math.floor(intervalMs / 2), 15_000) : Math.min(wishedMs, intervalMs)
}

/**
 * When a probe is due after the clock stood still or jumped, or when it is new: one check soon, spread over at most half a
 * minute, however many slots went by; then its own slots again. Missed slots are not made up for.
 */
export function firstDue(now: number, rhythm: Rhythm): number {
  return Math.min(nextSlot(now, rhythm), now + (rhythm.offsetMs % Math.min(rhythm.intervalMs, 30_000)))
}

/** How many slots began after `from` and up to `to`. */
export function slotsBetween(from: number, to: number, rhythm: Rhythm): number {
  return Math.max(0, slotAt(to, rhythm) - slotAt(from, rhythm))
}

/** Whether the wall clock and the steady one disagree so much that slots must be reckoned anew: a jump, or a sleep. */
export function hasJumped(wallPassed: number, steadyPassed: number): boolean {
  return Math.abs(wallPassed - steadyPassed) > 2000
}

/** FNV-1a, 32 bits: spreads ids evenly, and is the same everywhere. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}
