import type { Incident } from '../../domain/incidents/incident.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import type { Reader } from '../../domain/site/reader.ts'

/** “This affects me too”, on an open incident. */
export interface MeToo {
  /** Absolute: on a mirror it leads to the site itself, which asks again there. */
  readonly action: string
  readonly incident: string
  /** How many said so, where the site shows it. */
  readonly count: string | null
}

/** Null where nobody is asked, and on what is over. */
export function meTooOf(
  { id, overAt }: Pick<Incident, 'id' | 'overAt'>,
  { site, reports }: Pick<Snapshot, 'site' | 'reports'>,
  reader: Reader,
  url: string,
): MeToo | null {
  if (overAt !== null || site.reports.asked === 'no') return null
  const count = reports.get(id)
  return {
    action: url + reader.href('/reports'),
    incident: id,
    count: count === undefined ? null : reader.say('report.count', { count }),
  }
}
