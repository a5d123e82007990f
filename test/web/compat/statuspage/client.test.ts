import { Statuspage } from 'statuspage.io'
import { expect, test } from 'vitest'
import { northwind } from '../../northwind.ts'
import { wireOf } from '../../wire.ts'

test('the client of npm that other programs use reads a running server', async () => {
  const app = await wireOf(await northwind())
  const client = new Statuspage('northwind')
  // It makes an address of a page's id; this is its way to another host.
  client.setApiUrl(await app.listen({ host: '127.0.0.1', port: 0 }))

  expect((await client.api.getStatus()).status).toEqual({ indicator: 'minor', description: 'Minor Service Outage' })
  expect((await client.api.getComponents()).components.map(({ name }) => name)).toContain('Card payments')
  const summary = await client.api.getSummary()
  expect(summary.incidents.map(({ name }) => name)).toEqual(['Cards are declined'])
  expect((await client.api.incidents.getAll()).incidents).toHaveLength(2)
  expect((await client.api.incidents.getUnresolved()).incidents).toHaveLength(1)
  const { scheduled_maintenances: coming } = await client.api.scheduledMaintenances.getUpcoming()
  expect(coming.map(({ name }) => name)).toEqual(['A larger search index'])
})
