import { type Instant, secondsBetween } from '../../lib/clock.ts'
import type { Payload } from './message.ts'

/** What nobody wants to hear any more after so long. Letters with a link: until it is worth nothing. */
const patienceSeconds: Readonly<Record<Payload['kind'], number>> = {
  told: 48 * 3600,
  confirm: 24 * 3600,
  known: 24 * 3600,
  alert: 2 * 3600,
  test: 15 * 60,
  reset: 24 * 3600,
  invitation: 48 * 3600,
}

/** Whether what was first due then is worth nothing any more at this moment. */
export function isTooLate(payload: Payload, first: Instant, at: Instant): boolean {
  if ('until' in payload && at >= payload.until) return true
  return secondsBetween(first, at) > patienceSeconds[payload.kind]
}
