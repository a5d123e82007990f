import supertest from 'supertest'
import { expect, test } from 'vitest'
import { createMetric } from '../../../src/domain/metrics/commands.ts'
import { calls } from '../../../src/web/api/routes.ts'
import { type Method, program } from './program.ts'

/** Every call of the contract that integrations use, in an order in which each of them can succeed. */
const contract: readonly (readonly [Method, path: string, status: number, body?: object])[] = [
  ['get', '/pages', 200],
  ['get', '/pages/:page', 200],
  ['patch', '/pages/:page', 200, { page: { name: 'Northwind Traders' } }],
  ['put', '/pages/:page', 200, { page: { name: 'Northwind' } }],
  ['get', '/pages/:page/status_embed_config', 200],
  ['patch', '/pages/:page/status_embed_config', 200, { status_embed_config: { position: null } }],
  ['get', '/pages/:page/components', 200],
  ['post', '/pages/:page/components', 201, { component: { name: 'Help', status: 'operational' } }],
  ['get', '/pages/:page/components/:search', 200],
  ['patch', '/pages/:page/components/:search', 200, { component: { status: 'degraded_performance' } }],
  ['put', '/pages/:page/components/:search', 200, { component: { status: 'operational' } }],
  ['get', '/pages/:page/components/:search/uptime', 200],
  ['get', '/pages/:page/component-groups', 200],
  ['post', '/pages/:page/component-groups', 201, { component_group: { name: 'Payments', components: [':cards'] } }],
  ['get', '/pages/:page/component-groups/:group', 200],
  ['get', '/pages/:page/component-groups/:group/uptime', 200],
  ['patch', '/pages/:page/component-groups/:group', 200, { component_group: { name: 'Paying' } }],
  ['put', '/pages/:page/component-groups/:group', 200, { component_group: { name: 'Payments' } }],
  ['delete', '/pages/:page/component-groups/:group', 200],
  ['get', '/pages/:page/incidents?q=slow&limit=10&page=1', 200],
  ['get', '/pages/:page/incidents/unresolved', 200],
  ['get', '/pages/:page/incidents/scheduled', 200],
  ['get', '/pages/:page/incidents/upcoming', 200],
  ['get', '/pages/:page/incidents/active_maintenance', 200],
  [
    'post',
    '/pages/:page/incidents',
    201,
    { incident: { name: 'Search is slow', status: 'investigating', body: 'Slow.' } },
  ],
  ['get', '/pages/:page/incidents/:incident', 200],
  ['patch', '/pages/:page/incidents/:incident', 200, { incident: { status: 'identified', body: 'An index.' } }],
  [
    'patch',
    '/pages/:page/incidents/:incident/incident_updates/:update',
    200,
    { incident_update: { body: 'One index.' } },
  ],
  ['put', '/pages/:page/incidents/:incident', 200, { incident: { status: 'resolved', body: 'It is rebuilt.' } }],
  ['put', '/pages/:page/incidents/:incident/postmortem', 200, { postmortem: { body_draft: 'An index was lost.' } }],
  ['get', '/pages/:page/incidents/:incident/postmortem', 200],
  ['put', '/pages/:page/incidents/:incident/postmortem/revert', 200, {}],
  ['delete', '/pages/:page/incidents/:incident/postmortem', 204],
  ['put', '/pages/:page/incidents/:incident/postmortem', 200, { postmortem: { body_draft: 'An index was lost.' } }],
  ['put', '/pages/:page/incidents/:incident/postmortem/publish', 200, {}],
  [
    'post',
    '/pages/:page/incidents',
    201,
    {
      incident: { name: 'New cables', scheduled_for: '2026-11-30T01:00:00Z', scheduled_until: '2026-11-30T02:00:00Z' },
    },
  ],
  ['delete', '/pages/:page/incidents/:incident', 200],
  ['get', '/pages/:page/subscribers', 200],
  ['get', '/pages/:page/subscribers/count', 200],
  ['get', '/pages/:page/subscribers/histogram_by_state', 200],
  ['get', '/pages/:page/subscribers/unsubscribed', 200],
  ['get', '/pages/:page/incident_templates', 200],
  [
    'post',
    '/pages/:page/incident_templates',
    201,
    { template: { name: 'Slow', title: 'Search is slow', body: 'Slow.' } },
  ],
  ['get', '/pages/:page/metrics', 200],
  ['get', '/pages/:page/metrics_providers', 200],
  ['post', '/pages/:page/metrics/:metric/data', 201, { data: { timestamp: 1_795_262_000, value: 12.3 } }],
  ['post', '/pages/:page/metrics/data', 202, { data: { ':metric': [{ timestamp: 1_795_262_000, value: 1 }] } }],
  ['delete', '/pages/:page/components/:search', 204],
]

test.each([
  ['/v1', '.json'],
  ['/api/v1', ''],
])('every call of the contract succeeds with its code below %s, with “%s” at its end', async (prefix, end) => {
  const here = await program()
  here.clock.set('2026-11-21T12:00:00.000Z')
  const { server } = (await here.app()).app
  const names: Record<string, string> = { page: here.page, search: here.search, cards: here.cards }
  names['metric'] = await here.does((it) =>
    createMetric(it, { name: 'Latency', suffix: 'ms', decimals: 0, shown: 'yes' }),
  )
  const filled = (text: string): string => text.replaceAll(/:([a-z]+)/g, (whole, name: string) => names[name] ?? whole)

  const found: string[] = []
  for (const [method, path, , body] of contract) {
    const [address = '', query = ''] = path.split('?')
    const url = `${prefix}${filled(address)}${end}${query && `?${query}`}`
    const request = supertest(server)[method](url).set('authorization', `OAuth ${here.secret}`)
    const answer = await request.send(body && (JSON.parse(filled(JSON.stringify(body))) as object))
    found.push(`${method} ${path} ${answer.status}`)
    const made = answer.body as { id?: string; incident_updates?: { id: string }[] }
    if (method === 'post' && address.endsWith('component-groups')) names['group'] = made.id ?? ''
    if (made.incident_updates) {
      names['incident'] = made.id ?? ''
      names['update'] = made.incident_updates[0]?.id ?? ''
    }
  }
  expect(found).toEqual(contract.map(([method, path, status]) => `${method} ${path} ${status}`))
})

test('no call is declared twice, and all of them say what they do', () => {
  const routes = calls.map(({ method, path }) => `${method} ${path.replaceAll(/:\w+/g, ':x')}`)
  expect(new Set(routes).size).toBe(routes.length)
  for (const { summary, scopes } of calls) expect([summary.length > 5, scopes.length > 0]).toEqual([true, true])
})
