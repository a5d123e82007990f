import { expect, test } from 'vitest'
import { createComponent } from '../../../src/domain/components/commands.ts'
import { openIncident, postUpdate } from '../../../src/domain/incidents/commands.ts'
import { changeSite } from '../../../src/domain/site/commands.ts'
import { desk } from '../desk.ts'

test('a first day begins at midnight in the zone of the site', async () => {
  const { does, readSnapshot } = await desk()
  await does((it) => changeSite(it, { zone: 'America/New_York' }))
  const id = await does((it) => createComponent(it, { name: 'Mail', startDate: '2026-11-20' }))
  const days = (await readSnapshot()).bars.get(id)?.days.filter((day) => day !== null)
  expect(days?.map(({ day, seconds }) => [day, seconds])).toEqual([
    ['2026-11-20', 86_400],
    ['2026-11-21', 7 * 3600],
  ])
})

test('an outage that began before its component did costs no more than the component has been there', async () => {
  const { does, clock, search, readSnapshot } = await desk()
  const found = async () => (await readSnapshot()).bars.get(search)
  const down = {
    name: 'Search is down',
    body: 'It does not answer.',
    stage: 'investigating',
    components: [{ id: search, status: 'major_outage' }],
    beganAt: '2026-11-21T09:00:00Z',
  }
  clock.advance('1h')
  const incident = await does((it) => openIncident(it, down))
  expect(await found()).toMatchObject({ uptime: 0 })
  clock.advance('1h')
  await does((it) => postUpdate(it, incident, { stage: 'resolved', body: 'It works.' }))
  clock.advance('2h')
  expect(await found()).toMatchObject({ uptime: 0.5 })
  expect((await found())?.days.at(-1)).toMatchObject({ seconds: 4 * 3600, major: 2 * 3600 })
})

test('what was over before its component began costs nothing', async () => {
  const { does, clock, search, readSnapshot } = await desk()
  clock.advance('1h')
  const past = {
    name: 'Search was down',
    body: 'It did not answer.',
    stage: 'investigating',
    components: [{ id: search, status: 'major_outage' }],
    beganAt: '2026-11-21T09:00:00Z',
  }
  const incident = await does((it) => openIncident(it, past))
  await does((it) => postUpdate(it, incident, { stage: 'resolved', body: 'It works.', overAt: '2026-11-21T11:00:00Z' }))
  const { components, bars } = await readSnapshot()
  expect(components.find((each) => each.id === search)).toMatchObject({ status: 'operational' })
  expect(bars.get(search)).toMatchObject({ uptime: 1 })
})

test('an incident that began weeks ago and was over this week stands among the last days', async () => {
  const { does, opens, clock, readSnapshot } = await desk()
  const id = await opens()
  clock.advance('20d')
  await does((it) => postUpdate(it, id, { stage: 'resolved', body: 'It works.' }))
  clock.advance('1d')
  expect((await readSnapshot()).pastDays).toMatchObject([{ id }])
  clock.advance('20d')
  expect((await readSnapshot()).pastDays).toEqual([])
})
