import type { RecordedComponent, RecordedHarm } from '../../domain/import/recording.ts'
import type { ForeignHarm } from './statuspage-documents.ts'

/** Which components an incident's list stands for. */
export interface Naming {
  harmed(list: readonly ForeignHarm[]): RecordedHarm[]
  /** Names that stand for no component, with how often. */
  readonly unknown: ReadonlyMap<string, number>
}

/**
 * Finds components by id, else by name. Archives scraped from "This incident affected: A, B, and C." bring names such
 * as `and C` or `A and B`: they are taken apart where each part is a component's name, and only there.
 */
export function namingOf(components: readonly RecordedComponent[]): Naming {
  const ids = new Set(components.map(({ id }) => id))
  const byName = new Map(components.map(({ id, name }) => [folded(name), id]))
  const unknown = new Map<string, number>()

  function idsOf({ id, code, name }: ForeignHarm): string[] {
    if (id && ids.has(id)) return [id]
    if (code && ids.has(code)) return [code]
    const whole = byName.get(folded(name))
    if (whole) return [whole]
    const parts = name
      .replace(/^and /, '')
      .split(' and ')
      .map((part) => byName.get(folded(part)))
    if (parts.every((part) => part !== undefined)) return parts
    unknown.set(name, (unknown.get(name) ?? 0) + 1)
    return []
  }

  return {
    unknown,
    harmed(list) {
      const harms = new Map<string, RecordedHarm>()
      for (const harm of list) {
        // The status of a whole component is how it is now, which says nothing about then.
        const status = harm.new_status ?? null
        for (const componentId of idsOf(harm)) harms.set(componentId, { componentId, status })
      }
      return [...harms.values()]
    },
  }
}

function folded(name: string): string {
  return name.trim().toLowerCase()
}
