import { expect, test } from 'vitest'
import { readNewProbe } from '../../../../src/domain/probes/rules.ts'
import { later, wallClock } from '../../../../src/lib/clock.ts'
import { checked, webServer } from './checked.ts'

interface Registry {
  readonly directory: string
  /** The names that it was asked for. */
  readonly asked: string[]
}

type Answer = object | string | number

/** A directory of registries and one registry, on one server: it knows names that end in `.shop` and `.co.shop`. */
async function registry(names: Readonly<Record<string, Answer>>): Promise<Registry> {
  const asked: string[] = []
  const origin = await webServer((request, response) => {
    const path = request.url ?? ''
    if (path === '/dns.json') {
      const services = [
        [
          ['shop', 'café'],
          ['ftp://nowhere.example/', `${origin}/rdap`],
        ],
        [['co.shop'], [`${origin}/second/`]],
        [['broken'], []],
      ]
      return void response.end(JSON.stringify({ version: '1.0', services }))
    }
    const name = path.replace(/^\/(rdap|second)\/domain\//, '')
    asked.push(name)
    const answer = names[name] ?? 404
    if (typeof answer === 'number') return void response.writeHead(answer).end()
    response.writeHead(200, { 'content-type': 'application/rdap+json' })
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer))
  })
  return { directory: `${origin}/dns.json`, asked }
}

const ends = (days: number): object => ({
  objectClassName: 'domain',
  status: ['client transfer prohibited'],
  events: [
    { eventAction: 'registration', eventDate: '1999-01-01T00:00:00Z' },
    { eventAction: 'expiration', eventDate: later(wallClock.now(), days * 86_400).replace('.000', '') },
    { eventAction: 'registrar expiration', eventDate: '1999-01-01T00:00:00Z' },
  ],
})

const ask = (domain: string, { directory }: Pick<Registry, 'directory'>, more: object = {}) =>
  checked({ kind: 'domain', domain, directory, ...more })

test.each<[string, Answer, object, string, string | null]>([
  ['ends in a year', ends(365), {}, 'pass', null],
  ['ends in 31 days', ends(31), {}, 'pass', null],
  ['ends in 29 days', ends(29), {}, 'pass', 'expiring'],
  ['ends in 29 days, where 14 are enough', ends(29), { warnDays: 14 }, 'pass', null],
  ['ended yesterday', ends(-1), {}, 'fail', 'expired'],
  ['ended yesterday, of which nobody wished to be warned', ends(-1), { warnDays: 0 }, 'fail', 'expired'],
  ['is locked, as it must be', ends(90), { mustBeLocked: 'yes' }, 'pass', null],
  ['is not locked', { ...ends(90), status: ['active'] }, { mustBeLocked: 'yes' }, 'fail', 'unlocked'],
  ['is not locked, and need not be', { ...ends(90), status: ['active'] }, {}, 'pass', null],
  ['is held', { ...ends(90), status: ['active', 'Client Hold'] }, {}, 'fail', 'held'],
  ['waits to be deleted', { ...ends(90), status: ['redemption period'] }, {}, 'fail', 'held'],
  ['is not registered', 404, {}, 'fail', 'unregistered'],
  ['has an end that is not told', { ...ends(1), events: [] }, {}, 'inconclusive', 'no_registry'],
  [
    'has an end that is no date',
    { events: [{ eventAction: 'expiration', eventDate: 'soon' }] },
    {},
    'inconclusive',
    'no_registry',
  ],
  ['has strange events', { events: [null, 7, { eventAction: {} }] }, {}, 'inconclusive', 'no_registry'],
  [
    'has events that cannot be written',
    { events: [{ eventAction: { toString: 1 } }] },
    {},
    'inconclusive',
    'no_registry',
  ],
  ['is asked for too often', 429, {}, 'inconclusive', 'registry'],
  ['is kept by a registry that fails', 500, {}, 'inconclusive', 'registry'],
  ['is kept by a registry that answers in HTML', '<h1>Hello</h1>', {}, 'inconclusive', 'registry'],
])('a name that %s', async (_what, answer, more, outcome, reason) => {
  const here = await registry({ 'acme.shop': answer })
  expect(await ask('acme.shop', here, more)).toMatchObject({ outcome, reason })
})

test('the longest ending that the directory knows decides who is asked', async () => {
  const here = await registry({ 'acme.co.shop': ends(90) })
  expect(await ask('acme.co.shop', here)).toMatchObject({ outcome: 'pass' })
  expect(here.asked).toEqual(['acme.co.shop'])
})

test('a name beyond ASCII is asked for as registries know it', async () => {
  const here = await registry({ 'xn--bcher-kva.shop': ends(90) })
  expect(await ask('Bücher.SHOP.', here)).toMatchObject({ outcome: 'pass' })
})

test('an ending whose registry nobody knows is not measured, and says so', async () => {
  const here = await registry({})
  expect(await ask('acme.nowhere', here)).toMatchObject({ outcome: 'inconclusive', reason: 'no_registry' })
  expect(here.asked).toEqual([])
})

test('a registry is not asked twice within ten minutes, however often we are', async () => {
  const here = await registry({ 'acme.shop': ends(5) })
  for (let time = 1; time <= 4; time += 1) await ask('acme.shop', here)
  expect(here.asked).toEqual(['acme.shop'])
})

test('what could not be heard is asked for again', async () => {
  const here = await registry({ 'acme.shop': 503 })
  await ask('acme.shop', here)
  await ask('acme.shop', here)
  expect(here.asked).toEqual(['acme.shop', 'acme.shop'])
})

test.each<[string, () => Promise<string>]>([
  ['is silent', () => webServer(() => undefined)],
  ['has none', () => webServer((_request, response) => void response.writeHead(404).end())],
  ['is empty', () => webServer((_request, response) => void response.end('{}'))],
  ['never ends', () => webServer((_request, response) => endless(response))],
])('a directory that %s says nothing of the name', async (_what, start) => {
  const directory = await start()
  expect(await ask('acme.shop', { directory }, { timeoutMs: 300 })).toMatchObject({
    outcome: 'inconclusive',
    reason: 'registry',
  })
})

function endless(response: NodeJS.WritableStream): void {
  const more = (): void => {
    while (response.writable && response.write('x'.repeat(65_536))) continue
  }
  response.on('drain', more)
  more()
}

test('where the guard forbids the way nothing is asked', async () => {
  const { directory, asked } = await registry({ 'acme.shop': ends(90) })
  const answer = await checked({ kind: 'domain', domain: 'acme.shop', directory }, [])
  expect(answer).toMatchObject({ outcome: 'inconclusive', reason: 'blocked' })
  expect(asked).toEqual([])
})

test.each(['acme', '10.0.0.1', '[::1]', 'acme.shop/a', 'a@acme.shop', 'acme.shop:80', 'a b.shop', ''])(
  '“%s” is no domain',
  async (domain) => {
    await expect(ask(domain, { directory: 'https://data.example/dns.json' })).rejects.toMatchObject({ field: 'domain' })
  },
)

const wish = (more: object) => readNewProbe({ componentId: 'c1', kind: 'domain', domain: 'acme.shop', ...more })

test('registries are asked twice a day unless somebody says otherwise, and only operators hear of it', () => {
  expect(wish({})).toMatchObject({ intervalSeconds: 43_200, policy: 'draft', downStatus: 'degraded_performance' })
  expect(wish({ policy: 'off' })).toMatchObject({ policy: 'off' })
})

test('nobody can have a registry asked more often than every hour', () => {
  expect(wish({ intervalSeconds: 3600 })).toMatchObject({ intervalSeconds: 3600 })
  expect(() => wish({ intervalSeconds: 3599 })).toThrow(/60 minutes/)
})
