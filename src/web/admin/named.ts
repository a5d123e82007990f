import type { Db } from '../../database/database.ts'
import { worse } from '../../domain/components/component.ts'
import { componentNames } from '../../domain/components/queries.ts'
import type { Incident } from '../../domain/incidents/incident.ts'
import { readIncidentOrDraft } from '../../domain/incidents/queries.ts'
import { risen } from '../../domain/incidents/rules.ts'
import { updateMinutes } from '../../domain/promises/terms.ts'
import { readSite } from '../../domain/site/queries.ts'
import { type Instant, later } from '../../lib/clock.ts'
import { Invalid } from '../../lib/errors.ts'
import { type Composed, type Seen, proposedName, seen } from './composer.ts'

/** The components with a status, by their names, as readers will see them. */
export async function namedComponents(db: Db, components: Composed['components']): Promise<Seen['components']> {
  const names = await componentNames(
    db,
    components.map(({ id }) => id),
  )
  return components.flatMap(({ id, status }) => {
    const name = names.get(id)
    return name === undefined ? [] : [{ name, status }]
  })
}

/** The name as written; else one in the readers' words, from what was said of the systems. */
export async function nameOrProposal(
  db: Db,
  { name, components }: Pick<Composed, 'name' | 'components'>,
): Promise<string> {
  if (name.trim() !== '') return name
  const proposed = proposedName(await namedComponents(db, components), (await readSite(db)).locale)
  if (proposed === null) throw new Invalid('Give it a title, or say which system is affected: that names it.', 'name')
  return proposed
}

/** What readers will see of these words, with what the incident said before and still holds. */
export async function preview(db: Db, composed: Composed, incidentId: string, now: Instant): Promise<Seen> {
  const incident = !/^[\w-]{1,64}$/.test(incidentId) ? null : await readIncidentOrDraft(db, incidentId)
  const statuses = incident?.toldAt ? statusesOf(incident) : new Map<string, string>()
  for (const { id, status } of composed.components) statuses.set(id, status)
  const all = [...statuses].map(([id, status]) => ({
    id,
    status: composed.stage === 'resolved' ? 'operational' : status,
  }))
  const components = await namedComponents(db, all)
  const { locale, terms } = await readSite(db)
  const name = composed.name.trim() || proposedName(components, locale) || '…'
  const severity = risen(incident?.severity ?? 'none', composed.components as Parameters<typeof risen>[1])
  const isOpen = composed.stage !== 'resolved' && composed.noPromiseReason === null
  const nextUpdateBy = composed.nextUpdateBy ?? (isOpen ? later(now, updateMinutes(terms, severity) * 60) : null)
  return seen({ ...composed, nextUpdateBy }, name, components)
}

/** What an incident says of its components now, by id. */
export function statusesOf({ impacts }: Incident): Map<string, string> {
  const statuses = new Map<string, string>()
  for (const { componentId, status, endedAt } of impacts) {
    const said = endedAt === null ? status : 'operational'
    const known = statuses.get(componentId) as typeof status | undefined
    statuses.set(componentId, known ? worse(known, said) : said)
  }
  return statuses
}
