import { worse } from '../../domain/components/component.ts'
import { type Incident, severities, severityOf } from '../../domain/incidents/incident.ts'

/**
 * Open incidents as a reader in trouble needs them: what harms most now comes first, as in the verdict above them; the
 * newest of those that harm alike. What only recovers comes last, however bad it was.
 */
export function gravestFirst(incidents: readonly Incident[]): Incident[] {
  return incidents.toSorted((a, b) => gravity(b) - gravity(a) || b.beganAt.localeCompare(a.beganAt))
}

function gravity({ impacts, stage, severity }: Incident): number {
  const worst = impacts
    .filter(({ endedAt }) => endedAt === null)
    .map(({ status }) => status)
    .reduce(worse, 'operational')
  // One that names no system is as grave as it is said to be.
  const now = worst === 'operational' && stage !== 'monitoring' ? severity : severityOf(worst)
  return severities.findIndex((one) => one === now)
}
