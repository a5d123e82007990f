import type { Change } from '../../domain/changes/change.ts'
import { type DeclaredStatus, componentStatuses } from '../../domain/components/component.ts'
import { statusesByHand } from '../../domain/components/queries.ts'
import { longestName } from '../../domain/incidents/input.ts'
import { incidentStages, severities } from '../../domain/incidents/incident.ts'
import {
  type Static,
  amongOthers,
  anything,
  choice,
  described,
  either,
  fields,
  flag,
  id,
  instant,
  line,
  list,
  map,
  optional,
  prose,
} from '../../lib/fields.ts'

const mostComponents = 500

/** What a maintenance can be said to be. */
export const windowStatuses = ['scheduled', 'in_progress', 'verifying', 'completed'] as const
export type WindowStatus = (typeof windowStatuses)[number]

const ids = list(id, mostComponents)

const details = {
  status: described(
    optional(choice([...incidentStages, ...windowStatuses])),
    'Of an incident: investigating, identified, monitoring, resolved. Of a maintenance: scheduled, in_progress, verifying, completed.',
  ),
  body: described(optional(prose()), 'The word to readers. Left out, the usual one for the status is said.'),
  impact_override: optional(choice([...severities, 'maintenance'])),
  components: described(
    optional(either(map(optional(choice(componentStatuses)), mostComponents), ids)),
    'How each affected component does, by its id; or, as of old, a list of ids.',
  ),
  component_ids: described(optional(ids), 'Which components are affected. One that was named stays named.'),
  deliver_notifications: described(optional(flag), 'Whether subscribers are told; usually they are.'),
  metadata: described(optional(map(anything, 100)), 'For programs: kept, answered, and never shown to readers.'),
  scheduled_for: described(optional(instant), 'When planned work begins: what has it is a maintenance.'),
  scheduled_until: optional(instant),
  scheduled_auto_in_progress: described(
    optional(flag),
    'Whether the clock begins and ends the work. There is one switch for both: where only one is sent, both follow it.',
  ),
  scheduled_auto_completed: optional(flag),
  scheduled_auto_transition: described(optional(flag), 'The same as scheduled_auto_in_progress.'),
  reason: described(optional(line(300)), 'Ours: why a title or an impact is corrected. Readers see it.'),
}

export type WishedIncident = Static<typeof incidentChanges>
export const incidentChanges = amongOthers(
  fields({ name: described(optional(line(longestName)), 'Null: as it is.'), ...details }),
)

export type NewIncidentBody = Static<typeof newIncidentBody>
export const newIncidentBody = amongOthers(
  fields({
    name: line(longestName),
    ...details,
    backfilled: described(optional(flag), 'It was over long ago: needs backfill_date, and names no components.'),
    backfill_date: described(optional(line(40)), 'The day on which it happened, or a time with its offset.'),
  }),
)

type Affecting = Pick<WishedIncident, 'components' | 'component_ids'>

/** The ids that are named, each once, in whichever way. */
export function namedIn({ components, component_ids: listed }: Affecting): string[] {
  const given = Array.isArray(components) ? components : Object.keys(components ?? {})
  return [...new Set([...given, ...(listed ?? [])])]
}

/** What is said of each component, by its id. */
export function statusesIn({ components }: Affecting): ReadonlyMap<string, DeclaredStatus> {
  if (!components || Array.isArray(components)) return new Map()
  const said = Object.entries(components as Readonly<Record<string, DeclaredStatus | null>>)
  return new Map(said.flatMap(([key, status]) => (status ? [[key, status] as const] : [])))
}

/**
 * How the components do that are named: as it is said; else as somebody set it by hand before, because programs often
 * do that first; else as unharmed.
 */
export async function affectedBy(change: Change, wished: Affecting, except: ReadonlySet<string> = new Set()) {
  const said = statusesIn(wished)
  const named = namedIn(wished).filter((one) => said.has(one) || !except.has(one))
  const byHand = await statusesByHand(change.tx, named)
  return named.map((one) => ({ id: one, status: said.get(one) ?? byHand.get(one) ?? ('operational' as const) }))
}

export function delivered({ deliver_notifications: deliver }: Pick<WishedIncident, 'deliver_notifications'>) {
  return deliver === false ? ('no' as const) : ('yes' as const)
}
