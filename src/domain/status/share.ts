import { isDeepStrictEqual } from 'node:util'
import { shareOfTurn } from '../../lib/share-of-turn.ts'
import type { Snapshot } from './snapshot-types.ts'

/** With thousands of components readers pass between. */
const shareMs = 1

type Turn = ReturnType<typeof shareOfTurn>

/**
 * The same snapshot, made of the objects of the one before wherever it says the same. A document that was made of parts
 * that are the same objects still is not worth making again. O(components + what is open).
 */
export async function share(next: Snapshot, before: Snapshot): Promise<Snapshot> {
  const turn = shareOfTurn(shareMs)
  // Today grows: bars are never the same as a minute ago.
  const shared: Snapshot = { ...next }
  const keep = async <Part extends keyof Snapshot>(part: Part, value: Snapshot[Part]): Promise<void> =>
    void Object.assign(shared, { [part]: await shareValue(value, before[part], turn) })
  const { bars: _, listed, ...rest } = next
  for (const part of Object.keys(rest) as (keyof typeof rest)[]) await keep(part, next[part])
  // What is the same component is listed the same.
  const known = new Map(before.components.map((component, index) => [component, before.listed[index]]))
  await keep(
    'listed',
    listed.map((one, index) => {
      const component = shared.components[index]
      return (component && known.get(component)) ?? one
    }),
  )
  return shared
}

async function shareValue(next: unknown, before: unknown, turn: Turn): Promise<unknown> {
  if (!Array.isArray(next) || !Array.isArray(before)) return shareOne(next, before)
  const byId = new Map(before.map((one: { id?: unknown }) => [one.id, one]))
  const shared: unknown[] = []
  for (const one of next as { id?: unknown }[]) {
    const others = turn()
    if (others) await others
    shared.push(shareOne(one, byId.get(one.id)))
  }
  return shared.length === before.length && shared.every((one, index) => one === before[index]) ? before : shared
}

function shareOne(next: unknown, before: unknown): unknown {
  return isDeepStrictEqual(next, before) ? before : next
}
