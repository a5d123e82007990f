import { expect, test } from 'vitest'
import { createComponent, removeComponent, setComponentStatus } from '../../../src/domain/components/commands.ts'
import { openIncident, postUpdate } from '../../../src/domain/incidents/commands.ts'
import { dismissDraft, draftIncident, publishDraft } from '../../../src/domain/incidents/drafts.ts'
import {
  announceMaintenance,
  beginMaintenance,
  completeMaintenance,
} from '../../../src/domain/maintenances/commands.ts'
import { recordLine } from '../../../src/domain/record/line.ts'
import { monthRecord, trackRecord } from '../../../src/domain/record/queries.ts'
import { medianOf } from '../../../src/domain/record/record.ts'
import { annul } from '../../../src/domain/revisions/annulling.ts'
import { flooredPercent } from '../../../src/domain/status/days.ts'
import type { Instant } from '../../../src/lib/clock.ts'
import { ada, probe } from '../desk.ts'
import { isSQLite } from '../../database.ts'
import { type World, world } from '../../world.ts'

interface Past extends World {
  readonly search: string
  readonly payments: string
  at(instant: string): void
  opens(more?: Partial<Parameters<typeof openIncident>[1]>): Promise<string>
  says(id: string, stage: string): Promise<string>
  record(): ReturnType<typeof trackRecord>
}

/** A site that began on 5 September. */
async function past(): Promise<Past> {
  const here = await world()
  const { clock, change, db } = here
  clock.set('2026-09-05T00:00:00.000Z')
  await db.updateTable('sites').set({ created_at: clock.now() }).execute()
  const search = await change(ada, (it) => createComponent(it, { name: 'Search' }))
  const payments = await change(ada, (it) => createComponent(it, { name: 'Payments' }))
  const words = { name: 'Search is down', body: 'It is down.', stage: 'investigating', noPromiseReason: 'A test.' }
  return {
    ...here,
    search,
    payments,
    at: (instant) => clock.set(instant),
    opens: (more = {}) =>
      change(ada, (it) =>
        openIncident(it, { ...words, components: [{ id: search, status: 'major_outage' }], ...more } as never),
      ),
    says: (id, stage) =>
      change(ada, (it) => postUpdate(it, id, { body: 'We know more.', stage, noPromiseReason: 'A test.' })),
    async record() {
      const { site, today, hour } = await here.readSnapshot()
      return trackRecord(db, { site, today, now: hour })
    },
  }
}

test.each([
  [[], null],
  [[7], 7],
  [[9, 1, 5], 5],
  // A delay that there was, and not the kinder one.
  [[1, 9], 9],
])('the median of %j is %s', (values, median) => expect(medianOf(values)).toBe(median))

test('a month counts what began in it, in the zone of the site', async () => {
  const here = await past()
  here.at('2026-09-30T23:30:00.000Z')
  const id = await here.opens({ beganAt: '2026-09-30T23:20:00Z', noticedAt: '2026-09-30T23:25:00Z' })
  here.at('2026-10-01T00:30:00.000Z')
  await here.says(id, 'resolved')
  here.at('2026-10-10T10:02:00.000Z')
  const second = await here.opens({
    noticedAt: '2026-10-10T10:00:00Z',
    components: [{ id: here.search, status: 'partial_outage' }],
  })
  here.at('2026-10-10T10:32:00.000Z')
  await here.says(second, 'resolved')
  here.at('2026-11-21T12:00:00.000Z')
  const { months, whole } = await here.record()
  expect(months.map(({ month }) => month)).toEqual(['2026-11', '2026-10', '2026-09'])
  expect(months.map(({ figures }) => figures.incidents.total)).toEqual([0, 1, 1])
  expect(months[2]?.figures).toMatchObject({
    incidents: { critical: 1, major: 0, minor: 0, none: 0 },
    told: { counted: 1, median: 300, worst: 300, unknown: 0, imported: 0 },
  })
  expect(months[1]?.figures.told.median).toBe(120)
  expect(whole.told).toMatchObject({ counted: 2, median: 300, worst: 300 })
})

test('promises and reviews count in the month in which they were decided, and only when they are', async () => {
  const here = await past()
  here.at('2026-10-30T10:00:00.000Z')
  const id = await here.opens({ noPromiseReason: undefined, nextUpdateBy: '2026-10-30T10:30:00Z' })
  here.at('2026-10-30T10:20:00.000Z')
  await here.change(ada, (it) =>
    postUpdate(it, id, { body: 'More.', stage: 'identified', nextUpdateBy: '2026-10-30T10:40:00Z' }),
  )
  here.at('2026-10-30T11:00:00.000Z')
  await here.change(ada, (it) =>
    postUpdate(it, id, { body: 'Late.', stage: 'monitoring', nextUpdateBy: '2026-11-01T10:00:00Z' }),
  )
  const open = (await here.record()).months[0]
  expect(open?.figures.promises).toEqual({ made: 2, kept: 1 })
  here.at('2026-11-01T09:00:00.000Z')
  await here.says(id, 'resolved')
  const { months, whole } = await here.record()
  expect(months.map(({ figures }) => figures.promises)).toEqual([
    { made: 1, kept: 1 },
    { made: 2, kept: 1 },
    { made: 0, kept: 0 },
  ])
  expect(months[2]?.figures.told).toMatchObject({ counted: 0, median: null, worst: null })
  // A review is owed, and nobody has been late with it yet.
  expect(whole.reviews).toEqual({ made: 0, kept: 0 })
  const { facts } = await monthRecord(here.db, '2026-10', {
    site: (await here.readSnapshot()).site,
    now: here.clock.now(),
  })
  expect(facts.promises.map(({ outcome, cameAt }) => [outcome, cameAt])).toEqual([
    ['kept', '2026-10-30T10:20:00.000Z'],
    ['missed', '2026-10-30T11:00:00.000Z'],
  ])
})

test('maintenance is held against what was planned when it began, and notice against what was said', async () => {
  const here = await past()
  here.at('2026-10-01T00:00:00.000Z')
  const id = await here.change(ada, (it) =>
    announceMaintenance(it, {
      name: 'New disks',
      body: 'We change disks.',
      plannedFrom: '2026-10-04T00:00:00Z',
      plannedUntil: '2026-10-04T01:00:00Z',
      components: [here.search],
    }),
  )
  await here.change(ada, (it) =>
    announceMaintenance(it, {
      name: 'To come',
      body: 'Later.',
      plannedFrom: '2026-10-20T00:00:00Z',
      plannedUntil: '2026-10-20T01:00:00Z',
      components: [here.search],
    }),
  )
  here.at('2026-10-04T00:00:00.000Z')
  await here.change(ada, (it) => beginMaintenance(it, id, { body: 'It begins.' }))
  here.at('2026-10-04T01:20:00.000Z')
  await here.change(ada, (it) => completeMaintenance(it, id, { body: 'Done.' }))
  const { months } = await here.record()
  expect(months[0]?.figures.maintenances).toEqual({
    held: 1,
    imported: 0,
    notice: { counted: 1, median: 3 * 86_400, shortest: 3 * 86_400 },
    overrun: { count: 1, worst: 1200 },
  })
})

test('false alarms are kept, not deleted: dismissed drafts of probes are counted', async () => {
  const here = await past()
  here.at('2026-10-10T10:00:00.000Z')
  const draft = {
    name: 'Search does not answer',
    body: 'Our checks fail.',
    probeId: 'probe-1',
    components: [{ id: here.search, status: 'major_outage' as const }],
    beganAt: '2026-10-10T09:57:00Z',
    noticedAt: '2026-10-10T09:58:00Z',
    publishesAt: '2026-10-10T10:05:00Z',
  }
  const id = await here.change(probe, (it) => draftIncident(it, draft))
  expect((await here.record()).whole.falseAlarms).toBe(0)
  await here.change(ada, (it) => dismissDraft(it, id))
  const { whole, months } = await here.record()
  expect(whole).toMatchObject({ falseAlarms: 1, incidents: { total: 0 } })
  const { site } = await here.readSnapshot()
  const { facts } = await monthRecord(here.db, months[0]?.month ?? '', { site, now: here.clock.now() })
  expect(facts.falseAlarms).toMatchObject([{ componentIds: [here.search], beganAt: '2026-10-10T09:57:00.000Z' }])
})

test('what was annulled is no incident, on the record as in the line of the front page', async () => {
  const here = await past()
  here.at('2026-10-10T10:02:00.000Z')
  const id = await here.change(probe, (it) =>
    draftIncident(it, {
      name: 'Search does not answer',
      body: 'Our checks fail.',
      probeId: 'probe-1',
      components: [{ id: here.search, status: 'major_outage' }],
      beganAt: '2026-10-10T09:57:00Z',
      noticedAt: '2026-10-10T10:00:00Z',
    }),
  )
  await here.change(ada, (it) => publishDraft(it, id))
  expect((await here.readSnapshot()).record.told).toBe(120)
  here.at('2026-10-10T10:20:00.000Z')
  await here.change(ada, (it) => annul(it, id, { reason: 'Our probe was cut off.' }))
  expect((await here.record()).whole.told.median).toBeNull()
  expect((await here.readSnapshot()).record.told).toBeNull()
})

test('uptime is that of the days, month by month, open impacts and first days included', async () => {
  const here = await past()
  here.at('2026-09-15T10:00:00.000Z')
  const id = await here.opens()
  here.at('2026-09-15T12:00:00.000Z')
  await here.says(id, 'resolved')
  // Open over the end of a month, and nobody has touched it since.
  here.at('2026-10-31T18:00:00.000Z')
  await here.change(ada, (it) => setComponentStatus(it, here.payments, { status: 'partial_outage' }))
  here.at('2026-11-01T12:34:00.000Z')
  const { components } = await here.record()
  const [search, payments] = components
  expect(search?.months.map(({ month, seconds, major }) => [month, seconds, major])).toEqual([
    ['2026-11', 12 * 3600, 0],
    ['2026-10', 31 * 86_400, 0],
    ['2026-09', 26 * 86_400, 2 * 3600],
  ])
  expect(flooredPercent(search?.months[2]?.uptime ?? 0)).toBe(99.67)
  expect(payments?.months.map(({ partial }) => partial)).toEqual([12 * 3600, 6 * 3600, 0])
  expect(payments?.whole.partial).toBe(18 * 3600)
})

test('a system that was removed keeps its months', async () => {
  const here = await past()
  here.at('2026-10-10T00:00:00.000Z')
  await here.change(ada, (it) => removeComponent(it, here.search))
  here.at('2026-11-21T12:00:00.000Z')
  const { components } = await here.record()
  expect(components.map(({ name, slug, months }) => [name, slug, months.length])).toEqual([
    ['Payments', 'payments', 3],
    ['Search', null, 2],
  ])
  expect(components[1]?.months[0]?.seconds).toBe(9 * 86_400)
})

test('at most twelve months are shown, and the line of the front page speaks of the same', async () => {
  const here = await past()
  await here.opens({ noticedAt: '2026-09-04T23:50:00Z', beganAt: '2026-09-04T23:40:00Z' })
  here.at('2027-08-05T00:00:00.000Z')
  await here.opens({ noticedAt: '2027-08-04T23:59:00Z', beganAt: '2027-08-04T23:59:00Z' })
  const last = await here.record()
  expect([last.months.length, last.months.at(-1)?.month, last.whole.told.counted]).toEqual([12, '2026-09', 2])
  expect(await recordLine(here.db, '2027-08-05', 'UTC')).toEqual({ told: 600, promises: { made: 0, kept: 0 } })
  here.at('2027-09-05T00:00:00.000Z')
  const next = await here.record()
  expect([next.months.length, next.months.at(-1)?.month, next.whole.told.counted]).toEqual([12, '2026-10', 1])
  expect((await here.readSnapshot()).record).toEqual({ told: 60, promises: { made: 0, kept: 0 } })
  expect(next.since).toBe('2026-09-04T23:40:00.000Z' as Instant)
})

test.skipIf(!isSQLite)(
  'the line of the front page is read out of indexes alone (skipped on PostgreSQL: small tables have no plan worth reading)',
  async () => {
    const { db, database } = await past()
    const { file } = database
    if (!file) throw new Error('Only a file tells its plans.')
    const asked: string[] = []
    const prepare = file.prepare.bind(file)
    file.prepare = ((text: string) => {
      asked.push(text)
      return prepare(text)
    }) as typeof file.prepare
    await recordLine(db, '2026-11-21', 'UTC')
    const steps = asked.flatMap((text) => {
      const values = Array.from(text.matchAll(/\?/g), () => null)
      return (prepare(`explain query plan ${text}`).all(...values) as { detail: string }[]).map(({ detail }) => detail)
    })
    expect(steps.filter((step) => /^(SEARCH|SCAN)/.test(step) && !step.includes('USING COVERING INDEX'))).toEqual([])
    expect(steps.filter((step) => step.includes('USING COVERING INDEX incidents_told'))).toHaveLength(1)
  },
)
