import type { Component, Group } from '../../../domain/components/component.ts'

/** The page from top to bottom: single components, and groups with theirs. */
export interface Entry {
  readonly id: string
  /** Undefined: a single component. */
  readonly components?: readonly string[]
}

export function arrangement(groups: readonly Group[], components: readonly Component[]): Entry[] {
  const single = components.filter(({ groupId }) => groupId === null)
  return [...groups, ...single]
    .toSorted((a, b) => a.position - b.position || (a.id < b.id ? -1 : 1))
    .map(({ id }) => {
      if (single.some((component) => component.id === id)) return { id }
      const children = components.filter(({ groupId }) => groupId === id)
      return { id, components: children.toSorted((a, b) => a.position - b.position).map((child) => child.id) }
    })
}

/** One step up or down, among what stands beside it; at the end it stays. */
export function moved(entries: readonly Entry[], id: string, direction: 'up' | 'down'): Entry[] {
  if (entries.some((entry) => entry.id === id)) return stepped(entries, (entry) => entry.id === id, direction)
  return entries.map((entry) =>
    entry.components?.includes(id)
      ? { ...entry, components: stepped(entry.components, (child) => child === id, direction) }
      : entry,
  )
}

function stepped<T>(list: readonly T[], isIt: (each: T) => boolean, direction: 'up' | 'down'): T[] {
  const from = list.findIndex(isIt)
  const to = direction === 'up' ? from - 1 : from + 1
  const it = list[from]
  const neighbour = list[to]
  if (it === undefined || neighbour === undefined) return [...list]
  return list.with(from, neighbour).with(to, it)
}
