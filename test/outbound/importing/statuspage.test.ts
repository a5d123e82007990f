import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Recording } from '../../../src/domain/import/recording.ts'
import { parseNetwork } from '../../../src/lib/guard.ts'
import { resolver } from '../../../src/lib/resolver.ts'
import { readSources } from '../../../src/outbound/importing/source.ts'
import { readRecording } from '../../../src/outbound/importing/statuspage.ts'
import { component, incident, update } from '../../domain/import/recorded.ts'
import { ownFolder } from '../../own-folder.ts'

/** A recording out of one document of incidents. */
function reading(document: unknown, name = 'incidents.json'): Recording {
  const text = typeof document === 'string' ? document : JSON.stringify(document)
  return readRecording([{ name, bytes: new TextEncoder().encode(text), holds: 'incidents' }])
}

describe('a broken recording is refused with its place', () => {
  const good = incident()
  test.each<[string, unknown, string]>([
    ['no JSON', '{"incidents": [}', 'incidents.json is not JSON: unexpected "}" at line 1, column 16.'],
    ['JSON on line 3', '{\n"incidents": [\n  nul]}', 'unexpected "]" at line 3, column 6'],
    ['JSON that ends', '{"incidents": [', 'incidents.json is not JSON: it ends too early, at line 1, column 16.'],
    ['nothing at all', '', 'incidents.json is not JSON: it ends too early, at line 1, column 1.'],
    ['a number', '7', 'incidents.json: the document must be of type object, not 7.'],
    ['null', 'null', 'the document must be of type object'],
    ['a list of numbers', [7], 'incidents.json: [0] must be of type object, not 7.'],
    ['incidents that are no list', { incidents: {} }, 'incidents must be of type array'],
    ['no id', [without(good, 'id')], 'incidents.json: [0].id is missing.'],
    ['an id with a slash', [{ ...good, id: '../x' }], '[0].id must be an id of letters, digits, - and _, not "../x"'],
    ['no name', { incidents: [{ ...good, name: '  ' }] }, 'incidents[0].name must be text of 1 to 1000 characters'],
    [
      'a day that does not exist',
      { incidents: [{ ...good, created_at: '2026-02-30T10:00:00Z' }] },
      'incidents[0].created_at must be a date and time',
    ],
    [
      'a time without an offset',
      [{ ...good, updated_at: '2026-02-20T10:00:00' }],
      '[0].updated_at must be a date and time with its offset',
    ],
    ['a number for a time', [{ ...good, resolved_at: 12 }], '[0].resolved_at'],
    [
      'an unknown status',
      [{ ...good, status: 'solved' }],
      '[0].status must be one of: investigating, identified, monitoring, resolved, postmortem, not "solved"',
    ],
    [
      'an unknown impact',
      [{ ...good, impact: 'huge' }],
      '[0].impact must be one of: none, minor, major, critical, maintenance, not "huge"',
    ],
    [
      'updates that are null',
      [{ ...good, incident_updates: null }],
      '[0].incident_updates must be of type array, not null',
    ],
    [
      'an update without body',
      [good, incident({ id: 'b', incident_updates: [without(update(), 'body')] })],
      '[1].incident_updates[0].body is missing',
    ],
    [
      'a NUL',
      [incident({ incident_updates: [update({ body: 'a\0b' })] })],
      '[0].incident_updates[0].body must be text',
    ],
    ['half a character', '[{"id":"a","name":"\\ud800"}]', '[0]'],
    [
      'an unknown component status',
      [incident({ components: [component({ status: 'fine' })] })],
      '[0].components[0].status must be one of',
    ],
    ['the same id twice', [good, good], 'incidents.json: incidents[1].id stands there twice: incident1.'],
    [
      'a zone that does not exist',
      { page: { time_zone: 'Mars/Olympus' }, incidents: [] },
      'page.time_zone must be a time zone such as Europe/Lisbon, not "Mars/Olympus"',
    ],
    [
      'a shortlink that is no address',
      [{ ...good, shortlink: 'here' }],
      '[0].shortlink must be an address, not "here"',
    ],
    [
      'a body of a megabyte',
      [incident({ incident_updates: [update({ body: 'x'.repeat(1_000_000) })] })],
      '[0].incident_updates[0].body must be text of at most 100000 characters',
    ],
  ])('%s', (_, document, message) => {
    expect(() => reading(document)).toThrow(message)
  })

  test('bytes that are no UTF-8', () => {
    const source = { name: 'incidents.json', bytes: Uint8Array.of(0x5b, 0xff, 0x5d), holds: 'incidents' as const }
    expect(() => readRecording([source])).toThrow('incidents.json is not text in UTF-8.')
  })
})

describe('what is read', () => {
  test('a byte order mark, unknown keys and absent ones are nothing to stumble over', () => {
    const bare = { id: 'a', name: 'A', status: 'resolved', impact: 'none', incident_updates: [] }
    const times = { created_at: '2026-01-01T10:00:00+01:00', updated_at: '2026-01-01T12:00:00+01:00' }
    const { incidents } = reading(`\ufeff${JSON.stringify([{ ...bare, ...times, odd: 1 }])}`)
    expect(incidents[0]).toMatchObject({
      beganAt: '2026-01-01T09:00:00.000Z',
      overAt: '2026-01-01T11:00:00.000Z',
      shortlink: null,
      components: [],
    })
  })

  test('updates stand oldest first, whichever way round they were recorded', () => {
    const [early, late] = [
      update({ id: 'a', body: 'Early', created_at: '2026-01-01T10:00:00Z' }),
      update({ id: 'b', body: 'Late', created_at: '2026-01-01T11:00:00Z' }),
    ]
    for (const updates of [
      [early, late],
      [late, early],
    ]) {
      const [read] = reading([incident({ incident_updates: updates })]).incidents
      expect(read?.updates.map(({ body }) => body)).toEqual(['Early', 'Late'])
    }
  })

  test('ids that are unique only within an incident become its id and their place', () => {
    const [read] = reading([
      incident({
        incident_updates: [update({ id: 'update_1', body: 'First' }), update({ id: 'update_0', body: 'Second' })],
      }),
    ]).incidents
    expect(read?.updates.map(({ id, body }) => [id, body])).toEqual([
      ['incident1-0001', 'First'],
      ['incident1-0002', 'Second'],
    ])
  })

  test('names of components are found, taken apart where both parts are names, and else told', () => {
    const recording = reading({
      components: ['API', 'Pages', 'Search and Rescue'].map((name, index) => component({ id: `c${index}`, name })),
      incidents: [
        incident({
          components: [
            { code: 'api', name: 'API', old_status: 'operational', new_status: 'degraded_performance' },
            { code: 'and_pages', name: 'and Pages' },
            { name: 'Search and Rescue' },
            { name: 'Pages and Wikis' },
          ],
        }),
        incident({ id: 'incident2', components: [{ name: 'api and pages' }] }),
      ],
    })
    expect(recording.incidents.map(({ components }) => components)).toEqual([
      [
        { componentId: 'c0', status: 'degraded_performance' },
        { componentId: 'c1', status: null },
        { componentId: 'c2', status: null },
      ],
      [
        { componentId: 'c0', status: null },
        { componentId: 'c1', status: null },
      ],
    ])
    expect([...recording.unknownNames]).toEqual([['Pages and Wikis', 1]])
  })

  test('nothing is over later than the last word on it', () => {
    const [read] = reading([
      incident({
        resolved_at: '2031-01-01T11:00:00Z',
        incident_updates: [update({ status: 'resolved', created_at: '2026-01-01T11:00:00Z' })],
      }),
    ]).incidents
    expect(read?.overAt).toBe('2026-01-01T11:00:00.000Z')
  })
})

describe('a recording is found', () => {
  const egress = { resolver: resolver({ servers: [] }), allow: [] }
  const nothing = (): void => undefined

  test('in a folder, with the folders of the API in it', async () => {
    const folder = await temporary()
    await mkdir(join(folder, 'incidents'))
    await writeFile(join(folder, 'incidents/unresolved.json'), JSON.stringify({ incidents: [incident()] }))
    await writeFile(join(folder, 'incidents.json'), JSON.stringify([incident({ id: 'b' })]))
    const { incidents } = readRecording(await readSources(egress, folder, nothing))
    expect(incidents.map(({ id }) => id)).toEqual(['b', 'incident1'])
  })

  test('not where there is none, and says what it looked for', async () => {
    const folder = await temporary()
    await expect(readSources(egress, join(folder, 'gone'), nothing)).rejects.toThrow('There is no folder')
    await writeFile(join(folder, 'notes.txt'), '')
    await expect(readSources(egress, folder, nothing)).rejects.toThrow(
      /it holds notes\.txt\)\. Looked for: summary\.json/,
    )
    await expect(readSources(egress, join(folder, 'notes.txt'), nothing)).rejects.toThrow('is not a folder')
  })

  test('at an address, if the guard lets it', async () => {
    const address = await serving((path) =>
      path === '/api/v2/incidents.json' ? { incidents: [incident()] } : { page: { name: 'There' } },
    )
    await expect(readSources(egress, address, nothing)).rejects.toThrow('CANDOR_EGRESS_ALLOW')
    const recording = readRecording(await readSources(onLoopback, `${address}/`, nothing))
    expect([recording.page.name, recording.incidents.length]).toEqual(['There', 1])
    const wrong = await serving(() => null)
    await expect(readSources(onLoopback, wrong, nothing)).rejects.toThrow(
      '/api/v2/summary.json answered with status 404',
    )
  })
})

test('at an address, however much a page with hundreds of systems has to say', async () => {
  const components = Array.from({ length: 300 }, (_, index) => component({ id: `c${index}`, name: `System ${index}` }))
  const incidents = Array.from({ length: 50 }, (_, index) => incident({ id: `incident${index}`, components }))
  const address = await serving((path) => (path === '/api/v2/incidents.json' ? { incidents } : {}))
  expect(JSON.stringify({ incidents }).length).toBeGreaterThan(3 * 1024 * 1024)
  const recording = readRecording(await readSources(onLoopback, address, () => undefined))
  expect([recording.incidents.length, recording.incidents[49]?.components.length]).toEqual([50, 300])
})

const onLoopback: Parameters<typeof readSources>[0] = {
  resolver: resolver({ servers: [] }),
  allow: [parseNetwork('127.0.0.1/32')].filter((network) => network !== null),
}

async function temporary(): Promise<string> {
  const folder = ownFolder()
  return folder
}

async function serving(answer: (path: string) => object | null): Promise<string> {
  const server = createServer((request, response) => {
    const body = answer(request.url ?? '')
    response.writeHead(body ? 200 : 404).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function without(thing: object, key: string): object {
  return Object.fromEntries(Object.entries(thing).filter(([name]) => name !== key))
}
