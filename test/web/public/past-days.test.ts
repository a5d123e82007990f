import { expect, test } from 'vitest'
import { pastDaysOf } from '../../../src/web/public/past-days.ts'
import { plain, readerOf } from '../../../src/domain/site/reader.ts'
import { at, sampleIncident, sampleMaintenance, sampleSnapshot } from '../../sample-snapshot.ts'

type Given = Parameters<typeof sampleSnapshot>[0]

function shown(given: Given): Record<string, string[]> {
  const snapshot = sampleSnapshot(given)
  const days = pastDaysOf(snapshot, readerOf(snapshot, 'en'))
  return Object.fromEntries(
    days.map(({ day, happened }) => [
      day.slice(8),
      happened.map(({ name, facts }) => [name.text, ...facts.map(plain)].join(' · ')),
    ]),
  )
}

test('a day on which an incident only went on is not called calm', () => {
  const long = sampleIncident('long', 'Search is slow', {
    stage: 'resolved',
    beganAt: at('2026-11-18T22:30:00.000Z'),
    overAt: at('2026-11-20T01:30:00.000Z'),
  })
  expect(shown({ pastDays: [long] })).toEqual({
    21: [],
    20: ['Search is slow · 18 November at 22:30 · 1 day, 3 hours · Resolved'],
    19: ['Search is slow · 18 November at 22:30 · 1 day, 3 hours · Resolved'],
    18: ['Search is slow · 22:30 · 1 day, 3 hours · Resolved'],
    17: [],
    16: [],
    15: [],
  })
})

test('what was over as a day began was no part of it; what was over as it began stands at its day', () => {
  const midnight = at('2026-11-20T00:00:00.000Z')
  const evening = sampleIncident('evening', 'Search is slow', {
    beganAt: at('2026-11-19T22:30:00.000Z'),
    overAt: midnight,
  })
  const moment = sampleIncident('moment', 'Cards fail', { beganAt: midnight, overAt: midnight })
  const days = shown({ pastDays: [evening, moment] })
  expect([days['20'], days['19']].map((lines) => lines?.map((line) => line.split(' · ')[0]))).toEqual([
    ['Cards fail'],
    ['Search is slow'],
  ])
})

test('what has been open since long before the last days stands at each of them', () => {
  const open = sampleIncident('open', 'Exports fail', { beganAt: at('2020-07-29T16:08:00.000Z') })
  const days = shown({ openIncidents: [open] })
  expect(Object.keys(days)).toHaveLength(7)
  for (const lines of Object.values(days)) {
    expect(lines).toEqual(['Exports fail · 29 July 2020 at 16:08 · not over yet · Investigating'])
  }
})

test('one that is open and began lately stands once a day, though two lists hold it', () => {
  const open = sampleIncident('open', 'Exports fail', { beganAt: at('2026-11-20T10:00:00.000Z') })
  const days = shown({ openIncidents: [open], pastDays: [open] })
  expect([days['21'], days['20'], days['19']].map((lines) => lines?.length)).toEqual([1, 1, 0])
})

test('a maintenance that began before the last days says its date where its end stands', () => {
  const moved = sampleMaintenance('move', 'New servers', {
    stage: 'completed',
    beganAt: at('2026-11-10T20:00:00.000Z'),
    endedAt: at('2026-11-16T02:00:00.000Z'),
  })
  expect(shown({ recentMaintenances: [moved] })['16']).toEqual([
    'New servers · 10 November at 20:00 · 5 days, 6 hours · Completed',
  ])
})

test('a page says of no day before it was there that it was calm, unless what was before was imported', () => {
  const { site } = sampleSnapshot({})
  const begun = { site: { ...site, setUpAt: at('2026-11-20T09:00:00.000Z') } }
  expect(Object.keys(shown(begun))).toEqual(['20', '21'])
  const before = (source: 'person' | 'import', began: string, over: string) => {
    const incident = sampleIncident('old', 'Search is slow', {
      source,
      stage: 'resolved',
      beganAt: at(began),
      overAt: at(over),
    })
    return { ...begun, recentIncidents: [incident], pastDays: [incident] }
  }
  const july = ['2026-07-01T10:00:00.000Z', '2026-07-01T11:00:00.000Z'] as const
  expect(Object.keys(shown(before('import', ...july)))).toHaveLength(7)
  expect(Object.keys(shown(before('person', ...july)))).toEqual(['20', '21'])
  // What somebody told of one day before says nothing of those between.
  const told = shown(before('person', '2026-11-17T10:00:00.000Z', '2026-11-17T11:00:00.000Z'))
  expect(Object.entries(told).map(([day, happened]) => [day, happened.length])).toEqual([
    ['17', 1],
    ['20', 0],
    ['21', 0],
  ])
})
