import type { ComponentStatus } from '../src/domain/components/component.ts'
import type { Day, Snapshot } from '../src/domain/status/snapshot-types.ts'
import { groups as northwind } from '../demo/northwind.ts'
import { badAfternoon } from './bad-afternoon.ts'
import {
  type SampleComponent,
  at,
  sampleComponent,
  sampleDays,
  sampleGroup,
  sampleImpact,
  sampleIncident,
  sampleMaintenance,
  sampleSnapshot,
  sampleUpdate,
} from './sample-snapshot.ts'

const hour = 3600
/** What thirty systems had to suffer, so that no two rows look alike. */
const troubles: readonly Readonly<Record<number, Partial<Day>>>[] = [
  { 61: { degraded: 2 * hour }, 12: { partial: 0.7 * hour } },
  {},
  { 40: { major: 3 * hour, partial: 2 * hour }, 18: { maintenance: 1.5 * hour } },
  { 73: { unknown: 24 * hour }, 74: { unknown: 9 * hour }, 5: { degraded: 0.2 * hour } },
  {},
  { 29: { partial: 5 * hour, major: hour }, 2: { degraded: 0.4 * hour } },
  { 55: { major: 12 } },
]

const translated = (words: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries(Object.entries(words).map(([locale, name]) => [locale, { name }]))

/** Thirty systems in five groups. */
function thirty(
  status: (name: string) => ComponentStatus,
): Pick<Snapshot, 'groups'> & { components: SampleComponent[] } {
  let position = 0
  return {
    groups: northwind.map((group, index) =>
      sampleGroup(`g${index}`, group.name, { position: index, translations: translated(group.in) }),
    ),
    components: northwind.flatMap((group, index) =>
      group.components.map(({ name, in: words }) =>
        sampleComponent(name.toLowerCase().replaceAll(/\W+/g, '-'), name, status(name), {
          groupId: `g${index}`,
          position: (position += 1),
          translations: translated(words),
          days: sampleDays(troubles[position % troubles.length], position === 17 ? 30 : 0),
        }),
      ),
    ),
  }
}

const cards = badAfternoon.openIncidents[0] ?? sampleIncident('cards', 'Some card payments fail')
const late = sampleIncident('webhooks', 'Webhooks arrive late', {
  stage: 'investigating',
  severity: 'minor',
  beganAt: at('2026-11-21T13:58:00.000Z'),
  noticedAt: at('2026-11-21T13:58:30.000Z'),
  toldAt: at('2026-11-21T14:02:00.000Z'),
  nextUpdateBy: at('2026-11-21T14:45:00.000Z'),
  updates: [
    sampleUpdate(
      'late',
      'investigating',
      '2026-11-21T14:02:00.000Z',
      'Webhooks arrive up to ten minutes late. None is lost.',
      {
        nextUpdateBy: at('2026-11-21T14:45:00.000Z'),
      },
    ),
  ],
  impacts: [sampleImpact('webhooks', 'degraded_performance', '2026-11-21T13:58:00.000Z', null)],
})
const reports = sampleIncident('reports', 'Reports cannot be exported', {
  stage: 'monitoring',
  severity: 'critical',
  beganAt: at('2026-11-21T12:30:00.000Z'),
  toldAt: at('2026-11-21T12:31:00.000Z'),
  updates: [
    sampleUpdate(
      'fixed',
      'monitoring',
      '2026-11-21T14:05:00.000Z',
      'New exports work again. Those that were stuck are being made now, **the oldest first**.',
    ),
    sampleUpdate(
      'stuck',
      'investigating',
      '2026-11-21T12:31:00.000Z',
      'Exports do not finish. The figures in the dashboard are right.',
      {
        author: 'Tomás, support',
      },
    ),
  ],
  impacts: [sampleImpact('reports-and-exports', 'major_outage', '2026-11-21T12:30:00.000Z', null)],
})

const ledger = badAfternoon.openMaintenances[0] ?? sampleMaintenance('ledger', 'Move of the ledger database')
const underWay = sampleMaintenance('readers', 'New software for card readers', {
  stage: 'in_progress',
  plannedFrom: at('2026-11-21T14:00:00.000Z'),
  plannedUntil: at('2026-11-21T15:30:00.000Z'),
  beganAt: at('2026-11-21T14:00:00.000Z'),
  componentIds: ['card-readers'],
  updates: [
    sampleUpdate(
      'begun',
      'in_progress',
      '2026-11-21T14:00:00.000Z',
      'Readers restart one after the other. Each is away for about a minute.',
    ),
  ],
})

const day = 24 * hour
const neverMeasured = {
  measured: null,
  days: sampleDays({ 0: { unknown: 14 * hour }, 1: { unknown: day }, 2: { unknown: day }, 3: { unknown: 9 * hour } }),
}
const unmeasured = thirty((name) => (name.length % 2 === 0 ? 'unknown' : 'operational'))
const statuses: Readonly<Record<string, ComponentStatus>> = {
  'Card payments': 'partial_outage',
  Webhooks: 'degraded_performance',
  'Reports and exports': 'major_outage',
}

/** The page as it looks most of the time, and as it looks when it matters. */
export const sixStates = {
  calm: sampleSnapshot({ ...thirty(() => 'operational'), pastDays: badAfternoon.pastDays.slice(1) }),
  incident: badAfternoon,
  'three-incidents': sampleSnapshot({
    ...thirty((name) => statuses[name] ?? 'operational'),
    openIncidents: [late, cards, reports],
    recentIncidents: [late, cards, reports],
    pastDays: badAfternoon.pastDays,
  }),
  maintenance: sampleSnapshot({
    ...thirty((name) => (name === 'Card readers' ? 'under_maintenance' : 'operational')),
    openMaintenances: [underWay, ledger],
    recentMaintenances: [underWay, ledger],
  }),
  'not-measured': sampleSnapshot({
    ...unmeasured,
    components: unmeasured.components.map((one) => (one.status === 'unknown' ? { ...one, ...neverMeasured } : one)),
  }),
  /** The same bytes as when it is calm; what tells them apart is the reader's clock. */
  stale: sampleSnapshot({ ...thirty(() => 'operational') }),
} as const satisfies Record<string, Snapshot>
