import { expect, test } from 'vitest'
import { componentBySlug, impactsOfComponent } from '../../src/domain/components/queries.ts'
import {
  drafts,
  dueDrafts,
  incidentsBefore,
  incidentsBegunBetween,
  incidentsById,
  incidentsOfComponent,
  incidentsOfMonth,
  idsBeside,
  neighboursOf,
  openIncidents,
  readIncident,
  recentIncidents,
} from '../../src/domain/incidents/queries.ts'
import {
  maintenancesBefore,
  maintenancesById,
  maintenancesOfComponent,
  maintenancesOfMonth,
  openMaintenances,
  readMaintenance,
  recentMaintenances,
} from '../../src/domain/maintenances/queries.ts'
import { currentKey, ledgerBytes, ledgerLines, newestEntryOn } from '../../src/domain/ledger/queries.ts'
import { noteShownNotices } from '../../src/domain/ledger/shown-notices.ts'
import { promisesOf } from '../../src/domain/promises/queries.ts'
import { correctImpact } from '../../src/domain/revisions/impacts.ts'
import { revisionsOf, revisionsOfComponent } from '../../src/domain/revisions/queries.ts'
import { withdrawUpdate } from '../../src/domain/revisions/words.ts'
import { evidenceOn } from '../../src/domain/regulators/evidence.ts'
import { clocksOf, openClocks, readClock } from '../../src/domain/regulators/queries.ts'
import { watchPromises } from '../../src/domain/promises/watch.ts'
import { currentNotices } from '../../src/domain/notices/queries.ts'
import { postUpdate } from '../../src/domain/incidents/commands.ts'
import { advanceMaintenances } from '../../src/domain/maintenances/advance.ts'
import {
  heartbeatByToken,
  heartbeatsDueFrom,
  overdueHeartbeats,
  untakenHeartbeats,
} from '../../src/domain/probes/heartbeats/queries.ts'
import { measuredSpans } from '../../src/domain/probes/checks/measured.ts'
import { recordLine } from '../../src/domain/record/line.ts'
import { monthRecord, trackRecord } from '../../src/domain/record/queries.ts'
import { readSite } from '../../src/domain/site/queries.ts'
import { inTransaction } from '../../src/database/database.ts'
import { chartedMetric } from '../../src/domain/metrics/charting.ts'
import { takePoints } from '../../src/domain/metrics/points.ts'
import { chartFacts, ranges } from '../../src/domain/probes/checks/charting.ts'
import { latestChecks, takeChecks } from '../../src/domain/probes/checks/checks.ts'
import { closeHours } from '../../src/domain/probes/checks/closing.ts'
import { createProbe } from '../../src/domain/probes/commands.ts'
import { forgetChecks } from '../../src/domain/probes/checks/forgetting.ts'
import type { Clock, Instant } from '../../src/lib/clock.ts'
import { forgetReports } from '../../src/domain/reports/forget.ts'
import { burstsBehind, reportsByIncident, unlistedReports } from '../../src/domain/reports/queries.ts'
import { openActions, owedReviews, reviewsOf } from '../../src/domain/reviews/queries.ts'
import { ada, type Desk } from './desk.ts'
import { type Reading, scansOf } from './plans.ts'

const from = '2026-11-01T00:00:00.000Z' as Instant
const until = '2026-12-01T00:00:00.000Z' as Instant

const reads: [string, Reading][] = [
  ['openIncidents', (db) => openIncidents(db)],
  ['recentIncidents', (db) => recentIncidents(db, 50)],
  ['readIncident', (db) => readIncident(db, 'id3')],
  ['incidentsById', (db) => incidentsById(db, ['id3', 'id4'])],
  ['incidentsBefore', (db) => incidentsBefore(db, { at: until, id: 'id9' }, 100)],
  ['idsBeside', (db) => idsBeside(db, ['id3', 'id4'])],
  ['neighboursOf', (db) => neighboursOf(db, { beganAt: until, id: 'id9' })],
  ['incidentsBegunBetween', (db) => incidentsBegunBetween(db, from, until, 100)],
  ['incidentsOfMonth', (db) => incidentsOfMonth(db, '2026-11', 'UTC')],
  ['incidentsOfComponent', (db, { search }) => incidentsOfComponent(db, search, from, until)],
  ['drafts', (db) => drafts(db)],
  ['dueDrafts', (db) => dueDrafts(db, until)],
  ['openMaintenances', (db) => openMaintenances(db)],
  ['recentMaintenances', (db) => recentMaintenances(db, 50)],
  ['readMaintenance', (db) => readMaintenance(db, 'id4')],
  ['maintenancesById', (db) => maintenancesById(db, ['id3', 'id4'])],
  ['maintenancesBefore', (db) => maintenancesBefore(db, { at: until, id: 'id9' }, 100)],
  ['maintenancesOfMonth', (db) => maintenancesOfMonth(db, '2026-11', 'UTC')],
  ['maintenancesOfComponent', (db, { search }) => maintenancesOfComponent(db, search, from, until)],
  ['currentNotices', (db) => currentNotices(db, until)],
  ['recordLine', (db) => recordLine(db, '2026-11-21', 'UTC')],
  ['trackRecord', async (db) => trackRecord(db, { site: await readSite(db), today: '2026-11-21', now: until })],
  ['monthRecord', async (db) => monthRecord(db, '2026-11', { site: await readSite(db), now: null })],
  ['measuredSpans', (db, { search }) => measuredSpans(db, search, { from, until })],
  ['componentBySlug', (db) => componentBySlug(db, 'search')],
  ['impactsOfComponent', (db, { search }) => impactsOfComponent(db, search, from, until)],
  ['promisesOf', (db) => promisesOf(db, ['id3', 'id4'])],
  ['currentKey', (db) => currentKey(db)],
  ['newestEntryOn', (db) => newestEntryOn(db, 'id3', 'incident.opened')],
  ['ledgerLines', (db) => ledgerLines(db, 3, 2)],
  [
    'ledgerBytes',
    async (db) => {
      for await (const bytes of ledgerBytes(db, 900, 1000)) expect(bytes.length).toBeLessThanOrEqual(100)
    },
  ],
  ['noteShownNotices', (db, here) => noteShownNotices({ ...here, db })],
  ['revisionsOf', (db) => revisionsOf(db, 'id3')],
  ['revisionsOfComponent', (db, { search }) => revisionsOfComponent(db, search)],
  [
    'correcting an interval',
    async (db, here) => {
      const [impact] = (await openIncidents(db))[0]?.impacts ?? []
      await here.does((it) => correctImpact(it, impact?.id ?? '', { beganAt: '2026-11-21T11:00:00Z', reason: 'Logs.' }))
    },
  ],
  [
    'withdrawing an update',
    async (db, here) => {
      const [update] = (await openIncidents(db))[0]?.updates ?? []
      await here.does((it) => withdrawUpdate(it, update?.id ?? '', { reason: 'A test.' }))
    },
  ],
  ['reviewsOf', (db) => reviewsOf(db, ['id3', 'id4'])],
  ['owedReviews', (db) => owedReviews(db)],
  ['openActions', (db) => openActions(db)],
  ['clocksOf', (db) => clocksOf(db, 'id3')],
  ['openClocks', (db) => openClocks(db)],
  ['readClock', (db) => readClock(db, 'id3')],
  ['evidenceOn', async (db) => evidenceOn(db, (await openIncidents(db))[0]?.id ?? '', until)],
  ['reportsByIncident', (db) => reportsByIncident(db, ['id3', 'id4'])],
  ['unlistedReports', (db) => unlistedReports(db, until)],
  ['burstsBehind', (db) => burstsBehind(db, ['id3'])],
  ['forgetReports', (db, { clock }) => forgetReports(db, clock)],
  ['heartbeatByToken', (db) => heartbeatByToken(db, 'a-token')],
  ['overdueHeartbeats', (db) => overdueHeartbeats(db, until)],
  ['heartbeatsDueFrom', (db) => heartbeatsDueFrom(db, until)],
  ['untakenHeartbeats', (db) => untakenHeartbeats(db)],
  ['latestChecks', async (db, here) => latestChecks(db, await probed(here), from, 10)],
  ['chartFacts', async (db) => chartFacts(db, [1, 2], { now: until, zone: 'UTC', of: ranges })],
  ['closeHours', async (db, here) => closeHours(db, await tomorrow(here))],
  ['forgetChecks', async (db, here) => forgetChecks(db, await tomorrow(here))],
  ['chartedMetric', async (db) => chartedMetric(db, 1, { now: until, zone: 'UTC' })],
  [
    'taking values of a metric',
    (db) =>
      inTransaction(db, (tx) =>
        takePoints(tx, { number: 1 }, { points: [{ second: 1_790_000_000, value: 1 }], zone: 'UTC' }),
      ),
  ],
  ['watchPromises', (_, here) => watchPromises(here)],
  ['advanceMaintenances', (_, here) => advanceMaintenances(here)],
  ['opening an incident', (_, here) => here.opens()],
  [
    'posting an update',
    (_, here) =>
      here.change(ada, async (it) =>
        postUpdate(it, (await openIncidents(it.tx))[0]?.id ?? '', { stage: 'resolved', body: 'Over.' }),
      ),
  ],
]

/** A probe with a check that is not packed yet. */
async function probed(here: Desk): Promise<string> {
  const probe = await here.does((it) => createProbe(it, { componentId: here.search, url: 'https://shop.test' }))
  const check = { probeId: probe, at: from, outcome: 'pass', reason: null, ms: 1, code: 200 } as const
  await inTransaction(here.db, (tx) => takeChecks(tx, [check]))
  return probe
}

/** An hour in which its checks are over. */
async function tomorrow(here: Desk): Promise<Clock> {
  await probed(here)
  return { now: () => until }
}

/** Along its index from the beginning, up to the first that was said: where the record begins. */
const upToTheFirst = / from "(incidents|maintenances)" where .* order by "(began_at|planned_from)" limit \?$/

test.each(reads)('%s reads no table of history from end to end', async (name, read) => {
  const first = name === 'opening an incident' ? { first: () => Promise.resolve() } : {}
  expect(await scansOf(read, { ...first, besides: name === 'trackRecord' ? [upToTheFirst] : [] })).toEqual([])
})

test.each<[string, Reading]>([
  ['by what has no index', (db) => db.selectFrom('incidents').select('id').where('name', '=', 'Search').execute()],
  [
    'along an index, past what is not asked for',
    (db) =>
      db.selectFrom('incidents').select('id').where('name', '=', 'Search').orderBy('number', 'desc').limit(1).execute(),
  ],
  ['to count it', (db) => db.selectFrom('events').select(db.fn.countAll().as('count')).execute()],
  ['to change it', (db) => db.updateTable('updates').set({ body: 'A.' }).where('body', '=', 'B.').execute()],
])('whoever reads it %s is found out', async (_, read) => {
  expect(await scansOf(read)).not.toEqual([])
})
