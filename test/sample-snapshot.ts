import { usualMeasuring } from '../src/domain/probes/checks/keeping.ts'
import type { ComponentStatus, Group, Impact } from '../src/domain/components/component.ts'
import type { Incident, Update } from '../src/domain/incidents/incident.ts'
import type { Maintenance } from '../src/domain/maintenances/maintenance.ts'
import type { Notice } from '../src/domain/notices/notice.ts'
import type { MadePromise } from '../src/domain/promises/promise.ts'
import { usualTerms } from '../src/domain/promises/terms.ts'
import { usualReports } from '../src/domain/reports/report.ts'
import { uptimeOf } from '../src/domain/status/days.ts'
import { listedOf } from '../src/domain/status/snapshot.ts'
import type { Bars, Day, Measured, PublicComponent, Snapshot } from '../src/domain/status/snapshot-types.ts'
import { type Instant, secondsBetween } from '../src/lib/clock.ts'
import { addDays, daysFrom, startOfDay } from '../src/lib/days.ts'
import { sampleMetric } from './sample-metric.ts'

/** A payment company on a bad afternoon, by hand: for rules and pictures that need no database. */
export const sampleNow = at('2026-11-21T14:20:00.000Z')
const today = '2026-11-21'
const created = at('2025-03-01T09:00:00.000Z')

export function at(text: string): Instant {
  return text as Instant
}

export function sampleGroup(id: string, name: string, more: Partial<Group> = {}): Group {
  return {
    id,
    name,
    description: null,
    translations: {},
    position: 1,
    instanceKey: null,
    location: null,
    environment: null,
    aliases: [],
    tags: [],
    createdAt: created,
    updatedAt: created,
    ...more,
  }
}

export function sampleDays(lost: Readonly<Record<number, Partial<Day>>> = {}, missing = 0): (Day | null)[] {
  return daysFrom(addDays(today, -89), today).map((day, index) => {
    const seconds = day === today ? secondsBetween(startOfDay(day, 'UTC'), sampleNow) : 86_400
    const quiet = { major: 0, partial: 0, degraded: 0, maintenance: 0, unknown: 0 }
    return index < missing ? null : { day, seconds, ...quiet, ...lost[89 - index] }
  })
}

/** With what a snapshot keeps beside it. */
export type SampleComponent = PublicComponent & Bars & { readonly measured: Measured | null }

export function sampleComponent(
  id: string,
  name: string,
  status: ComponentStatus = 'operational',
  more: Partial<SampleComponent> = {},
): SampleComponent {
  const days = more.days ?? sampleDays()
  return {
    id,
    slug: id,
    groupId: null,
    name,
    description: null,
    translations: {},
    position: 1,
    barsHiddenAt: null,
    shown: 'always',
    startDate: null,
    createdAt: created,
    updatedAt: created,
    status,
    statusSince: status === 'operational' ? null : at('2026-11-21T13:42:00.000Z'),
    uptime: uptimeOf(days),
    measured: { at: at('2026-11-21T14:19:48.000Z'), ms: 184 },
    ...more,
    days,
  }
}

export function sampleUpdate(
  id: string,
  stage: string,
  when: string,
  body: string,
  more: Partial<Update> = {},
): Update {
  return {
    id,
    stage,
    body,
    locale: 'en',
    translations: {},
    author: 'Ines, payments on-call',
    source: 'person',
    affected: null,
    delivered: 'yes',
    nextUpdateBy: null,
    noPromiseReason: null,
    displayedAt: at(when),
    revision: 0,
    translates: {},
    createdAt: at(when),
    updatedAt: at(when),
    ...more,
  }
}

export function sampleImpact(
  componentId: string,
  status: ComponentStatus,
  began: string,
  ended: string | null,
  more: Partial<Impact> = {},
): Impact {
  return {
    id: `${componentId}-${began}`,
    componentId,
    status,
    beganAt: at(began),
    endedAt: ended === null ? null : at(ended),
    saidAt: at(began),
    incidentId: 'cards',
    maintenanceId: null,
    probeId: null,
    ...more,
  }
}

export function sampleIncident(id: string, name: string, more: Partial<Incident> = {}): Incident {
  const beganAt = more.beganAt ?? at('2026-11-21T13:42:00.000Z')
  return {
    id,
    number: 1,
    name,
    locale: 'en',
    translations: {},
    stage: 'investigating',
    severity: 'major',
    derivedSeverity: 'major',
    severityOverride: null,
    source: 'person',
    heldBy: 'person',
    probeId: null,
    beganAt,
    noticedAt: null,
    toldAt: beganAt,
    monitoringAt: null,
    mitigatedAt: null,
    overAt: null,
    toldOverAt: null,
    reviewDueAt: null,
    reviewedAt: null,
    nextUpdateBy: null,
    noPromiseReason: null,
    publishesAt: null,
    dismissedAt: null,
    recoveredAt: null,
    intermittentAt: null,
    annulledAt: null,
    annulments: [],
    latestUpdateAt: beganAt,
    shortlink: null,
    createdAt: beganAt,
    updatedAt: beganAt,
    updates: [],
    impacts: [],
    promises: promisedIn(id, more.updates ?? []),
    review: null,
    withdrawn: [],
    revisions: [],
    ...more,
  }
}

/** What these words promised, newest first, and what had become of it by now. */
function promisedIn(incidentId: string, updates: readonly Update[]): MadePromise[] {
  const words = updates.toReversed()
  return words.flatMap(({ id, displayedAt, nextUpdateBy: dueAt }, index) => {
    if (displayedAt === null || dueAt === null) return []
    const next = words[index + 1]
    const cameAt = next?.displayedAt ?? null
    const outcome: MadePromise['outcome'] =
      cameAt === null ? (dueAt < sampleNow ? 'missed' : null) : cameAt <= dueAt ? 'kept' : 'missed'
    const promise = { id, incidentId, kind: 'update' as const, madeBy: id, madeAt: displayedAt, dueAt, outcome, cameAt }
    return [{ ...promise, decidedAt: outcome === 'kept' ? cameAt : outcome && dueAt, decidedBy: next?.id ?? null }]
  })
}

export function sampleMaintenance(id: string, name: string, more: Partial<Maintenance> = {}): Maintenance {
  return {
    id,
    number: 3,
    name,
    locale: 'en',
    translations: {},
    stage: 'scheduled',
    severity: 'maintenance',
    plannedFrom: at('2026-11-22T22:00:00.000Z'),
    plannedUntil: at('2026-11-22T23:30:00.000Z'),
    beganAt: null,
    endedAt: null,
    verifyingAt: null,
    originalUntil: null,
    announcedAt: at('2026-11-14T10:00:00.000Z'),
    cancelledAt: null,
    runsBy: 'clock',
    source: 'person',
    seriesId: null,
    latestUpdateAt: at('2026-11-14T10:00:00.000Z'),
    shortlink: null,
    createdAt: created,
    updatedAt: created,
    componentIds: [],
    updates: [],
    withdrawn: [],
    revisions: [],
    ...more,
  }
}

export const sampleNotice: Notice = {
  id: 'notice',
  name: 'New addresses for webhooks',
  body: 'From 1 December our webhooks come from `203.0.113.0/24` as well. Allow it in your firewall.',
  locale: 'en',
  translations: {
    fa: { name: 'نشانی‌های تازه برای وب‌هوک‌ها', body: 'از ۱۰ آذر وب‌هوک‌های ما از `203.0.113.0/24` نیز می‌آیند.' },
  },
  shownFrom: at('2026-11-20T09:00:00.000Z'),
  shownUntil: null,
  pinnedAt: null,
  changedAt: null,
  revisions: [],
  createdAt: created,
  updatedAt: created,
}

export function sampleSnapshot({
  components = [],
  ...more
}: Partial<Omit<Snapshot, 'components'>> & { readonly components?: readonly SampleComponent[] } = {}): Snapshot {
  return {
    version: 7,
    asOf: sampleNow,
    minute: sampleNow,
    hour: at('2026-11-21T14:00:00.000Z'),
    nextMoment: at('2026-11-21T14:21:00.000Z'),
    today,
    site: {
      id: 'site',
      name: 'Northwind status',
      description: null,
      zone: 'UTC',
      locale: 'en',
      translations: {
        fa: { name: 'وضعیت نورث‌ویند' },
        fr: { name: 'État de Northwind' },
        'zh-Hant': { name: '北風狀態' },
      },
      look: { accent: null, accentDark: null, css: null, logo: null },
      terms: usualTerms,
      reports: usualReports,
      measuring: usualMeasuring,
      evidence: 'yes',
      setUpAt: created,
      createdAt: created,
      updatedAt: created,
    },
    groups: [],
    components,
    listed: components.map(listedOf),
    bars: new Map(components.map(({ id, days, uptime }) => [id, { days, uptime }])),
    measured: new Map(components.flatMap(({ id, measured }) => (measured ? [[id, measured]] : []))),
    openIncidents: [],
    recentIncidents: [],
    pastDays: [],
    openMaintenances: [],
    recentMaintenances: [],
    notices: [],
    recentNotices: [],
    disagreements: [],
    record: { told: 180, promises: { made: 43, kept: 41 } },
    metrics: [sampleMetric],
    reports: new Map(),
    telegramBot: null,
    ...more,
  }
}
