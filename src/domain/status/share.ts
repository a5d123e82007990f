import { isDeepStrictEqual } from 'node:util'
import type { Snapshot } from './snapshot-types.ts'

/**
 * The same snapshot, made of the objects of the one before wherever it says the same. A document that was made of parts
 * that are the same objects still is not worth making again. O(components + what is open).
 */
export function share(next: Snapshot, before: Snapshot): Snapshot {
  const { bars, ...rest } = next
  const shared = Object.entries(rest).map(([part, value]): [string, unknown] => [
    part,
    shareValue(value, before[part as keyof Snapshot]),
  ])
  // Today grows: bars are never the same as a minute ago.
  return { ...(Object.fromEntries(shared) as typeof rest), bars }
}

function shareValue(next: unknown, before: unknown): unknown {
  if (Array.isArray(next) && Array.isArray(before)) {
    const byId = new Map(before.map((one: { id?: unknown }) => [one.id, one]))
    const shared = next.map((one: { id?: unknown }) => shareOne(one, byId.get(one.id)))
    return shared.length === before.length && shared.every((one, index) => one === before[index]) ? before : shared
  }
  return shareOne(next, before)
}

function shareOne(next: unknown, before: unknown): unknown {
  return isDeepStrictEqual(next, before) ? before : next
}
