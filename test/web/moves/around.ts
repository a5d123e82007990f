import {
  changeComponent,
  createComponent,
  removeComponent,
  setComponentStatus,
} from '../../../src/domain/components/commands.ts'
import { changeGroup, createGroup, removeGroup } from '../../../src/domain/components/groups.ts'
import { orderComponents } from '../../../src/domain/components/order.ts'
import { advanceMaintenances } from '../../../src/domain/maintenances/advance.ts'
import { changeMetric, createMetric, removeMetric } from '../../../src/domain/metrics/commands.ts'
import { takeValues } from '../../../src/domain/metrics/points.ts'
import { listMetrics } from '../../../src/domain/metrics/queries.ts'
import { createProbe, pauseProbe, removeProbe } from '../../../src/domain/probes/commands.ts'
import { watchOver } from '../../../src/domain/probes/engine/engine.ts'
import { publishDueDrafts, resolveRecovered } from '../../../src/domain/probes/engine/recovering.ts'
import { changeTerms } from '../../../src/domain/promises/change-terms.ts'
import { watchPromises } from '../../../src/domain/promises/watch.ts'
import { changeReportSettings } from '../../../src/domain/reports/change-settings.ts'
import { takeReport } from '../../../src/domain/reports/take.ts'
import { noteOverdueActions } from '../../../src/domain/reviews/overdue.ts'
import { changeSite } from '../../../src/domain/site/commands.ts'
import { changeLook } from '../../../src/domain/site/look.ts'
import { millisecondsOf } from '../../../src/lib/clock.ts'
import { found } from '../../domain/probes/watched.ts'
import { type Moves, harms } from './hand.ts'

/** What is around it: systems, figures, probes, readers, the site and the time. */
export const around: Moves = {
  'a moment': ({ here, lot }) => Promise.resolve(here.clock.advance(`${1 + (lot % 40)}s`)),
  'some hours': ({ here, lot }) => Promise.resolve(here.clock.advance(`${1 + (lot % 30)}h`)),
  'a new component': async ({ does, lot, one, draw }) => {
    const groupId = await one('groups')
    return does((it) => createComponent(it, { name: `System ${lot}`, ...(draw([true, false]) ? { groupId } : {}) }))
  },
  'another name of a component': async ({ does, lot, one, draw }) => {
    const id = await one('components')
    const change = draw([
      { name: `System ${lot}` },
      { description: `What it does: ${lot}` },
      { bars: draw(['shown', 'hidden'] as const) },
      { shown: draw(['always', 'degraded'] as const) },
      { startDate: draw(['2026-09-01', '2026-11-15']) },
      { groupId: await one('groups') },
      { translations: { fr: { name: `Système ${lot}` } } },
    ])
    return does((it) => changeComponent(it, id, change))
  },
  'a component goes': async ({ does, one }) => {
    const id = await one('components')
    return does((it) => removeComponent(it, id))
  },
  'a status by hand': async ({ does, one, draw }) => {
    const id = await one('components')
    return does((it) => setComponentStatus(it, id, { status: draw(['operational', ...harms]) }))
  },
  'a new group': ({ does, lot, draw }) =>
    does((it) =>
      createGroup(it, {
        name: `Group ${lot}`,
        ...(draw([true, false]) ? { instanceKey: `EU${lot}`, location: 'EU', environment: 'production' } : {}),
      }),
    ),
  'another name of a group': async ({ does, lot, one, draw }) => {
    const id = await one('groups')
    const change = draw([
      { name: `Group ${lot}` },
      { translations: { fr: { name: `Groupe ${lot}` } } },
      { location: `There ${lot}` },
    ])
    return does((it) => changeGroup(it, id, change))
  },
  'a group goes': async ({ does, one }) => {
    const id = await one('groups')
    return does((it) => removeGroup(it, id))
  },
  'another order': async ({ here, does }) => {
    const { components, groups } = await here.readSnapshot()
    const alone = components.filter(({ groupId }) => groupId === null).map(({ id }) => ({ id }))
    const grouped = groups.map(({ id }) => ({
      id,
      components: components.filter(({ groupId }) => groupId === id).map((one) => one.id),
    }))
    return does((it) => orderComponents(it, { entries: [...alone.toReversed(), ...grouped.toReversed()] }))
  },
  'a figure': async ({ here, does, lot, one, draw }) => {
    const [metric] = await listMetrics(here.db)
    const wish = {
      name: `Figure ${lot}`,
      decimals: lot % 3,
      shown: draw(['yes', 'yes', 'no'] as const),
      componentId: draw([null, await one('components')]),
    }
    const second = Math.floor(millisecondsOf(here.clock.now()) / 1000) - 60
    if (!metric) return does((it) => createMetric(it, wish))
    return draw([
      () => does((it) => createMetric(it, wish)),
      () => does((it) => changeMetric(it, metric.id, wish)),
      () => does((it) => takeValues(it, [{ metric, points: [{ second, value: lot }] }], 'America/New_York')),
      () => does((it) => takeValues(it, [{ metric, points: [{ second, value: lot }] }], 'America/New_York')),
      () => does((it) => removeMetric(it, metric.id)),
    ])()
  },
  'a probe': async ({ does, one, draw }) => {
    const [componentId, id] = [await one('components'), await one('probes')]
    return draw([
      () => does((it) => createProbe(it, { componentId, url: 'https://shop.test/health' })),
      () => does((it) => pauseProbe(it, id)),
      () => does((it) => removeProbe(it, id)),
    ])()
  },
  'what a probe finds': async ({ here, one, draw }) => {
    const probe = await one('probes')
    if (probe !== '') await found(here, probe, draw(['p', 'fff', 'ffffffff', 'ppppp', 'si']))
  },
  'the jobs': async ({ here }) => {
    await publishDueDrafts(here)
    await resolveRecovered(here)
    await watchOver({ db: here.db, change: here.change, now: () => here.clock.now() })
    await advanceMaintenances(here)
    await watchPromises(here)
    await noteOverdueActions(here)
  },
  'a reader says so': async ({ here, one, draw, lot }) => {
    const [incidentId, componentId] = [await one('incidents'), await one('components')]
    const report = draw([
      { incidentId, componentId: null },
      { incidentId: null, componentId },
    ])
    return takeReport(here, report, { token: `token ${lot} ${here.clock.now()}`, now: here.clock.now() })
  },
  'readers are asked': ({ does, draw }) =>
    does((it) =>
      changeReportSettings(it, {
        asked: draw(['yes', 'yes', 'no'] as const),
        shown: draw(['yes', 'no'] as const),
        shownFrom: 5,
        burstReports: 2,
        burstMinutes: 15,
      }),
    ),
  'other terms': ({ does, lot }) =>
    does((it) =>
      changeTerms(it, {
        updateCritical: 20 + (lot % 30),
        updateMajor: 60,
        updateMinor: 120,
        reviewCritical: 72,
        reviewMajor: 72,
        finalReviewCritical: 240,
        finalReviewMajor: 240,
      }),
    ),
  'another site': ({ does, lot, draw }) =>
    does((it) =>
      changeSite(
        it,
        draw([
          { name: `Site ${lot}` },
          { description: `About ${lot}` },
          { zone: draw(['UTC', 'Asia/Tehran', 'Europe/Lisbon']) },
          { locale: draw(['en', 'fr'] as const) },
          { evidence: draw(['yes', 'no'] as const) },
          { translations: { fa: { name: `سایت ${lot}` } } },
        ]),
      ),
    ),
  'another look': ({ does, draw }) =>
    does((it) =>
      changeLook(it, { accent: draw(['#0b57d0', '#7a1f5c']), css: draw(['', 'h1 { letter-spacing: 0 }']) }, 'keep'),
    ),
}
