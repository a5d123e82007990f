import type { Instant } from '../../lib/clock.ts'
import type { Site } from '../site/site.ts'
import type { Incident } from './incident.ts'

/** One of which nothing is said yet, for whoever supposes one. */
export function blankIncident(now: Instant, { locale }: Pick<Site, 'locale'>): Incident {
  return {
    id: '…',
    number: 0,
    name: '',
    locale,
    translations: {},
    stage: 'investigating',
    severity: 'none',
    derivedSeverity: 'none',
    severityOverride: null,
    source: 'person',
    heldBy: 'person',
    probeId: null,
    beganAt: now,
    noticedAt: now,
    toldAt: null,
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
    latestUpdateAt: null,
    shortlink: null,
    createdAt: now,
    updatedAt: now,
    updates: [],
    withdrawn: [],
    revisions: [],
    impacts: [],
    promises: [],
    review: null,
  }
}
