import { fileURLToPath } from 'node:url'
import { Eta } from 'eta'
import type { Snapshot } from '../../../src/domain/status/snapshot-types.ts'
import { componentModel } from '../../../src/web/public/component-page.ts'
import { dayModel } from '../../../src/web/public/day-page.ts'
import { embedModel } from '../../../src/web/public/embed-page.ts'
import { frontModel } from '../../../src/web/public/front.ts'
import { historyModel } from '../../../src/web/public/history-page.ts'
import { incidentModel } from '../../../src/web/public/incident-page.ts'
import { ledgerModel, verifyModel } from '../../../src/web/public/ledger-page.ts'
import { maintenanceModel, maintenancesModel } from '../../../src/web/public/maintenance-page.ts'
import { noticeModel } from '../../../src/web/public/notice-page.ts'
import { instanceModel } from '../../../src/web/public/instance-page.ts'
import { foundModel, instancesModel } from '../../../src/web/public/instances-page.ts'
import { instancesOf } from '../../../src/web/public/instances.ts'
import { emptyModel, missingModel } from '../../../src/web/public/pages.ts'
import { reportModel, reportedModel } from '../../../src/web/public/report-page.ts'
import { offeredChannels } from '../../../src/domain/subscribers/channel.ts'
import {
  anywhere,
  sentModel,
  subscribeModel,
  telegramModel,
} from '../../../src/web/public/subscribing/subscribe-page.ts'
import {
  confirmModel,
  knownModel,
  leaveModel,
  leftModel,
  manageModel,
} from '../../../src/web/public/subscribing/subscription-pages.ts'
import { sampleSubscriber } from '../../sample-subscriber.ts'
import { searchModel } from '../../../src/web/public/search-page.ts'
import { recordModel } from '../../../src/web/public/record-page.ts'
import { recordMonthModel } from '../../../src/web/public/record-month-page.ts'
import { sampleDisagreement, sampleMonth, sampleRecord } from '../../sample-record.ts'
import type { PublicViews } from '../../../src/web/public/views.ts'
import { chartsModel } from '../../../src/web/public/charts-page.ts'
import { metricModel } from '../../../src/web/public/metric-page.ts'
import { sampleMeasured, sampleMetricCharted } from '../../sample-measured.ts'
import { readerOf } from '../../../src/domain/site/reader.ts'
import { sampleMetric } from '../../sample-metric.ts'
import { sampleNotice } from '../../sample-snapshot.ts'
import { withInstances } from '../../sample-instances.ts'
import type { ToldMeasurement } from '../../../src/domain/probes/engine/public-evidence.ts'
import type { Locale } from '../../../src/domain/site/site.ts'
import type { Instant } from '../../../src/lib/clock.ts'

const eta = new Eta({ views: fileURLToPath(new URL('../../../views', import.meta.url)), autoEscape: true, cache: true })
const url = 'https://status.example'

/** Found by three places, then well again; and by one, which is paused now. */
function sampleTold(componentId: string): ToldMeasurement[] {
  const since = '2026-11-21T12:31:00.000Z' as Instant
  const one = { componentId, places: 3, failing: 2, since, reason: 'timeout', wellSince: null, isBlind: false } as const
  return [one, { ...one, wellSince: since }, { ...one, places: 1, failing: 1, reason: 'insecure', isBlind: true }]
}

const made = new WeakMap<Snapshot, Map<Locale, PublicViews>>()

/** Every public template with what it shows of a snapshot. All are made together, once: a test draws one of thirty. */
export function models(snapshot: Snapshot, locale: Locale): PublicViews {
  const ofSnapshot = made.get(snapshot) ?? new Map<Locale, PublicViews>()
  const views = ofSnapshot.get(locale) ?? makeModels(snapshot, locale)
  made.set(snapshot, ofSnapshot.set(locale, views))
  return views
}

function makeModels(snapshot: Snapshot, locale: Locale): PublicViews {
  const reader = readerOf(snapshot, locale)
  const [incident] = snapshot.recentIncidents
  const [maintenance] = snapshot.recentMaintenances
  const component = snapshot.components.find(({ status }) => status !== 'operational') ?? snapshot.components[0]
  if (!incident || !maintenance || !component) throw new Error('The sample has nothing to show.')
  const impacts = incident.impacts.filter(({ componentId }) => componentId === component.id)
  const month = {
    month: snapshot.today.slice(0, 7),
    first: '2025-03',
    incidents: snapshot.pastDays,
    maintenances: [maintenance],
    notices: [sampleNotice],
  }
  const day = {
    component,
    day: snapshot.today,
    impacts,
    incidents: [incident],
    maintenances: [maintenance],
    revisions: incident.revisions.filter(({ of }) => of === 'impact'),
  }
  const around = {
    incident,
    before: snapshot.recentIncidents.at(-1) ?? null,
    after: null,
    revisions: [],
    measured: sampleTold(component.id),
  }
  const year = (snapshot.bars.get(component.id)?.days ?? []).filter((one) => one !== null)
  const disagreement = sampleDisagreement(component.id, snapshot)
  const measured = sampleMeasured(snapshot.asOf)
  const known = { component, incidents: snapshot.pastDays, measured, year, disagreement }
  const cloud = withInstances(snapshot)
  const troubled = instancesOf(cloud).find(({ key }) => key === 'EU10')
  if (!troubled) throw new Error('The sample has no EU10.')
  const asked = { q: 'europe', component: component.slug, kind: '' } as const
  const results = { things: [incident, maintenance], count: 40, page: 1, terms: ['europe'], since: null }
  const offered = offeredChannels({ mail: true, sms: true, telegram: true })
  const subscriber = sampleSubscriber(component.id)
  const push = { script: '/assets/push.js', origin: url, publicKey: 'k'.repeat(87) }
  const here = `${url}/subscriptions/manage/x`
  const since = subscriber.createdAt
  return {
    'public/front': frontModel(snapshot, reader, url),
    'public/history': historyModel(month, snapshot, reader, url),
    'public/search': searchModel(asked, results, snapshot, reader, url),
    'public/incident': incidentModel(around, snapshot, reader, url),
    'public/notice': noticeModel(sampleNotice, snapshot, reader, url),
    'public/maintenances': maintenancesModel(snapshot, reader, url),
    'public/maintenance': maintenanceModel(maintenance, snapshot, reader, url),
    'public/component': componentModel(known, snapshot, reader, url),
    'public/metric': metricModel(
      { metric: sampleMetric, charted: sampleMetricCharted(snapshot.asOf) },
      snapshot,
      reader,
      url,
    ),
    'public/charts': chartsModel({ component, facts: measured }, snapshot, reader, url),
    'public/day': dayModel(day, snapshot, reader, url),
    'public/instances': instancesModel(cloud, reader, url),
    'public/instance': instanceModel(troubled, snapshot.pastDays, cloud, reader, url),
    'public/found': foundModel('eu', { kind: 'some', groups: cloud.groups.slice(-3), more: 4 }, cloud, reader, url),
    'public/embed': embedModel(snapshot, reader, url),
    'public/subscribe': subscribeModel({ snapshot, reader, url, offered, push, origin: anywhere }),
    'public/subscribe-sent': sentModel(snapshot, reader, url, 'email'),
    'public/subscribe-telegram': telegramModel(
      { snapshot, reader, url },
      { bot: 'northwind_bot', code: 'k3j9x2m8q4zt' },
    ),
    'public/subscription-confirm': confirmModel(
      { subscriber, what: 'subscription', addition: null, links: 1 },
      { snapshot, reader, url },
    ),
    'public/subscription-done': leftModel('erased', { snapshot, reader, url }),
    'public/subscription-manage': manageModel(subscriber, { here, leave: here }, { snapshot, reader, url }),
    'public/subscription-leave': leaveModel(subscriber, here, { snapshot, reader, url }),
    'public/subscription-known': knownModel(
      { subscriber, waiting: null, asked: { times: 2, since }, failures: { times: 3, since }, letters: [] },
      here,
      { snapshot, reader, url },
    ),
    'public/record': recordModel(sampleRecord(), snapshot, reader, url),
    'public/record-month': recordMonthModel(
      { ...sampleMonth, first: '2026-02', names: new Map([['checkout', 'Checkout']]) },
      snapshot,
      reader,
      url,
    ),
    'public/ledger': ledgerModel(sampleLedger(snapshot), snapshot, reader, url),
    'public/verify': verifyModel(snapshot, reader, url),
    'public/report': reportModel(snapshot, reader, url),
    'public/reported': reportedModel(snapshot, reader, url),
    'public/missing': missingModel(snapshot, reader, url),
    'public/empty': emptyModel(snapshot, reader, url),
  }
}

/** A ledger whose last entries are about an incident, and about nothing that has a page. */
function sampleLedger({ asOf, recentIncidents }: Snapshot): Parameters<typeof ledgerModel>[0] {
  const hash = 'a'.repeat(64)
  const [incident] = recentIncidents
  const about = incident && ({ noun: 'incident', ...incident } as const)
  return {
    end: { seq: 1204, at: asOf, hash, ends: 1_000_000 },
    key: 'k'.repeat(43),
    entries: [
      { seq: 1204, at: asOf, kind: 'incident.updated', subject: incident?.id ?? '', hash, about: about ?? null },
      { seq: 1203, at: asOf, kind: 'ledger.key-changed', subject: 'ledger', hash, about: null },
    ],
  }
}

export function draw<Name extends keyof PublicViews>(name: Name, model: PublicViews[Name]): string {
  return eta.render(name, model)
}
