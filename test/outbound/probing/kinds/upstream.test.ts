import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { createComponent } from '../../../../src/domain/components/commands.ts'
import { openIncident } from '../../../../src/domain/incidents/commands.ts'
import { world } from '../../../world.ts'
import { instance } from '../../../trust.ts'
import { checked, webServer } from './checked.ts'

const ask = (page: string, more: object = {}) => checked({ kind: 'upstream', page, ...more })

type Documents = Readonly<Record<string, unknown>>

/** A supplier's page that serves these documents and nothing else. */
function supplier(documents: Documents): Promise<string> {
  return webServer((request, response) => {
    const document = documents[request.url ?? '']
    if (document === undefined) return void response.writeHead(404).end('<h1>Not here</h1>')
    response.end(typeof document === 'string' ? document : JSON.stringify(document))
  })
}

const summary = (indicator: string, components: readonly object[] | null = []): Documents => ({
  '/api/v2/summary.json': { page: { id: 'p' }, status: { indicator, description: 'words' }, components },
})

const parts = [
  { id: 'a1', name: 'API', status: 'operational' },
  { id: 'b2', name: ' Push Messages ', status: 'degraded_performance' },
  { id: 'c3', name: 'Login', status: 'operational' },
  { id: 'c4', name: 'Login', status: 'partial_outage' },
  { id: 'd5', name: 'Files', status: 'under_maintenance' },
  { id: 'e6', name: 'Search', status: 'confused' },
]

test.each([
  ['none', 'pass', null],
  ['minor', 'slow', 'upstream_slow'],
  ['major', 'fail', 'upstream'],
  ['critical', 'fail', 'upstream'],
  ['maintenance', 'pass', null],
  ['confused', 'inconclusive', 'upstream_page'],
  ['constructor', 'inconclusive', 'upstream_page'],
])('a page that says %s is %s', async (indicator, outcome, reason) => {
  expect(await ask(await supplier(summary(indicator)))).toMatchObject({ outcome, reason })
})

test.each([
  ['API', 'pass', null],
  ['push messages', 'slow', 'upstream_slow'],
  ['c3', 'pass', null],
  ['login', 'fail', 'upstream'],
  ['Files', 'pass', null],
  ['Search', 'inconclusive', 'upstream_part'],
  ['Telephone', 'inconclusive', 'upstream_part'],
])('of the part %s alone it says %s', async (part, outcome, reason) => {
  expect(await ask(await supplier(summary('critical', parts)), { part })).toMatchObject({ outcome, reason })
})

test('maintenance counts as trouble where that was chosen', async () => {
  const page = await supplier(summary('maintenance'))
  expect(await ask(page, { maintenance: 'trouble' })).toMatchObject({ outcome: 'slow', reason: 'upstream_slow' })
})

const widget = (...incidents: readonly object[]): Documents => ({
  '/api/v1/summary': {
    page_title: 'Acme',
    ongoing_incidents: incidents,
    in_progress_maintenances: [{ status: 'maintenance_in_progress', affected_components: [{ id: 'm', name: 'Mail' }] }],
    scheduled_maintenances: [],
  },
})

const incident = {
  status: 'identified',
  current_worst_impact: 'full_outage',
  affected_components: [
    { id: 'x', name: 'API', current_status: 'full_outage' },
    { id: 'y', name: 'Login', current_status: 'degraded_performance' },
    { id: 'z', name: 'Files' },
  ],
}

test.each([
  [{}, 'fail'],
  [{ part: 'API' }, 'fail'],
  [{ part: 'login' }, 'slow'],
  [{ part: 'Files' }, 'fail'],
  [{ part: 'Search' }, 'pass'],
  [{ part: 'Mail' }, 'pass'],
  [{ part: 'Mail', maintenance: 'trouble' }, 'slow'],
])('a page of incident.io, asked with %o, says %s', async (more, outcome) => {
  expect(await ask(await supplier(widget(incident)), more)).toMatchObject({ outcome })
})

test('what a page of incident.io has resolved is over', async () => {
  expect(await ask(await supplier(widget({ ...incident, status: 'resolved' })))).toMatchObject({ outcome: 'pass' })
})

test('a page of both makes is asked in the other way for a part that the first does not name', async () => {
  const page = await supplier({ ...summary('none', null), ...widget(incident) })
  expect(await ask(page, { part: 'API' })).toMatchObject({ outcome: 'fail', reason: 'upstream' })
})

test.each([
  ['OK', 'pass'],
  ['INFORMATIONAL_CORE', 'pass'],
  ['MAJOR_INCIDENT_NONCORE', 'fail'],
  ['MINOR_INCIDENT_CORE', 'slow'],
  ['MAINTENANCE_CORE', 'pass'],
])('an instance of a Trust page that says %s is %s', async (status, outcome) => {
  const page = await supplier({ '/v1/instances/EU42/status': instance({ status }) })
  expect(await ask(page, { shape: 'trust', part: 'EU42' })).toMatchObject({ outcome })
  expect(await ask(`${page}/instances/EU42`)).toMatchObject({ outcome })
})

test('an address of one of its documents is taken as it is', async () => {
  const page = await supplier(summary('none'))
  expect(await ask(`${page}/api/v2/summary.json`)).toMatchObject({ outcome: 'pass' })
})

test.each<[string, (page: string) => Promise<string>]>([
  ['is no status page', () => supplier({ '/': '<h1>Welcome</h1>' })],
  ['answers with broken JSON', () => supplier({ '/api/v2/summary.json': '{"status":' })],
  ['answers with another JSON', () => supplier({ '/api/v2/summary.json': 'null', '/api/v1/summary': '[]' })],
  ['fails', () => webServer((_request, response) => void response.writeHead(500).end())],
  ['breaks off', () => webServer((request) => void request.socket.resetAndDestroy())],
  ['is silent', () => webServer(() => undefined)],
  ['never ends', () => webServer((_request, response) => endless(response))],
  ['is not there', () => Promise.resolve('http://gone.example:4444')],
])('a page that %s tells nothing of the supplier', async (_what, start) => {
  const page = await start('')
  expect(await ask(page, { timeoutMs: 400 })).toMatchObject({ outcome: 'inconclusive', reason: 'upstream_page' })
})

function endless(response: NodeJS.WritableStream): void {
  const more = (): void => {
    while (response.writable && response.write('x'.repeat(65_536))) continue
  }
  response.on('drain', more)
  more()
}

test('where the guard forbids the way nothing is asked', async () => {
  const page = await supplier(summary('critical'))
  const answer = await checked({ kind: 'upstream', page }, [])
  expect(answer).toMatchObject({ outcome: 'inconclusive', reason: 'blocked' })
})

test.each([
  [{ page: 'status.example.com' }, 'page'],
  [{ page: 'file:///etc/passwd' }, 'page'],
  [{ page: 'https://a:b@status.example.com' }, 'page'],
  [{ page: 'https://status.example.com', shape: 'trust' }, 'part'],
])('%o is refused', async (input, field) => {
  await expect(ask(input.page, input)).rejects.toMatchObject({ field })
})

test('a Candor can watch a Candor', async () => {
  const here = await world()
  const { app } = await here.app()
  const command = { kind: 'command', name: 'test' } as const
  const id = await here.change(command, (it) => createComponent(it, { name: 'Payments' }))
  const page = await app.listen({ host: '127.0.0.1', port: 0 })
  expect(await ask(page, { part: 'Payments' })).toMatchObject({ outcome: 'pass', reason: null })
  await here.change(command, (it) =>
    openIncident(it, {
      name: 'Cards fail',
      stage: 'investigating',
      body: 'We look.',
      components: [{ id, status: 'major_outage' }],
    }),
  )
  const { publication } = await here.app()
  await publication.settled()
  expect(await ask(page, { part: 'Payments' })).toMatchObject({ outcome: 'fail', reason: 'upstream' })
  expect(await ask(page)).toMatchObject({ outcome: 'fail', reason: 'upstream' })
})

const recorded = fileURLToPath(new URL('../../../../../shared/fixtures/statuspage/discord/', import.meta.url))

test.skipIf(!existsSync(recorded))('a recorded page of Statuspage is read (../shared holds it)', async () => {
  const document = readFileSync(`${recorded}summary.json`, 'utf8')
  const page = await supplier({ '/api/v2/summary.json': document })
  const { status, components } = JSON.parse(document) as {
    status: { indicator: string }
    components: readonly { name: string; status: string }[]
  }
  const expected = { none: 'pass', minor: 'slow', major: 'fail', critical: 'fail', maintenance: 'pass' }[
    status.indicator
  ]
  expect(await ask(page)).toMatchObject({ outcome: expected })
  const well = components.find((component) => component.status === 'operational')!
  expect(await ask(page, { part: well.name })).toMatchObject({ outcome: 'pass' })
})
