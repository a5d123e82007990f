import { type Clock, millisecondsOf } from '../../lib/clock.ts'
import { TooMany } from '../../lib/errors.ts'

/** Counts a request of somebody; throws when it is one too many. */
export type Limit = (who: string) => void

const requests = 60
const windowMs = 60_000

/** A request a second on average, over a minute: what clients of the API are written for. */
export function requestsPerMinute(clock: Clock): Limit {
  const windows = new Map<string, { began: number; count: number }>()
  return (who) => {
    const now = millisecondsOf(clock.now())
    const known = windows.get(who)
    const window = known && now >= known.began && now - known.began < windowMs ? known : { began: now, count: 0 }
    windows.set(who, window)
    window.count += 1
    if (window.count <= requests) return
    const wait = Math.ceil((window.began + windowMs - now) / 1000)
    throw new TooMany('Rate limit exceeded', Math.max(1, wait))
  }
}
