import { type ComponentStatus, worse } from '../../domain/components/component.ts'
import type { Incident } from '../../domain/incidents/incident.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import type { NamePart, Reader } from '../shared/i18n.ts'
import { type Mark, markOf } from '../shared/marks.ts'

/** A component that an incident or a maintenance names. */
export interface AffectedLine {
  readonly name: NamePart
  /** Null: it is no longer listed. */
  readonly href: string | null
  readonly mark: Mark | null
}

/** What an incident affects now, or, once it is over, the worst it did to each. */
export function affectedBy(incident: Incident, { components }: Snapshot, reader: Reader): AffectedLine[] {
  const worst = new Map<string, ComponentStatus>()
  for (const { componentId, status, endedAt } of incident.impacts) {
    if (incident.overAt === null && endedAt !== null) continue
    worst.set(componentId, worse(worst.get(componentId) ?? 'operational', status))
  }
  return [...worst].flatMap(([id, status]) => {
    const line = lineOf(id, components, reader) ?? formerly(id, incident, reader)
    return line ? [{ ...line, mark: markIn(status, reader) }] : []
  })
}

/** Named by an incident, and came to no harm: that is not to say that it works. */
function markIn(status: ComponentStatus, reader: Reader): Mark {
  return status === 'operational' ? { tone: 'ok', word: reader.say('impact.unharmed') } : markOf(status, reader.say)
}

export function lineOf(id: string, components: Snapshot['components'], reader: Reader): AffectedLine | null {
  const component = components.find((one) => one.id === id)
  if (!component) return null
  return { name: reader.name(component, 'name'), href: reader.href(`/components/${component.slug}`), mark: null }
}

/** A component that was removed since keeps the name it had when it was said. */
export function formerly(
  id: string,
  { updates, locale }: Pick<Incident, 'updates' | 'locale'>,
  reader: Reader,
): AffectedLine | null {
  const named = updates.flatMap(({ affected }) => affected ?? []).find((one) => one.id === id)
  if (!named) return null
  const name: NamePart = { kind: 'name', text: named.name, lang: locale === reader.locale ? null : locale, dir: null }
  return { name, href: null, mark: null }
}
