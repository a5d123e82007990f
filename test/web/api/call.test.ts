import Fastify from 'fastify'
import supertest from 'supertest'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createToken } from '../../../src/domain/accounts/tokens.ts'
import { createComponent } from '../../../src/domain/components/commands.ts'
import { readSite } from '../../../src/domain/site/queries.ts'
import { Conflict } from '../../../src/lib/errors.ts'
import { amongOthers, choice, fields, flag, line, list, map, optional, whole } from '../../../src/lib/fields.ts'
import { answerCalls, routeLikeCall } from '../../../src/web/api/addresses.ts'
import { takeBodies } from '../../../src/web/api/bodies.ts'
import { rateLimit } from '../../../src/lib/rate-limit.ts'
import { reads, serveCalls, writes } from '../../../src/web/api/call.ts'
import { tellErrors } from '../../../src/web/api/errors.ts'
import { world } from '../../world.ts'

const thing = fields({ name: line(100), id: line(20) })

const calls = [
  writes({
    method: 'POST',
    noun: 'Things',
    path: '/pages/:page/things',
    summary: 'Add a thing',
    scopes: ['manage'],
    body: amongOthers(
      fields({
        thing: fields({
          name: line(20),
          loud: optional(flag),
          ids: optional(list(line(9), 3)),
          of: optional(map(choice(['up', 'down']), 2)),
        }),
      }),
    ),
    status: 201,
    answer: thing,
    write: async (change, { body }) => {
      const id = await createComponent(change, { name: body.thing.name })
      if (body.thing.loud === true) throw new Conflict('It is too loud.')
      return { name: body.thing.name, id }
    },
  }),
  reads({
    noun: 'Things',
    path: '/pages/:page/things/:id',
    summary: 'Read a thing',
    scopes: ['read', 'manage'],
    query: fields({ limit: optional(whole(1, 100)) }),
    answer: thing,
    read: async (_parts, { params, query, site }) => ({ name: `${site.name} ${query.limit}`, id: params.id }),
  }),
]

const unlimited = rateLimit({ name: 'none', most: 10_000, seconds: 1 }, () => 0)

async function programs() {
  const here = await world()
  const face = Fastify({
    rewriteUrl(request) {
      routeLikeCall(request)
      return request.url ?? ''
    },
  })
  answerCalls(face)
  onTestFinished(() => face.close())
  await face.register(
    async (inside) => {
      takeBodies(inside)
      tellErrors(inside)
      serveCalls(
        inside,
        { ...here, url: 'http://status.example', offered: [], settled: async () => {} },
        calls,
        unlimited,
      )
    },
    { prefix: '/v1' },
  )
  await face.ready()
  const { secret } = await here.change({ kind: 'setup' }, (it) => createToken(it, { name: 'Robot', scope: 'manage' }))
  const page = (await readSite(here.db)).id
  const posts = (body: string | object, type?: string, path = '/things') => {
    const request = supertest(face.server).post(`/v1/pages/${page}${path}`).set('authorization', `OAuth ${secret}`)
    if (type !== undefined) void request.type(type)
    return request.send(typeof body === 'string' ? body : JSON.stringify(body))
  }
  const names = async () =>
    (await here.db.selectFrom('components').select('name').orderBy('id').execute()).map(({ name }) => name)
  const gets = (path: string) =>
    supertest(face.server).get(`/v1/pages/${page}${path}`).set('authorization', `OAuth ${secret}`)
  return { ...here, face, page, secret, posts, names, gets }
}

describe('a call', () => {
  test('takes the same from JSON, with whatever content type, and from a form', async () => {
    const { posts, names } = await programs()
    const json = { thing: { name: 'A', ids: ['x'], loud: false, of: { a: 'up' } }, other: 1 }
    for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded'])
      expect((await posts(json, type)).status).toBe(201)
    const form = 'thing[name]=A&thing[ids][]=x&thing[loud]=false&thing[of][a]=up'
    const answer = await posts(form, 'application/x-www-form-urlencoded')
    expect([answer.status, answer.body]).toEqual([201, { name: 'A', id: expect.any(String) as string }])
    expect(await names()).toEqual(['A', 'A', 'A', 'A'])
  })

  test('is in the log under the name of its token', async () => {
    const { posts, db } = await programs()
    await posts({ thing: { name: 'A' } }, 'application/json', '/things.json')
    const [last] = await db.selectFrom('events').selectAll().orderBy('seq', 'desc').limit(1).execute()
    expect(JSON.parse(last!.actor)).toMatchObject({ kind: 'token', name: 'Robot' })
  })

  test('that is refused in the end changed nothing', async () => {
    const { posts, names } = await programs()
    const answer = await posts({ thing: { name: 'A', loud: true } })
    expect([answer.status, answer.body]).toEqual([409, { error: 'It is too loud.' }])
    expect(await names()).toEqual([])
  })

  test.each([
    ['nothing', '', 422, ['The input must be a group of fields (thing).']],
    ['a name too long', { thing: { name: 'x'.repeat(21) } }, 422, [expect.stringContaining('too long')]],
    ['a name twice', '{"thing":{"name":"A","na\\u006de":"B"}}', 400, expect.stringContaining('“name” is said twice')],
    ['a prototype', '{"__proto__":{"thing":{"name":"A"}}}', 400, expect.stringContaining('__proto__')],
    ['a prototype inside', { thing: { name: 'A', constructor: {} } }, 422, [expect.stringContaining('constructor')]],
    ['depth', '['.repeat(40_000), 400, expect.stringContaining('nested more than 20 deep')],
    ['half of it', '{"thing":', 400, 'The body is not JSON.'],
    [
      'what is no word here',
      { thing: { name: 'A', of: { a: 'sideways' } } },
      422,
      [expect.stringContaining('up, down')],
    ],
    [
      'too much of it',
      { thing: { name: 'A', ids: ['1', '2', '3', '4'] } },
      422,
      [expect.stringContaining('at most 3')],
    ],
    ['half a character', '{"thing":{"name":"A"},"x":"\\ud800"}', 400, expect.stringContaining('half of a character')],
    [
      'a name that is none',
      { thing: { name: 'A', of: { '\0': 'up' } } },
      422,
      [expect.stringContaining('plain characters')],
    ],
    ['NUL', { thing: { name: 'A\u0000' } }, 422, [expect.stringContaining('U+0000')]],
  ] as const)('is refused with a word about %s', async (_, body, status, error: unknown) => {
    const { posts, names } = await programs()
    const answer = await posts(body, 'application/json')
    expect([answer.status, answer.body]).toEqual([status, { error }])
    expect(await names()).toEqual([])
  })

  test.each([
    ['thing[name]=A&thing[name]=B', 'is said twice'],
    ['thing=A&thing[name]=B', 'is said twice'],
    ['thing[name=A', 'cannot be read'],
    ['thing[][name]=A', 'stands only at the end'],
    [`thing${'[a]'.repeat(9)}=A`, 'at most 8 deep'],
    ['a=1&'.repeat(2001), 'at most 2000 fields'],
  ])('is refused as a form that could mean two things: %.30s', async (body, error) => {
    const { posts } = await programs()
    const answer = await posts(body, 'application/x-www-form-urlencoded')
    expect([answer.status, (answer.body as { error: string }).error]).toEqual([400, expect.stringContaining(error)])
  })

  test('is refused as XML', async () => {
    const { posts } = await programs()
    expect((await posts('<thing/>', 'text/xml')).status).toBe(415)
  })

  test('reads its address and its query, with and without .json', async () => {
    const { gets, names } = await programs()
    expect((await gets('/things/abc?limit=5&order=drop')).body).toEqual({ name: 'Status 5', id: 'abc' })
    expect((await gets('/things/abc.json?limit=5')).body).toMatchObject({ id: 'abc' })
    expect((await gets('/things/abc?limit=0')).status).toBe(422)
    expect((await gets('/things/abc?limit=1&limit=2')).status).toBe(422)
    expect((await gets('/things/a%20b')).status).toBe(404)
    expect(await names()).toEqual([])
  })

  test('asks for its token before it reads a body', async () => {
    const { face, page } = await programs()
    const answer = await supertest(face.server).post(`/v1/pages/${page}/things`).send('{')
    expect([answer.status, answer.body]).toEqual([401, { error: 'Could not authenticate' }])
  })
})

describe('an Idempotency-Key', () => {
  test('carries a call out once, and says that an answer was given before', async () => {
    const { posts, names } = await programs()
    const send = (body: object, key: string) => posts(body).set('idempotency-key', key)
    const first = await send({ thing: { name: 'A' } }, '"8e03978e-40d5"')
    const second = await send({ thing: { name: 'A' } }, '8e03978e-40d5')
    expect([second.status, second.body]).toEqual([201, first.body])
    expect([first.headers['idempotency-replayed'], second.headers['idempotency-replayed']]).toEqual([undefined, 'true'])
    expect((await send({ thing: { name: 'B' } }, '8e03978e-40d5')).status).toBe(422)
    expect(await names()).toEqual(['A'])
  })

  test.each(['', 'two words', 'x'.repeat(256)])('that is no word is refused: %.20s', async (key) => {
    const { posts, names } = await programs()
    expect((await posts({ thing: { name: 'A' } }).set('idempotency-key', key)).status).toBe(422)
    expect(await names()).toEqual([])
  })
})
