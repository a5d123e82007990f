import { describe, expect, test } from 'vitest'
import { cancelMaintenance } from '../../../src/domain/maintenances/commands.ts'
import type { NewSeries } from '../../../src/domain/maintenances/input.ts'
import { openMaintenances, readMaintenance } from '../../../src/domain/maintenances/queries.ts'
import { changeMaintenance } from '../../../src/domain/maintenances/replan.ts'
import { announceSeries, endSeries, foreseen } from '../../../src/domain/maintenances/repeating.ts'
import { readSeries } from '../../../src/domain/maintenances/series.ts'
import { removeComponent } from '../../../src/domain/components/commands.ts'
import { changeSite } from '../../../src/domain/site/commands.ts'
import type { Instant } from '../../../src/lib/clock.ts'
import type { Unchecked } from '../../../src/lib/fields.ts'
import { desk } from '../desk.ts'
import { repeated } from './repeated.ts'

describe('a series', () => {
  test('announces five weeks of itself, each a maintenance of its own', async () => {
    const { planned, db, events, id, search } = await repeated()
    expect(await planned()).toEqual([
      '2026-11-24T02:00',
      '2026-12-01T02:00',
      '2026-12-08T02:00',
      '2026-12-15T02:00',
      '2026-12-22T02:00',
    ])
    const all = await openMaintenances(db)
    expect(all[4]).toMatchObject({
      name: 'Index rebuild',
      seriesId: id,
      plannedUntil: '2026-12-22T04:00:00.000Z',
      componentIds: [search],
      translations: { fr: { name: 'Reconstruction de l’index' } },
      updates: [{ body: 'Search is read-only.', author: 'Ada', translations: { fr: {} } }],
    })
    expect((await events()).map(({ type }) => type)).toEqual([
      'maintenance.series-announced',
      ...Array<string>(5).fill('maintenance.announced'),
    ])
    // One announcement is news; the others are reminded of as they come.
    const delivered = await db.selectFrom('updates').select('delivered').orderBy('created_at').orderBy('id').execute()
    expect(delivered.map((row) => row.delivered).toSorted()).toEqual(['no', 'no', 'no', 'no', 'yes'])
  })

  test('announces the next one as each is over, and runs twice without harm', async () => {
    const { planned, clock, ticks, everything } = await repeated()
    clock.set('2026-11-24T04:00:01Z')
    await ticks()
    await ticks()
    expect((await planned()).at(-1)).toBe('2026-12-29T02:00')
    const before = await everything()
    await ticks()
    expect(await everything()).toBe(before)
  })

  test('does not announce what passed while nobody was there', async () => {
    const { planned, clock, ticks } = await repeated()
    clock.set('2027-03-01T12:00:00Z')
    await ticks()
    expect((await planned()).filter((at) => at > '2026-12-23').at(0)).toBe('2027-03-02T02:00')
  })

  test('of a rare one readers know the next, and no more', async () => {
    const { planned } = await repeated({ rule: 'FREQ=YEARLY' })
    expect(await planned()).toEqual(['2026-11-24T02:00'])
  })

  test('ends by itself with its rule', async () => {
    const { planned, id, db, clock, ticks, events } = await repeated({ rule: 'FREQ=WEEKLY;BYDAY=TU;COUNT=2' })
    expect(await planned()).toEqual(['2026-11-24T02:00', '2026-12-01T02:00'])
    clock.set('2026-12-01T04:00:01Z')
    await ticks()
    expect(await readSeries(db, id)).toMatchObject({ endedAt: '2026-12-01T04:00:01.000Z' })
    expect((await events()).filter(({ type }) => type === 'maintenance.series-ended')).toHaveLength(1)
    const before = (await events()).length
    await ticks()
    expect(await events()).toHaveLength(before)
  })
})

test('one occurrence is skipped, another one is moved, and the series goes on', async () => {
  const { db, does, planned, clock, ticks } = await repeated()
  const [, second, third] = await openMaintenances(db)
  await does((it) => cancelMaintenance(it, second?.id ?? '', { body: 'Not this week.' }))
  await does((it) =>
    changeMaintenance(it, third?.id ?? '', { plannedFrom: '2026-12-08T01:00:00Z', body: 'An hour earlier.' }),
  )
  await ticks()
  const expected = ['2026-11-24T02:00', '2026-12-08T01:00', '2026-12-15T02:00', '2026-12-22T02:00']
  expect(await planned()).toEqual(expected)
  clock.set('2026-11-24T05:00:00Z')
  await ticks()
  expect(await planned()).toEqual([...expected.slice(1), '2026-12-29T02:00'])
})

describe('ending a series', () => {
  test('what was announced stands, and nothing more comes', async () => {
    const { id, does, planned, clock, ticks } = await repeated()
    await does((it) => endSeries(it, id, { word: null }))
    clock.set('2026-12-01T05:00:00Z')
    await ticks()
    expect(await planned()).toEqual(['2026-12-08T02:00', '2026-12-15T02:00', '2026-12-22T02:00'])
    await expect(does((it) => endSeries(it, id, { word: null }))).rejects.toThrow('has ended already')
  })

  test('or it is cancelled with a word, but for what is under way', async () => {
    const { id, does, db, clock, ticks } = await repeated()
    clock.set('2026-11-24T03:00:00Z')
    await ticks()
    await does((it) => endSeries(it, id, { word: { body: 'We need it no longer.' } }))
    expect(await openMaintenances(db)).toMatchObject([{ stage: 'in_progress' }])
  })

  test('which is delivered once, names all that are cancelled, and reaches whoever follows another system', async () => {
    const { id, does, db, payments } = await repeated()
    const all = await openMaintenances(db)
    const other = { components: [payments], body: 'Payments this time.', deliver: 'no' }
    await does((it) => changeMaintenance(it, all[2]?.id ?? '', other))
    const translations = { fr: { body: 'Plus nécessaire.' } }
    await does((it) => endSeries(it, id, { word: { body: 'We need it no longer.', translations } }))
    const ended = await Promise.all(all.map((one) => readMaintenance(db, one.id)))
    const words = ended.map((one) => one?.updates[0])
    expect(ended.map((one) => one?.stage)).toEqual(Array(5).fill('cancelled'))
    expect(words.map((word) => word?.delivered)).toEqual(['yes', 'no', 'yes', 'no', 'no'])
    expect(words[0]?.body).toMatch(
      /^We need it no longer\.\n\n- 24 November 2026, .*: will not take place\n- 1 December/,
    )
    expect(words[0]?.body.split('\n- ')).toHaveLength(6)
    expect(Object.keys(words[0]?.translations ?? {})).toEqual(['fr'])
    expect(words[0]?.translations['fr']?.body).toMatch(/^Plus nécessaire\.\n\n- 24 novembre/)
  })

  test('in the words that were written, where only one is cancelled', async () => {
    const { id, does, db } = await repeated({ rule: 'FREQ=MONTHLY;BYDAY=-1TU' })
    const [one] = await openMaintenances(db)
    await does((it) => endSeries(it, id, { word: { body: 'We need it no longer.' } }))
    expect((await readMaintenance(db, one?.id ?? ''))?.updates[0]).toMatchObject({
      body: 'We need it no longer.',
      delivered: 'yes',
    })
  })
})

test('a system that was removed since is not named any more', async () => {
  const { does, search, clock, ticks, db } = await repeated()
  await does((it) => removeComponent(it, search))
  clock.set('2026-11-24T05:00:00Z')
  await ticks()
  expect((await openMaintenances(db)).at(-1)).toMatchObject({
    componentIds: [],
    plannedFrom: '2026-12-29T02:00:00.000Z',
  })
})

test('it keeps to the wall clock of its zone when clocks change, and takes as long as ever', async () => {
  const here = await desk()
  await here.does((it) => changeSite(it, { zone: 'Europe/Lisbon' }))
  here.clock.set('2027-03-20T12:00:00Z')
  await here.does((it) =>
    announceSeries(it, {
      name: 'Nightly work',
      body: 'Search is read-only.',
      plannedFrom: '2027-03-27T00:30:00Z',
      plannedUntil: '2027-03-27T02:30:00Z',
      rule: 'FREQ=DAILY',
    }),
  )
  const windows = (await openMaintenances(here.db)).map(({ plannedFrom, plannedUntil }) => [plannedFrom, plannedUntil])
  expect(windows.slice(0, 3)).toEqual([
    ['2027-03-27T00:30:00.000Z', '2027-03-27T02:30:00.000Z'],
    // In the night of the 28th 01:00 is 02:00: half past midnight is what it was, half past two comes after two hours.
    ['2027-03-28T00:30:00.000Z', '2027-03-28T02:30:00.000Z'],
    ['2027-03-28T23:30:00.000Z', '2027-03-29T01:30:00.000Z'],
  ])
})

test.each([
  [{ rule: 'every Tuesday' }, 'rule'],
  [{ rule: 'FREQ=DAILY;UNTIL=20261001' }, 'rule'],
  [{ rule: 'FREQ=DAILY', plannedUntil: '2026-11-25T03:00:00Z' }, 'rule'],
  [{ plannedUntil: '2026-11-24T01:00:00Z' }, 'plannedUntil'],
] as [Partial<Unchecked<NewSeries>>, string][])('%j is refused beside its field', async (given, field) => {
  const { everything } = await desk()
  const before = await everything()
  await expect(repeated(given)).rejects.toMatchObject({ field })
  expect(await everything()).toBe(before)
})

test('the next five are known before anything is saved', () => {
  const window = {
    plannedFrom: '2026-11-22T01:30:00.000Z' as Instant,
    plannedUntil: '2026-11-22T02:30:00.000Z' as Instant,
  }
  const now = '2027-10-20T12:00:00.000Z' as Instant
  const found = foreseen({ rule: 'FREQ=DAILY;INTERVAL=5', ...window }, { zone: 'Europe/Lisbon', now, most: 5 })
  expect(found.map(({ from }) => from)).toEqual([
    '2027-10-23T00:30:00.000Z',
    '2027-10-28T00:30:00.000Z',
    '2027-11-02T01:30:00.000Z',
    '2027-11-07T01:30:00.000Z',
    '2027-11-12T01:30:00.000Z',
  ])
})

test('in the night in which clocks go back it begins at the first of two times, and the second is refused', () => {
  const at = { zone: 'Europe/Berlin', now: '2027-10-20T12:00:00.000Z' as Instant, most: 2 }
  const window = (hour: string) => ({
    rule: 'FREQ=WEEKLY',
    plannedFrom: `2027-10-31T${hour}:30:00.000Z` as Instant,
    plannedUntil: '2027-10-31T02:30:00.000Z' as Instant,
  })
  expect(foreseen(window('00'), at).map(({ from }) => from)).toEqual([
    '2027-10-31T00:30:00.000Z',
    '2027-11-07T01:30:00.000Z',
  ])
  expect(() => foreseen(window('01'), at)).toThrow(expect.objectContaining({ field: 'plannedFrom' }) as Error)
})
