import type { Instant } from '../../lib/clock.ts'
import { isZoneName } from '../../lib/fields.ts'
import { endOfHours } from '../../lib/hours-of-day.ts'

/** As it lies in the table. */
interface Quiet {
  readonly zone: string
  readonly quiet_from: string | null
  readonly quiet_until: string | null
}

/** Until when somebody wants to hear nothing who would be told then; null: they would hear it. */
export function quietUntil({ zone, quiet_from: from, quiet_until: until }: Quiet, at: Instant): Instant | null {
  // A zone that was taken out of the tables since is quiet for nobody, and stops nobody's news.
  return from === null || until === null || !isZoneName(zone) ? null : endOfHours(at, { from, until }, zone)
}
