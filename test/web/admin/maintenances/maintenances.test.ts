import { describe, expect, test } from 'vitest'
import { announceMaintenance, beginMaintenance } from '../../../../src/domain/maintenances/commands.ts'
import { openMaintenances, readMaintenance } from '../../../../src/domain/maintenances/queries.ts'
import { ruleInWords, ruleOf } from '../../../../src/web/admin/maintenances/repeating.ts'
import { people } from '../../../people.ts'
import { world } from '../../../world.ts'

test.each([
  ['', null, ''],
  ['daily', 'FREQ=DAILY', 'every day'],
  ['weekly', 'FREQ=WEEKLY;BYDAY=TU', 'every Tuesday'],
  ['fortnightly', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU', 'every second Tuesday'],
  ['monthly', 'FREQ=MONTHLY;BYDAY=1TU', 'every first Tuesday of a month'],
  ['date', 'FREQ=MONTHLY;BYMONTHDAY=1', 'on day 1 of every month'],
  ['rule', 'FREQ=YEARLY', 'by the rule FREQ=YEARLY'],
])('%j on Tuesday 1 December means %s', (choice, rule, words) => {
  const meant = ruleOf(choice, { from: '2026-12-01T02:00', rule: 'FREQ=YEARLY' })
  expect(meant).toBe(rule)
  if (meant !== null) expect(ruleInWords(meant)).toBe(words)
})

test.each([
  ['2026-12-06T02:00', 'FREQ=MONTHLY;BYDAY=1SU', 'every first Sunday of a month'],
  ['2026-12-28T02:00', 'FREQ=MONTHLY;BYDAY=4MO', 'every fourth Monday of a month'],
  ['2026-12-29T02:00', 'FREQ=MONTHLY;BYDAY=-1TU', 'every last Tuesday of a month'],
])('once a month from %s means %s', (from, rule, words) => {
  expect(ruleOf('monthly', { from, rule: '' })).toBe(rule)
  expect(ruleInWords(rule)).toBe(words)
})

const plan = {
  name: 'Index rebuild',
  body: 'Search is read-only.',
  plannedFrom: '2026-12-01T02:00',
  plannedUntil: '2026-12-01T04:00',
  runsBy: 'clock',
}

describe('work that repeats', () => {
  test('is announced when its next five times have been looked at, and not before', async () => {
    const here = await world()
    const { ben } = await people(here)
    const first = await ben.sends('/admin/maintenances', { ...plan, repeats: 'fortnightly', rule: '' })
    expect(first.status).toBe(200)
    expect(first.text).toContain('It repeats every second Tuesday. The next times:')
    for (const day of [
      '1 December 2026',
      '15 December 2026',
      '29 December 2026',
      '12 January 2027',
      '26 January 2027',
    ]) {
      expect(first.text).toContain(`Tuesday, ${day}, 02:00 – 04:00`)
    }
    expect(await openMaintenances(here.db)).toEqual([])
    const seen = /name="seen" value="([^"]+)"/.exec(first.text)?.[1] ?? ''
    // Another window is another thing to look at.
    const moved = await ben.sends('/admin/maintenances', {
      ...plan,
      plannedFrom: '2026-12-01T03:00',
      repeats: 'fortnightly',
      rule: '',
      seen,
    })
    expect(moved.text).toContain('03:00 – 04:00')
    const second = await ben.sends('/admin/maintenances', { ...plan, repeats: 'fortnightly', rule: '', seen })
    expect(second.headers['location']).toBe('/admin/maintenances?done=announced')
    expect((await openMaintenances(here.db)).map(({ plannedFrom }) => plannedFrom)).toEqual([
      '2026-12-01T02:00:00.000Z',
      '2026-12-15T02:00:00.000Z',
    ])
    expect((await ben.opens('/admin/maintenances')).text).toContain('every second Tuesday')
  })

  test('by a rule that nobody can follow is refused beside the field, with everything still in the form', async () => {
    const here = await world()
    const { ben } = await people(here)
    const answer = await ben.sends('/admin/maintenances', { ...plan, repeats: 'rule', rule: 'FREQ=HOURLY' })
    expect(answer.status).toBe(422)
    expect(answer.text).toMatch(/id="rule-wrong">This is not a rule that we can follow: maintenance repeats once a day/)
    expect(answer.text).toContain('value="Index rebuild"')
    expect(answer.text).toContain('value="FREQ=HOURLY"')
  })

  test('says what becomes of a time that clocks skip', async () => {
    const here = await world()
    const { ben, ada } = await people(here)
    await ada.sends('/admin/settings', { name: 'Northwind', zone: 'Europe/Lisbon', locale: 'en' }, '/admin/settings')
    here.clock.set('2027-03-25T12:00:00Z')
    await ben.sends(
      '/admin/sign-in',
      { email: 'ben@example.org', password: 'three unrelated herons', next: '/admin' },
      '/admin/sign-in',
    )
    const window = { plannedFrom: '2027-03-27T01:30', plannedUntil: '2027-03-27T01:45' }
    const { text } = await ben.sends('/admin/maintenances', { ...plan, ...window, repeats: 'daily', rule: '' })
    expect(text).toContain(
      'Sunday, 28 March 2027, 02:30 – 02:45 <em>clocks skip 01:30 that night: it begins at 02:30</em>',
    )
  })

  test('is ended, with what is announced or without', async () => {
    const here = await world()
    const { ben } = await people(here)
    const { text } = await ben.sends('/admin/maintenances', { ...plan, repeats: 'weekly', rule: '' })
    const seen = /name="seen" value="([^"]+)"/.exec(text)?.[1] ?? ''
    await ben.sends('/admin/maintenances', { ...plan, repeats: 'weekly', rule: '', seen })
    const [one] = await openMaintenances(here.db)
    const page = await ben.opens(`/admin/maintenances/${one?.id}`)
    expect(page.text).toContain('Skip this one')
    const link = /href="(\/admin\/maintenances\/series\/\w+)"/.exec(page.text)?.[1] ?? ''
    const end = (await ben.opens(link)).text
    expect(end).toContain('repeats every Tuesday')
    expect(end).toContain('No subscriber asked to hear of this: nobody is written to.')
    expect(end).not.toContain('If it takes place')
    const mute = await ben.sends(`${link}/end`, { announced: 'cancel', body: '' })
    expect(mute.status).toBe(422)
    await ben.sends(`${link}/end`, { announced: 'cancel', body: 'No longer needed.' })
    expect(await openMaintenances(here.db)).toEqual([])
    expect((await ben.opens(link)).status).toBe(404)
  })
})

test('work under way is extended by what one taps, from its end or from now', async () => {
  const here = await world()
  const { ben } = await people(here)
  const id = await here.change({ kind: 'setup' }, (it) =>
    announceMaintenance(it, {
      name: 'New database',
      body: 'Search rests.',
      plannedFrom: '2026-11-21T12:00:00Z',
      plannedUntil: '2026-11-21T13:00:00Z',
      runsBy: 'hand',
    }),
  )
  await here.change({ kind: 'setup' }, (it) => beginMaintenance(it, id, { body: 'We begin.' }))
  const extended = async (): Promise<string | undefined> => (await readMaintenance(here.db, id))?.plannedUntil
  await ben.sends(`/admin/maintenances/${id}/updates`, { verb: 'extend', longer: '30', body: 'Half an hour more.' })
  expect(await extended()).toBe('2026-11-21T13:30:00.000Z')
  here.clock.set('2026-11-21T13:40:00.000Z')
  await ben.sends(`/admin/maintenances/${id}/updates`, { verb: 'extend', longer: '30', body: 'And more.' })
  expect(await extended()).toBe('2026-11-21T14:10:00.000Z')
  const wrong = await ben.sends(`/admin/maintenances/${id}/updates`, { verb: 'extend', longer: '', body: 'And more.' })
  expect(wrong.status).toBe(422)
})
