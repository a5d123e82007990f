import { describe, expect, test } from 'vitest'
import { advanceMaintenances } from '../../../src/domain/maintenances/advance.ts'
import { announceMaintenance, beginMaintenance, cancelMaintenance } from '../../../src/domain/maintenances/commands.ts'
import { changeMaintenance, extendMaintenance } from '../../../src/domain/maintenances/replan.ts'
import { dueReminder, remindOfMaintenances } from '../../../src/domain/maintenances/reminding.ts'
import type { Instant } from '../../../src/lib/clock.ts'
import { desk } from '../desk.ts'

const at = (text: string): Instant => `${text}:00.000Z` as Instant

test.each([
  ['long before', '2026-11-21T09:59', null],
  ['seven days before', '2026-11-21T10:00', '7d'],
  ['still so', '2026-11-27T09:59', '7d'],
  ['a day before', '2026-11-27T10:00', '24h'],
  ['an hour before', '2026-11-28T09:00', '1h'],
  ['at the beginning', '2026-11-28T10:00', 'start'],
  ['at the end', '2026-11-28T12:00', 'end'],
])('%s, at %s: %s', (_, now, lead) => {
  const plan = {
    planned_from: at('2026-11-28T10:00'),
    planned_until: at('2026-11-28T12:00'),
    began_at: null,
    window_said_at: at('2026-11-01T00:00'),
    reminded_at: null,
  }
  expect(dueReminder(plan, at(now))?.lead ?? null).toBe(lead)
})

async function planned(plannedFrom = '2026-12-01T10:00:00Z', plannedUntil = '2026-12-01T12:00:00Z') {
  const here = await desk()
  const id = await here.does((it) =>
    announceMaintenance(it, { name: 'New database', body: 'Search rests.', plannedFrom, plannedUntil }),
  )
  const reminders = async (): Promise<string[]> =>
    (await here.events()).flatMap((event) =>
      event.type === 'maintenance.reminded' ? [`${event.data.lead} ${event.at.slice(0, 16)}`] : [],
    )
  const until = async (time: string): Promise<void> => {
    while (here.clock.now() < at(time)) {
      here.clock.advance('30m')
      await advanceMaintenances(here)
      await remindOfMaintenances(here)
      await remindOfMaintenances(here)
    }
  }
  return { ...here, id, reminders, until }
}

describe('readers are reminded', () => {
  test('seven days, a day and an hour before, and at both ends, each once', async () => {
    const { reminders, until } = await planned()
    await until('2026-12-01T11:30')
    expect(await reminders()).toEqual([
      '7d 2026-11-24T10:00',
      '24h 2026-11-30T10:00',
      '1h 2026-12-01T09:00',
      'start 2026-12-01T10:00',
    ])
  })

  test('not for what was past when it was announced', async () => {
    const { reminders, until } = await planned('2026-11-21T20:00:00Z', '2026-11-21T22:00:00Z')
    await until('2026-11-21T21:00')
    expect(await reminders()).toEqual(['1h 2026-11-21T19:00', 'start 2026-11-21T20:00'])
  })

  test('only of what is still true, where nobody was there for a while', async () => {
    const { reminders, clock, db, change } = await planned()
    clock.set('2026-12-01T08:00:00Z')
    await remindOfMaintenances({ db, change, clock })
    expect(await reminders()).toEqual(['24h 2026-12-01T08:00'])
  })

  test('again, where the window was moved', async () => {
    const { id, does, reminders, until } = await planned()
    await until('2026-11-30T12:00')
    await does((it) =>
      changeMaintenance(it, id, {
        plannedFrom: '2026-12-05T10:00:00Z',
        plannedUntil: '2026-12-05T12:00:00Z',
        body: 'Four days later.',
      }),
    )
    await until('2026-12-05T09:00')
    expect(await reminders()).toEqual([
      '7d 2026-11-24T10:00',
      '24h 2026-11-30T10:00',
      '24h 2026-12-04T10:00',
      '1h 2026-12-05T09:00',
    ])
  })

  test('at the end that an extension moved, not at the one before', async () => {
    const { id, does, db, change, clock, reminders, until } = await planned(
      '2026-11-21T13:00:00Z',
      '2026-11-21T14:00:00Z',
    )
    await does((it) => changeMaintenance(it, id, { runsBy: 'hand' }))
    clock.set('2026-11-21T13:00:00Z')
    await does((it) => beginMaintenance(it, id, { body: 'We begin.' }))
    await does((it) => extendMaintenance(it, id, { plannedUntil: '2026-11-21T15:00:00Z', body: 'An hour more.' }))
    await remindOfMaintenances({ db, change, clock })
    await until('2026-11-21T15:30')
    expect(await reminders()).toEqual(['end 2026-11-21T15:00'])
  })

  test('not of what was cancelled', async () => {
    const { id, does, reminders, until } = await planned('2026-11-21T20:00:00Z', '2026-11-21T22:00:00Z')
    await does((it) => cancelMaintenance(it, id, { body: 'Not today.' }))
    await until('2026-11-21T21:00')
    expect(await reminders()).toEqual([])
  })
})

describe('an extension', () => {
  test('says until when, and keeps the first plan', async () => {
    const { id, does, clock, events, db } = await planned('2026-11-21T13:00:00Z', '2026-11-21T14:00:00Z')
    clock.set('2026-11-21T13:00:00Z')
    await does((it) => beginMaintenance(it, id, { body: 'We begin.' }))
    await does((it) => extendMaintenance(it, id, { plannedUntil: '2026-11-21T15:00:00Z', body: 'An hour more.' }))
    expect(await db.selectFrom('maintenances').selectAll().executeTakeFirstOrThrow()).toMatchObject({
      planned_until: '2026-11-21T15:00:00.000Z',
      original_until: '2026-11-21T14:00:00.000Z',
    })
    expect((await events()).slice(-2)).toMatchObject([
      {
        type: 'maintenance.extended',
        data: { from: '2026-11-21T14:00:00.000Z', until: '2026-11-21T15:00:00.000Z' },
      },
      { type: 'maintenance.updated', data: { stage: 'in_progress' } },
    ])
  })

  test.each([
    ['one that ends earlier', '2026-11-21T13:30:00Z', true, 'plannedUntil'],
    ['one of work that has not begun', '2026-11-21T15:00:00Z', false, null],
  ])('%s is refused', async (_, plannedUntil, hasBegun, field) => {
    const { id, does } = await planned('2026-11-21T13:00:00Z', '2026-11-21T14:00:00Z')
    if (hasBegun) await does((it) => beginMaintenance(it, id, { body: 'We begin.' }))
    await expect(does((it) => extendMaintenance(it, id, { plannedUntil, body: 'More.' }))).rejects.toMatchObject({
      field,
    })
  })
})
