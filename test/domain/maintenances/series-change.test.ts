import { expect, test } from 'vitest'
import { beginMaintenance, cancelMaintenance } from '../../../src/domain/maintenances/commands.ts'
import type { SeriesChanges } from '../../../src/domain/maintenances/input.ts'
import { openMaintenances, readMaintenance } from '../../../src/domain/maintenances/queries.ts'
import { endSeries } from '../../../src/domain/maintenances/repeating.ts'
import { changeMaintenance } from '../../../src/domain/maintenances/replan.ts'
import { changeSeries } from '../../../src/domain/maintenances/series-change.ts'
import { planSeries } from '../../../src/domain/maintenances/series-plan.ts'
import { readSeries } from '../../../src/domain/maintenances/series.ts'
import { changeSite } from '../../../src/domain/site/commands.ts'
import type { Unchecked } from '../../../src/lib/fields.ts'
import { calendar } from '../../../src/web/feeds/calendar.ts'
import { desk } from '../desk.ts'
import { changeable, repeated, wednesdays } from './repeated.ts'

test('every Tuesday becomes every Wednesday: each keeps its address, and moves', async () => {
  const { db, planned, changes, clock, ticks, id } = await changeable()
  const before = await openMaintenances(db)
  await changes()
  const after = await openMaintenances(db)
  expect(after.map((one) => [one.id, one.number])).toEqual(before.map((one) => [one.id, one.number]))
  const wanted = ['2026-11-25T02:00', '2026-12-02T02:00', '2026-12-09T02:00', '2026-12-16T02:00', '2026-12-23T02:00']
  expect(await planned()).toEqual(wanted)
  // What was planned before stands in their history.
  expect(after[0]?.revisions).toMatchObject([{ before: { plannedFrom: '2026-11-24T02:00:00.000Z' } }])
  expect(await readSeries(db, id)).toMatchObject({ rule: 'FREQ=WEEKLY;BYDAY=WE', from: '2026-11-25T02:00' })
  await ticks()
  expect(await planned()).toEqual(wanted)
  clock.set('2026-11-25T04:00:01Z')
  await ticks()
  expect(await planned()).toEqual([...wanted.slice(1), '2026-12-30T02:00'])
})

test('readers are told once, in every language, and of each window that is another', async () => {
  const { db, changes, events } = await changeable()
  const since = (await events()).length
  await changes()
  const all = await openMaintenances(db)
  const words = all.map(({ updates: [word] }) => word)
  expect(words.map((word) => word?.delivered)).toEqual(['yes', 'no', 'no', 'no', 'no'])
  expect(words[0]?.body).toMatch(/^The plan of this repeating maintenance has changed:\n\n- Instead of 24 Nov/)
  expect(words[0]?.body.split('\n- ')).toHaveLength(6)
  expect(Object.keys(words[0]?.translations ?? {}).toSorted()).toEqual(['fa', 'fr', 'pt-BR', 'zh-Hant'])
  expect(words[0]?.translations['fa']?.body).toMatch(/به‌جای ۳ آذر ۱۴۰۵[^]*۴ آذر ۱۴۰۵/)
  const types = (await events()).slice(since).map(({ type }) => type)
  expect(types[0]).toBe('maintenance.series-changed')
  expect(types.filter((type) => type === 'maintenance.updated')).toHaveLength(5)
})

test('what somebody wrote comes first, in the languages in which they wrote it', async () => {
  const { db, changes } = await changeable()
  await changes({ word: 'Tuesdays are busy.', translations: { fr: { word: 'Le mardi est chargé.' } } })
  const [one] = await openMaintenances(db)
  expect(one?.updates[0]?.body).toMatch(/^Tuesdays are busy\.\n\n- Instead of/)
  expect(Object.keys(one?.updates[0]?.translations ?? {})).toEqual(['fr'])
  expect(one?.updates[0]?.translations['fr']?.body).toMatch(/^Le mardi est chargé\.\n\n- Avant\s: 24 novembre 2026/)
})

test('calendars follow: the same entries with a higher sequence, and what falls away is cancelled in them', async () => {
  const { changes, clock, readSnapshot } = await changeable()
  const entries = async () =>
    calendar(await readSnapshot(), 'en', 'https://status.example')
      .body.toString()
      .split('BEGIN:VEVENT')
      .slice(1)
      .map((text) => ({
        uid: /UID:(.*)/.exec(text)?.[1]?.trim(),
        sequence: Number(/SEQUENCE:(\d+)/.exec(text)?.[1]),
        start: /DTSTART[^:]*:(\w+)/.exec(text)?.[1],
        status: /STATUS:(\w+)/.exec(text)?.[1],
      }))
  const before = await entries()
  clock.advance('1m')
  // Once a month: the first takes the first, and of the others there is none before their turn.
  await changes({ rule: 'FREQ=MONTHLY;BYDAY=-1WE' })
  const after = new Map((await entries()).map((entry) => [entry.uid, entry]))
  for (const { uid, sequence } of before) expect(after.get(uid)?.sequence).toBeGreaterThan(sequence)
  expect(before.map(({ uid }) => [after.get(uid)?.start, after.get(uid)?.status])).toEqual([
    ['20261125T020000Z', 'CONFIRMED'],
    ['20261201T020000Z', 'CANCELLED'],
    ['20261208T020000Z', 'CANCELLED'],
    ['20261215T020000Z', 'CANCELLED'],
    ['20261222T020000Z', 'CANCELLED'],
  ])
})

test('what somebody changed, skipped or began by itself stays, and its week is not announced again', async () => {
  const { db, id, does, changes, planned, clock, ticks } = await changeable()
  const [first, second, third] = await openMaintenances(db)
  await does((it) => changeMaintenance(it, first?.id ?? '', { plannedFrom: '2026-11-24T01:00:00Z', body: 'Earlier.' }))
  await does((it) => cancelMaintenance(it, second?.id ?? '', { body: 'Not this week.' }))
  await does((it) => beginMaintenance(it, third?.id ?? '', { body: 'We begin early.' }))
  const alone = async () => Promise.all([first, second, third].map((one) => readMaintenance(db, one?.id ?? '')))
  const before = await alone()
  const series = await readSeries(db, id)
  const wish = { ...wednesdays, since: null } as unknown as Parameters<typeof planSeries>[2]['wish']
  const { fates } = series ? await planSeries(db, series, { wish, now: clock.now() }) : { fates: [] }
  expect(fates.map(({ because }) => because)).toEqual(['different', 'skipped', 'begun', null, null])
  await changes()
  expect(await alone()).toEqual(before)
  const wanted = ['2026-12-08T02:00', '2026-11-24T01:00', '2026-12-16T02:00', '2026-12-23T02:00']
  expect(await planned()).toEqual(wanted)
  await ticks()
  expect(await planned()).toEqual(wanted)
  clock.set('2026-12-16T05:00:00Z')
  await ticks()
  expect((await planned()).slice(-5)).toEqual(
    ['2026-12-23', '2026-12-30', '2027-01-06', '2027-01-13', '2027-01-20'].map((day) => `${day}T02:00`),
  )
})

test('from one on: those before it stay as they are', async () => {
  const { db, changes, planned } = await changeable()
  const third = (await openMaintenances(db))[2]?.id ?? ''
  await changes({ since: third, plannedFrom: '2026-12-09T02:00:00Z', plannedUntil: '2026-12-09T04:00:00Z' })
  expect(await planned()).toEqual([
    '2026-11-24T02:00',
    '2026-12-01T02:00',
    '2026-12-09T02:00',
    '2026-12-16T02:00',
    '2026-12-23T02:00',
  ])
  await expect(changes({ since: 'nobody' })).rejects.toMatchObject({ field: 'since' })
})

test('another length, other systems and other words leave the rule as it is counted', async () => {
  const { db, changes, payments, clock, ticks } = await changeable({ rule: 'FREQ=WEEKLY;BYDAY=TU;COUNT=7' })
  clock.set('2026-11-24T04:00:01Z')
  await ticks()
  const longer = {
    name: 'Card work',
    body: 'Cards are refused.',
    plannedFrom: '2026-12-01T02:00:00Z',
    plannedUntil: '2026-12-01T05:00:00Z',
    rule: 'FREQ=WEEKLY;BYDAY=TU;COUNT=7',
    components: [payments],
  }
  await expect(changes(longer)).rejects.toMatchObject({ field: 'word' })
  await changes({ ...longer, word: 'Cards instead of search.' })
  const open = await openMaintenances(db)
  expect(open.map(({ plannedFrom }) => plannedFrom.slice(5, 10))).toEqual(['12-01', '12-08', '12-15', '12-22', '12-29'])
  for (const one of open) expect(one).toMatchObject({ name: 'Card work', componentIds: [payments] })
  expect(open[0]?.plannedUntil).toBe('2026-12-01T05:00:00.000Z')
  // The seventh is the last one, as it was: nothing begins to count anew.
  clock.set('2027-03-01T00:00:00Z')
  await ticks()
  await ticks()
  const all = await db.selectFrom('maintenances').select('planned_from').execute()
  expect(all).toHaveLength(6)
})

test('a change of words alone is told nobody, and the same again changes nothing', async () => {
  const { db, changes, everything } = await changeable()
  const same = {
    rule: 'FREQ=WEEKLY;BYDAY=TU',
    plannedFrom: '2026-11-24T02:00:00Z',
    plannedUntil: '2026-11-24T04:00:00Z',
  }
  const before = await everything()
  await changes(same)
  expect(await everything()).toBe(before)
  await changes({ ...same, name: 'Index work', body: 'Search is slow.' })
  const open = await openMaintenances(db)
  expect(open.map(({ name, updates }) => [name, updates.length])).toEqual(Array(5).fill(['Index work', 1]))
  expect(open[0]?.translations['fr']?.name).toBe('Reconstruction de l’index')
})

test('it keeps to the wall clock of its zone: in summer time another hour of UTC, the length as ever', async () => {
  const here = await desk()
  await here.does((it) => changeSite(it, { zone: 'Europe/Lisbon' }))
  here.clock.set('2027-03-20T12:00:00Z')
  const window = { plannedFrom: '2027-03-21T01:30:00Z', plannedUntil: '2027-03-21T02:30:00Z' }
  const { id, planned } = await repeated({ ...window, rule: 'FREQ=WEEKLY;BYDAY=SU' }, here)
  expect((await planned()).slice(0, 3)).toEqual(['2027-03-21T01:30', '2027-03-28T01:30', '2027-04-04T00:30'])
  // The site moves; the series stays where it was.
  await here.does((it) => changeSite(it, { zone: 'Asia/Tokyo' }))
  const earlier = { plannedFrom: '2027-03-21T00:30:00Z', plannedUntil: '2027-03-21T03:30:00Z' }
  await here.does((it) =>
    changeSeries(it, id, { ...wednesdays, ...earlier, rule: 'FREQ=WEEKLY;BYDAY=SU', components: [here.search] }),
  )
  const windows = (await openMaintenances(here.db)).map(({ plannedFrom, plannedUntil }) => [plannedFrom, plannedUntil])
  expect(windows.slice(0, 3)).toEqual([
    ['2027-03-21T00:30:00.000Z', '2027-03-21T03:30:00.000Z'],
    ['2027-03-28T00:30:00.000Z', '2027-03-28T03:30:00.000Z'],
    ['2027-04-03T23:30:00.000Z', '2027-04-04T02:30:00.000Z'],
  ])
})

test.each([
  [{ plannedFrom: '2026-11-20T02:00:00Z', plannedUntil: '2026-11-20T04:00:00Z' }, 'plannedFrom'],
  [{ rule: 'FREQ=HOURLY' }, 'rule'],
  [{ plannedUntil: '2026-11-25T01:00:00Z' }, 'plannedUntil'],
  [{ rule: 'FREQ=DAILY', plannedUntil: '2026-11-26T03:00:00Z' }, 'rule'],
] as [Partial<Unchecked<SeriesChanges>>, string][])('%j is refused beside its field', async (given, field) => {
  const { changes, everything } = await changeable()
  const before = await everything()
  await expect(changes(given)).rejects.toMatchObject({ field })
  expect(await everything()).toBe(before)
})

test('there and back again: a time that was called off once is free for another', async () => {
  const { changes, planned, clock } = await changeable()
  await changes({ rule: 'FREQ=MONTHLY;BYDAY=-1WE' })
  clock.advance('1h')
  const tuesdays = {
    rule: 'FREQ=WEEKLY;BYDAY=TU',
    plannedFrom: '2026-11-24T02:00:00Z',
    plannedUntil: '2026-11-24T04:00:00Z',
  }
  await changes(tuesdays)
  expect(await planned()).toEqual(['11-24', '12-01', '12-08', '12-15', '12-22'].map((day) => `2026-${day}T02:00`))
})

test('what would overlap one that stays is refused, by name', async () => {
  const { db, changes, everything } = await changeable()
  const third = (await openMaintenances(db))[2]?.id ?? ''
  const before = await everything()
  const early = { since: third, plannedFrom: '2026-12-01T03:00:00Z', plannedUntil: '2026-12-01T05:00:00Z' }
  await expect(changes({ ...early, rule: 'FREQ=WEEKLY;BYDAY=TU' })).rejects.toThrow('the one of 2026-12-01 02:00')
  expect(await everything()).toBe(before)
})

test('what has ended is changed no more', async () => {
  const { changes, does, id } = await changeable()
  await does((it) => endSeries(it, id, { word: null }))
  await expect(changes()).rejects.toThrow('has ended already')
})
