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
import { claimDue } from '../../src/domain/deliveries/claim.ts'
import { forgetDeliveries } from '../../src/domain/deliveries/forgetting.ts'
import { deliveriesOf, deliveriesTo, deliveryCounts } from '../../src/domain/deliveries/log.ts'
import { soonestDue, waitingCounts } from '../../src/domain/deliveries/waiting.ts'
import { forgetAlerts } from '../../src/domain/alerts/forgetting.ts'
import { lastSentTo, standingAlerts } from '../../src/domain/alerts/queries.ts'
import { alertWatch } from '../../src/domain/alerts/watch.ts'
import { noteFailing } from '../../src/domain/deliveries/failing.ts'
import { takeOutcomes } from '../../src/domain/deliveries/outcomes.ts'
import { claimants, releaseClaims } from '../../src/domain/deliveries/release.ts'
import { messagesAbout } from '../../src/domain/deliveries/said.ts'
import { promisesOf } from '../../src/domain/promises/queries.ts'
import { correctImpact } from '../../src/domain/revisions/impacts.ts'
import { revisionsOf, revisionsOfComponent } from '../../src/domain/revisions/queries.ts'
import { withdrawUpdate } from '../../src/domain/revisions/words.ts'
import { evidenceOn } from '../../src/domain/regulators/evidence.ts'
import { clocksOf, openClocks, readClock } from '../../src/domain/regulators/queries.ts'
import { watchPromises } from '../../src/domain/promises/watch.ts'
import { currentNotices } from '../../src/domain/notices/queries.ts'
import { dismissDraft } from '../../src/domain/incidents/drafts.ts'
import { postUpdate } from '../../src/domain/incidents/commands.ts'
import { advanceMaintenances } from '../../src/domain/maintenances/advance.ts'
import {
  heartbeatByToken,
  heartbeatsDueFrom,
  overdueHeartbeats,
  untakenHeartbeats,
} from '../../src/domain/probes/heartbeats/queries.ts'
import { measuredSpans } from '../../src/domain/probes/measured.ts'
import { recordLine } from '../../src/domain/record/line.ts'
import { monthRecord, trackRecord } from '../../src/domain/record/queries.ts'
import { readSite } from '../../src/domain/site/queries.ts'
import { type Db, inTransaction } from '../../src/database/database.ts'
import { chartedMetric } from '../../src/domain/metrics/charting.ts'
import { takePoints } from '../../src/domain/metrics/points.ts'
import { chartFacts, ranges } from '../../src/domain/probes/charting.ts'
import { latestChecks, takeChecks } from '../../src/domain/probes/checks.ts'
import { closeHours } from '../../src/domain/probes/closing.ts'
import { createProbe } from '../../src/domain/probes/commands.ts'
import { forgetChecks } from '../../src/domain/probes/forgetting.ts'
import type { Clock, Instant } from '../../src/lib/clock.ts'
import { forgetReports } from '../../src/domain/reports/forget.ts'
import { burstsBehind, reportsByIncident, unlistedReports } from '../../src/domain/reports/queries.ts'
import { openActions, owedReviews, reviewsOf } from '../../src/domain/reviews/queries.ts'
import { listens } from '../telling.ts'
import { handsOut } from './deliveries/outbox.ts'
import { ada, type Desk, desk } from './desk.ts'

/** Tables whose length is history. */
const history = [
  'incidents',
  'updates',
  'impacts',
  'maintenances',
  'maintenance_components',
  'notices',
  'component_days',
  'clocks',
  'clock_entries',
  'promises',
  'probe_heartbeats',
  'revisions',
  'reviews',
  'actions',
  'reports',
  'report_hours',
  'report_bursts',
  'ledger',
  'events',
  'checks',
  'check_samples',
  'check_hours',
  'check_days',
  'metric_slots',
  'metric_hours',
  'metric_days',
  'deliveries',
  'messages',
  'alerts',
]

const from = '2026-11-01T00:00:00.000Z' as Instant
const until = '2026-12-01T00:00:00.000Z' as Instant

const reads: [string, (db: Db, of: Desk) => Promise<unknown>][] = [
  ['openIncidents', (db) => openIncidents(db)],
  ['recentIncidents', (db) => recentIncidents(db, 50)],
  ['readIncident', (db) => readIncident(db, 'id3')],
  ['incidentsById', (db) => incidentsById(db, ['id3', 'id4'])],
  ['incidentsBefore', (db) => incidentsBefore(db, { at: until, id: 'id9' }, 100)],
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
  ['soonestDue', (db) => soonestDue(db)],
  ['waitingCounts', (db) => waitingCounts(db)],
  ['claimDue', (db, here) => claimed(db, here)],
  ['deliveryCounts', (db) => deliveryCounts(db, 1, until)],
  ['deliveriesOf', (db) => deliveriesOf(db, 1, { now: until, state: 'failed', after: 'ada', limit: 10 })],
  ['deliveriesTo', (db) => deliveriesTo(db, { audience: 'subscriber', recipient: 'ada' }, { now: until, limit: 10 })],
  ['forgetDeliveries', (db) => forgetDeliveries({ db, clock: { now: () => until } })],
  ['claimants', (db) => claimants(db)],
  ['releaseClaims', (db) => releaseClaims(db, 'one', until)],
  ['takeOutcomes', (db, here) => failed(db, here)],
  ['noteFailing', (_, here) => here.does((it) => noteFailing(it, { channel: 'email', reason: 'unreachable' }))],
  ['messagesAbout', (db) => messagesAbout(db, { noun: 'incident', id: 'id3' })],
  ['forgetAlerts', (db, { clock }) => forgetAlerts({ db, clock })],
  ['standingAlerts', (db) => standingAlerts(db)],
  ['lastSentTo', (db) => lastSentTo(db, ['id3'])],
  ['calling operators', (_, here) => called(here)],
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

/** Something that two wait for, one of them behind another. */
async function claimed(db: Db, here: Desk): Promise<void> {
  await listens(here, 'ada')
  for (const to of [['ada'], ['ada', 'bo']]) await handsOut(here, { to })
  expect((await claimDue(db, { by: 'one', now: here.clock.now(), channel: 'email', most: 10 }))?.claims).toHaveLength(1)
}

/** One that is tried again, and one that arrived. */
async function failed(db: Db, here: Desk): Promise<void> {
  await listens(here, 'ada')
  await listens(here, 'bo')
  const number = await handsOut(here, { to: ['ada', 'bo'] })
  const now = here.clock.now()
  await claimDue(db, { by: 'one', now, channel: 'email', most: 10 })
  const one = { numbers: [number], audience: 'subscriber', channel: 'email', isRepeat: false } as const
  await takeOutcomes(
    db,
    [
      { ...one, recipient: 'ada', outcome: { became: 'accepted', code: '250' } },
      {
        ...one,
        recipient: 'bo',
        outcome: { became: 'never', reason: 'no such address', code: '550', ends: 'bounced' },
      },
    ],
    { by: 'one', now, firstSeconds: 60 },
  )
}

/** For many drafts, which are seen to; and for a disk that fills, empties and fills again. */
async function called(here: Desk): Promise<void> {
  const disk = { problem: 'it is nearly full' as string | null }
  const watch = alertWatch({ ...here, offered: ['email'], backsUp: true, disk: () => Promise.resolve(disk.problem) })
  const drafts: string[] = []
  for (const name of ['A', 'B', 'C', 'D', 'E']) drafts.push(await here.drafts({ name }))
  await watch.look()
  disk.problem = null
  for (const id of drafts) await here.does((it) => dismissDraft(it, id))
  await watch.look()
  disk.problem = 'it is nearly full'
  await watch.look()
}

/** An hour in which its checks are over. */
async function tomorrow(here: Desk): Promise<Clock> {
  await probed(here)
  return { now: () => until }
}

/** Partial indexes hold only what is open, which is never much. */
const ofWhatIsOpen =
  / USING (COVERING )?INDEX (incidents_open|maintenances_open|impacts_open|promises_open|actions_open|promises_of_reviews|clocks_open|probe_heartbeats_untaken|deliveries_due|deliveries_claimed|alerts_open|alerts_standing)( |$)/

/** Along its index from the beginning, up to the first that was said: where the record begins. */
const upToTheFirst = / from "(incidents|maintenances)" where .* order by "(began_at|planned_from)" limit \?$/

/** The first or the last row along the key of its table. */
const anEnd = /^select "(t|hour)" from "(checks|check_samples|check_hours)" order by "\1"( asc| desc)? limit \?$/

/** Once an hour, along what was told in the last 400 days: older messages are not there. */
const ofTheLastYear = /^select "number" from "messages" where "at" < \? and not exists /

const isSQLite = process.env['TEST_DATABASE_URL'] === undefined

test.skipIf(!isSQLite).each(reads)(
  '%s reads no table of history from end to end (skipped on PostgreSQL: small tables have no plan worth reading)',
  async (name, read) => {
    const here = await desk()
    // A statement is prepared once, so what is looked at must not have been done before.
    if (name !== 'opening an incident') await here.opens()
    const statements = await preparedBy(here, () => read(here.db, here))
    expect(statements.length).toBeGreaterThan(0)
    const looked = statements.filter(
      (sql) => !anEnd.test(sql) && !ofTheLastYear.test(sql) && (name !== 'trackRecord' || !upToTheFirst.test(sql)),
    )
    const scans = looked.flatMap((sql) =>
      planOf(here, sql)
        .filter((step) => history.some((table) => `${step} `.startsWith(`SCAN ${table} `)) && !ofWhatIsOpen.test(step))
        .map((step) => `${step}: ${sql}`),
    )
    expect(scans).toEqual([])
  },
)

/** The statements that the database itself was asked to prepare meanwhile. */
async function preparedBy({ database: { file } }: Desk, work: () => Promise<unknown>): Promise<string[]> {
  if (!file) throw new Error('Only SQLite tells its plans.')
  const statements: string[] = []
  const prepare = file.prepare.bind(file)
  file.prepare = ((sql: string) => {
    statements.push(sql)
    return prepare(sql)
  }) as typeof file.prepare
  await work()
  file.prepare = prepare as typeof file.prepare
  return statements.filter((sql) => /^(select|update|delete|insert)/.test(sql))
}

function planOf({ database: { file } }: Desk, sql: string): string[] {
  const values = Array.from(sql.matchAll(/\?/g), () => null)
  const steps = file?.prepare(`explain query plan ${sql}`).all(...values) as { detail: string }[]
  return steps.map(({ detail }) => detail)
}
