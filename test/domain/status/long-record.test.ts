import { expect, test } from 'vitest'
import { openIncident } from '../../../src/domain/incidents/commands.ts'
import { longRecord } from '../../../src/domain/status/long-record.ts'
import { uptimeOf } from '../../../src/domain/status/days.ts'
import { northwind } from '../../web/northwind.ts'

test('the long record says of the last 90 days what the bars say', async () => {
  const here = await northwind()
  const { components, bars, asOf, today, site } = await here.readSnapshot()
  for (const component of components) {
    const known = (bars.get(component.id)?.days ?? []).filter((day) => day !== null)
    const first = known[0]?.day ?? today
    expect(await longRecord(here.db, component, { first, today, zone: site.zone, now: asOf })).toEqual(known)
  }
})

test('an impact that is still open is counted on every day since it began', async () => {
  const here = await northwind()
  await here.does((it) =>
    openIncident(it, {
      name: 'Help is away',
      stage: 'investigating',
      body: 'Since March.',
      beganAt: '2026-03-01T00:00:00-05:00',
      components: [{ id: here.search, status: 'major_outage' }],
    }),
  )
  const { components, asOf, today, site } = await here.readSnapshot()
  const component = components.find(({ id }) => id === here.search)
  if (!component) throw new Error('Search is gone.')
  const since = { ...component, startDate: '2026-01-01' }
  const days = await longRecord(here.db, since, { first: '2026-02-01', today, zone: site.zone, now: asOf })
  expect(days[0]).toMatchObject({ day: '2026-02-01', seconds: 86_400, major: 0 })
  // The day on which the clock jumps is an hour shorter.
  expect(days.find(({ day }) => day === '2026-03-08')).toMatchObject({ seconds: 82_800, major: 82_800 })
  expect(uptimeOf(days.filter(({ day }) => day > '2026-02-28'))).toBe(0)
})
