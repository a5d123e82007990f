import { describe, expect, test } from 'vitest'
import { hasRecordings, recorded, whyNot } from '../../../recordings.ts'
import { type Northwind, northwind } from '../../northwind.ts'
import { wireOf } from '../../wire.ts'

const addresses = {
  summary: '/api/v2/summary.json',
  status: '/api/v2/status.json',
  components: '/api/v2/components.json',
  incidents: '/api/v2/incidents.json',
  unresolved: '/api/v2/incidents/unresolved.json',
  'scheduled-maintenances': '/api/v2/scheduled-maintenances.json',
  upcoming: '/api/v2/scheduled-maintenances/upcoming.json',
  active: '/api/v2/scheduled-maintenances/active.json',
} as const

describe('the documents of the API', () => {
  test('are what the golden files say, byte by byte', async () => {
    const here = await northwind()
    const app = await wireOf(here)
    const { id } = (await here.readSnapshot()).recentIncidents[0] ?? { id: '' }
    for (const [name, address] of Object.entries({ ...addresses, incident: `/api/v2/incidents/${id}.json` })) {
      const { body } = await app.inject(address)
      expect(body).toBe(JSON.stringify(JSON.parse(body)))
      await expect(`${JSON.stringify(JSON.parse(body), null, 2)}\n`).toMatchFileSnapshot(
        `../../../golden/statuspage/${name}.json`,
      )
    }
  })

  test.skipIf(!hasRecordings)(`have the keys and types of the recorded ones (skipped where ${whyNot})`, async () => {
    const app = await wireOf(await northwind())
    for (const [name, address] of Object.entries(addresses)) {
      const served: unknown = (await app.inject(address)).json()
      expect(strange(shapeOf(recorded(`discord/${name}.json`)), shapeOf(served)), name).toEqual([])
    }
  })

  test('tell every instant in one offset, which follows the clocks of the zone', async () => {
    const app = await wireOf(await northwind())
    const { incidents } = (await app.inject(addresses.incidents)).json<{ incidents: { created_at: string }[] }>()
    expect(incidents.map(({ created_at }) => created_at)).toEqual([
      '2026-11-21T06:50:00.000-05:00',
      '2026-10-29T10:05:06.789-04:00',
    ])
  })

  test('say operational of what was not measured, and /summary.json says what is true', async () => {
    const here = await northwind()
    await unmeasured(here, here.search)
    const app = await wireOf(here)
    const foreign = (await app.inject(addresses.components)).json<{ components: { id: string; status: string }[] }>()
    const own = (await app.inject('/summary.json')).json<{ components: { id: string; status: string }[] }>()
    expect(foreign.components.find(({ id }) => id === here.search)?.status).toBe('operational')
    expect(own.components.find(({ id }) => id === here.search)?.status).toBe('unknown')
  })

  test('name the status of a group after its worst child', async () => {
    const app = await wireOf(await northwind())
    const { components } = (await app.inject(addresses.components)).json<{
      components: { name: string; status: string; components?: string[] }[]
    }>()
    const group = components.find(({ name }) => name === 'Payments')
    expect(group?.status).toBe('partial_outage')
    expect(group?.components).toHaveLength(2)
    expect(components.filter((component) => 'components' in component)).toHaveLength(1)
  })
})

describe('the API answers', () => {
  test('any origin, HEAD, and 304 to who has it already', async () => {
    const app = await wireOf(await northwind())
    const { headers, body } = await app.inject(addresses.status)
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'access-control-allow-origin': '*',
      'cache-control': 'max-age=10, public, s-maxage=10, stale-while-revalidate=20, stale-if-error=3600',
      'x-content-type-options': 'nosniff',
      'x-statuspage-version': 'v2',
      vary: 'Accept-Encoding',
    })
    const head = await app.inject({ method: 'HEAD', url: addresses.status })
    expect([head.statusCode, head.body, head.headers['content-length']]).toEqual([200, '', String(body.length)])
    const again = await app.inject({ url: `${addresses.status}?t=1`, headers: { 'if-none-match': headers.etag } })
    expect([again.statusCode, again.body]).toEqual([304, ''])
  })

  test('a preflight of a browser that asks with If-None-Match', async () => {
    const app = await wireOf(await northwind())
    const { statusCode, headers } = await app.inject({ method: 'OPTIONS', url: addresses.summary })
    expect(statusCode).toBe(204)
    expect(headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-headers': expect.stringContaining('if-none-match') as string,
    })
  })

  test.each([
    '/api/v2/subscribers.json',
    '/api/v2/nothing',
    '/api/v2/incidents/nobody.json',
    '/api/v2/incidents/%00.json',
    "/api/v2/incidents/'; drop table incidents; --.json",
    '/api/v2/__proto__.json',
  ])('%s with a real 404, in JSON, from any origin', async (url) => {
    const app = await wireOf(await northwind())
    const answer = await app.inject(encodeURI(url).replace('%2500', '%00'))
    expect(answer.statusCode).toBe(404)
    expect(answer.json()).toEqual({ error: 'Not found' })
    expect(answer.headers['access-control-allow-origin']).toBe('*')
  })

  test('the detectors of other vendors with a real 404', async () => {
    const app = await wireOf(await northwind())
    for (const url of ['/proxy/status.example', '/api/v1/summary', '/incidents/nobody.json']) {
      expect((await app.inject(url)).statusCode).toBe(404)
    }
  })

  test('for one incident or maintenance under both addresses', async () => {
    const here = await northwind()
    const app = await wireOf(here)
    const { recentIncidents, recentMaintenances } = await here.readSnapshot()
    for (const { id } of [...recentIncidents, ...recentMaintenances]) {
      const answer = await app.inject(`/incidents/${id}.json`)
      expect(answer.json<{ incident: { id: string } }>().incident.id).toBe(id)
      expect((await app.inject(`/api/v2/incidents/${id}.json`)).body).toBe(answer.body)
    }
  })
})

/** As if its only probe had never answered: what was said by hand is over. */
async function unmeasured({ db, clock }: Northwind, componentId: string): Promise<void> {
  await db
    .updateTable('impacts')
    .set({ ended_at: clock.now() })
    .where('component_id', '=', componentId)
    .where('ended_at', 'is', null)
    .execute()
  await db
    .insertInto('impacts')
    .values({
      id: 'unmeasured',
      component_id: componentId,
      status: 'unknown',
      began_at: clock.now(),
      ended_at: null,
      said_at: clock.now(),
      incident_id: null,
      maintenance_id: null,
      probe_id: 'probe',
    })
    .execute()
}

type Shape = ReadonlyMap<string, { readonly types: ReadonlySet<string>; readonly keys: readonly string[] }>

/** At each path, lists folded into one, the types that stand there and the order of keys. */
function shapeOf(value: unknown, path = '', shape = new Map<string, { types: Set<string>; keys: string[] }>()): Shape {
  const type = value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value
  const here = shape.get(path) ?? { types: new Set(), keys: [] }
  shape.set(path, here)
  here.types.add(type)
  if (Array.isArray(value)) for (const each of value) shapeOf(each, `${path}[]`, shape)
  else if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value)
    if (keys.length > here.keys.length) here.keys = keys
    for (const [key, field] of Object.entries(value)) shapeOf(field, `${path}.${key}`, shape)
  }
  return shape
}

/** Keys that the recordings of 2019 could not have yet, or, of maintenances, happen not to have. */
const newer = ['start_date', 'reminder_intervals', 'code', 'old_status', 'new_status']

/** What is missing, of another type than any recorded one, or in another order. */
function strange(recordedShape: Shape, served: Shape): string[] {
  return [...served].flatMap(([path, { types, keys }]) => {
    const known = recordedShape.get(path)
    if (!known) return []
    const common = keys.filter((key) => known.keys.includes(key))
    const expected = known.keys.filter((key) => keys.includes(key))
    return [
      ...[...types]
        .filter(
          (type) => type !== 'null' && !known.types.has(type) && !(known.types.size === 1 && known.types.has('null')),
        )
        .map((type) => `${path} is ${type}`),
      ...(common.join() === expected.join() ? [] : [`${path} has its keys in the order ${keys.join()}`]),
      ...known.keys.filter((key) => !keys.includes(key)).map((key) => `${path} lacks ${key}`),
      ...keys.filter((key) => !known.keys.includes(key) && !newer.includes(key)).map((key) => `${path} has ${key}`),
    ]
  })
}
