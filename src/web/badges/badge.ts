import type { ComponentStatus } from '../../domain/components/component.ts'
import { severities } from '../../domain/incidents/incident.ts'
import { flooredPercent } from '../../domain/status/days.ts'
import { overall } from '../../domain/status/overall.ts'
import type { PublicComponent, Snapshot } from '../../domain/status/snapshot-types.ts'
import type { NamePart, Reader } from '../../domain/site/reader.ts'
import { type Mark, markOf, toneOfSeverity } from '../shared/marks.ts'

/** What a badge says: of whom, and what. */
export interface Badge {
  readonly name: NamePart
  readonly message: string
  /** `figure`: a number, which is neither good nor bad by itself. */
  readonly tone: Mark['tone'] | 'figure'
}

export function pageBadge(snapshot: Snapshot, reader: Reader): Badge {
  const { tone, word } = pageMark(snapshot, reader)
  return { name: reader.name(snapshot.site, 'name'), message: word, tone }
}

function pageMark({ components, openIncidents }: Snapshot, reader: Reader): Mark {
  const status = wholeStatus(components.map((component) => component.status))
  if (status !== 'operational') return markOf(status, reader.say)
  if (openIncidents.length === 0) return { tone: 'ok', word: reader.say('badge.all') }
  // No component suffers, and still not all is well.
  const rank = Math.max(...openIncidents.map(({ severity }) => severities.findIndex((one) => one === severity)))
  return { tone: toneOfSeverity(severities[rank] ?? 'none'), word: reader.say('badge.incident') }
}

/** The state of the whole, by the same rule as everywhere, in the words of one thing. */
export function wholeStatus(leaves: readonly ComponentStatus[]): ComponentStatus {
  const { state } = overall(leaves)
  switch (state) {
    case 'none':
      return 'operational'
    case 'maintenance':
      return 'under_maintenance'
    case 'minor':
      return leaves.includes('partial_outage') ? 'partial_outage' : 'degraded_performance'
    case 'major':
      return 'partial_outage'
    case 'critical':
      return 'major_outage'
    case 'unknown':
      return 'unknown'
  }
}

export function componentBadge(component: PublicComponent, _snapshot: Snapshot, reader: Reader): Badge {
  const { tone, word } = markOf(component.status, reader.say)
  return { name: reader.name(component, 'name'), message: word, tone }
}

export function uptimeBadge(component: PublicComponent, { bars }: Snapshot, reader: Reader): Badge {
  const { days = [], uptime = null } = bars.get(component.id) ?? {}
  const name = reader.name(component, 'name')
  if (uptime === null) return unmeasured(name, reader)
  const share = reader.dates.percent(flooredPercent(uptime))
  const count = days.filter((day) => day !== null).length
  return { name, message: reader.say('badge.uptime', { share, days: count }), tone: 'figure' }
}

export function latencyBadge(component: PublicComponent, { measured }: Snapshot, reader: Reader): Badge {
  const name = reader.name(component, 'name')
  const ms = measured.get(component.id)?.ms ?? null
  // How fast it was before we lost sight of it says nothing of now.
  if (ms === null || component.status === 'unknown') return unmeasured(name, reader)
  return { name, message: reader.dates.milliseconds(ms), tone: 'figure' }
}

function unmeasured(name: NamePart, reader: Reader): Badge {
  return { name, message: reader.say('status.unknown'), tone: 'unknown' }
}
