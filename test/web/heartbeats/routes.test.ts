import request from 'supertest'
import { expect, test } from 'vitest'
import { giveAddress } from '../../../src/domain/probes/heartbeats/commands.ts'
import { pauseProbe } from '../../../src/domain/probes/commands.ts'
import { hear } from '../../../src/domain/probes/heartbeats/hear.ts'
import { beating } from '../../outbound/heartbeats/beating.ts'
import { world } from '../../world.ts'

const ada = { kind: 'operator', id: 'o1', name: 'Ada' } as const

async function called() {
  const it = await world()
  const job = await beating(it)
  const { app } = await it.app()
  return { it, job, server: app.server, address: `/hb/${job.token}` }
}

test.each(['get', 'post', 'head'] as const)('a sign of life by %s is heard', async (method) => {
  const { job, server, address } = await called()
  const response = await request(server)[method](address).expect(202)
  expect(response.headers['content-type']).toBe('text/plain; charset=utf-8')
  expect(response.headers['cache-control']).toBe('no-store')
  expect(response.headers).not.toHaveProperty('set-cookie')
  expect(response.headers).not.toHaveProperty('etag')
  expect((await job.heartbeat()).untaken).toMatchObject([{ outcome: 'pass' }])
})

test.each([
  ['', 'pass'],
  ['/', 'pass'],
  ['/0', 'pass'],
  ['/fail', 'fail'],
  ['/1', 'fail'],
  ['/255', 'fail'],
  ['?source=cron', 'pass'],
])('behind the token %j says: %s', async (word, outcome) => {
  const { job, server, address } = await called()
  await request(server).get(`${address}${word}`).expect(202)
  expect((await job.heartbeat()).untaken).toMatchObject([{ outcome }])
})

test('a start and a log say nothing of success', async () => {
  const { job, server, address } = await called()
  await request(server).post(`${address}/start`).expect(202)
  await request(server).post(`${address}/log`).type('text/plain').send('half way').expect(202)
  expect(await job.heartbeat()).toMatchObject({ untaken: [], log: 'half way' })
})

test.each(['/256', '/-1', '/done', '/start/now', '/%2e%2e'])('%s is no signal', async (word) => {
  const { job, server, address } = await called()
  await request(server).get(`${address}${word}`).expect(404)
  expect((await job.heartbeat()).untaken).toEqual([])
})

test('an address that nobody has is not found, and neither is one that was replaced', async () => {
  const { it, job, server, address } = await called()
  await request(server).get('/hb/nobody').expect(404, 'Nobody has this address.\n')
  await request(server).get('/hb/').expect(404)
  const next = await it.change(ada, (change) => giveAddress(change, job.id))
  expect((await request(server).get(address)).status).toBe(404)
  expect((await request(server).get(`/hb/${next}`)).status).toBe(202)
})

test('what is paused is answered as ever', async () => {
  const { it, job, server, address } = await called()
  await it.change(ada, (change) => pauseProbe(change, job.id))
  const { status, text } = await request(server).get(address)
  expect([status, text]).toEqual([202, 'Heard.\n'])
})

test.each(['text/plain', 'application/json', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=a'])(
  'a log is text, also where it is called %s',
  async (type) => {
    const { job, server, address } = await called()
    await request(server).post(address).set('content-type', type).send('{"a": no JSON').expect(202)
    expect((await job.heartbeat()).log).toBe('{"a": no JSON')
  },
)

test('a log that is too long costs no sign of life, and one without end is cut off', async () => {
  const { job, server, address } = await called()
  await request(server).post(address).type('text/plain').send('é'.repeat(50_000)).expect(202)
  const { log, untaken } = await job.heartbeat()
  expect(log).toBe('é'.repeat(5000))
  expect(untaken).toHaveLength(1)
  await request(server).post(address).type('text/plain').send('x'.repeat(1_100_000)).expect(413)
})

test('a log that is no text costs no sign of life either', async () => {
  const { job, server, address } = await called()
  await request(server).post(address).type('text/plain').send('half\0way').expect(202)
  expect(await job.heartbeat()).toMatchObject({ log: 'half\ufffdway', untaken: [{ outcome: 'pass' }] })
})

test('an address that nobody has keeps nobody waiting who writes', async () => {
  const { db, clock } = await world()
  const without = new Proxy(db, {
    get(all, name) {
      if (name === 'transaction') throw new Error('Somebody wishes to write.')
      const value: unknown = Reflect.get(all, name)
      return typeof value === 'function' ? (value.bind(all) as unknown) : value
    },
  })
  const call = { token: 'nobody', signal: { says: 'success' }, text: '' } as const
  expect(await hear({ db: without, clock }, call)).toBe('unknown')
})

test('whoever calls all the time is told to come later, and the others are heard', async () => {
  const { it, job, server, address } = await called()
  const other = await beating(it)
  for (let count = 0; count < 60; count += 1) await request(server).get(address).expect(202)
  const refused = await request(server).get(address).expect(429)
  expect(refused.headers).toMatchObject({
    'ratelimit-policy': '"address";q=60;w=60',
    ratelimit: '"address";r=0;t=1',
    'retry-after': '1',
  })
  await request(server).get(`/hb/${other.token}`).expect(202)
  it.clock.advance('60s')
  await request(server).get(address).expect(202)
  expect((await job.heartbeat()).untaken).toHaveLength(20)
})

test('a network that guesses addresses has to wait, and a job that was heard from there does not', async () => {
  const { it, server, address } = await called()
  const other = await beating(it)
  await request(server).get(address).expect(202)
  const guesses = []
  for (let count = 0; count < 122; count += 1) guesses.push((await request(server).get(`/hb/${count}`)).status)
  expect(new Set(guesses.slice(0, 120))).toEqual(new Set([404]))
  expect(guesses.slice(120)).toEqual([429, 429])
  const refused = await request(server).get(`/hb/${other.token}`).expect(429)
  expect([refused.headers['retry-after'], refused.text]).toEqual([
    '1',
    'Too many wrong addresses came from this network. Try again in a second.\n',
  ])
  await request(server).get(address).expect(202)
  it.clock.advance('1s')
  await request(server).get(`/hb/${other.token}`).expect(202)
})

test('neither the address nor what a job writes stands in any public byte, event or log line', async () => {
  const { it, job, server, address } = await called()
  await request(server).post(`${address}/7`).type('text/plain').send('the-canary-of-the-log').expect(202)
  await job.looks()
  const { publication } = await it.app()
  await publication.settled()
  for (const path of ['/', '/api/v2/summary.json', '/feed.json', '/history.atom', '/ledger.jsonl']) {
    const { text } = await request(server).get(path)
    expect(text).not.toContain(job.token)
    expect(text).not.toContain('the-canary-of-the-log')
  }
  const events = JSON.stringify(await it.eventsAfter(0, 1000))
  expect(events).not.toContain(job.token)
  expect(events).not.toContain('the-canary-of-the-log')
})
