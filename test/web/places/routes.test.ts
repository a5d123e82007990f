import type { InjectOptions } from 'fastify'
import { expect, test } from 'vitest'
import { addPlace, choosePlaces, revokePlace } from '../../../src/domain/places/commands.ts'
import { listPlaces } from '../../../src/domain/places/queries.ts'
import { changeProbe } from '../../../src/domain/probes/commands.ts'
import { statesOf } from '../../../src/domain/probes/verdicts/states.ts'
import { millisecondsOf } from '../../../src/lib/clock.ts'
import {
  type Assignments,
  headers,
  nowHeader,
  readToken,
  signatureOf,
} from '../../../src/outbound/probing/place-wire.ts'
import { ada, watched } from '../../domain/probes/watched.ts'

/** A world with a probe and a place, and what an agent there would send. */
async function withPlace() {
  const it = await watched()
  const { app } = await it.it.app()
  const { token } = await it.change(ada, (change) => addPlace(change, { name: 'Lisbon' }))
  const { number, key } = readToken(token)!
  const now = () => millisecondsOf(it.clock.now())
  const send = async (
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
    { time = now(), by = number, signedWith = key, more = {} }: Partial<Sending> = {},
  ) => {
    const url = `/api/places/v1/${path}`
    const payload = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
    const signature = signatureOf(signedWith, { method, path: url, time: String(time), body: payload })
    const answer = await app.inject({
      method,
      url,
      ...(payload === '' ? {} : { payload }),
      headers: {
        ...(payload === '' ? {} : { 'content-type': 'application/json' }),
        [headers.place]: String(by),
        [headers.time]: String(time),
        [headers.signature]: signature,
        ...more.headers,
      },
      ...(more.remoteAddress ? { remoteAddress: more.remoteAddress } : {}),
    })
    return answer
  }
  const assigned = async () => (await send('GET', 'probes')).json<Assignments>()
  const begin = async () => (await send('POST', 'sessions')).json<{ session: number }>().session
  const resultsOf = async (...ats: number[]) => {
    const revision = (await assigned()).probes[0]!.revision
    return ats.map((at) => ({ probeId: it.id, revision, at, outcome: 'pass', reason: null, ms: 12, code: 200 }))
  }
  const report = (session: number, batch: number, results: unknown, more: object = {}) =>
    send('POST', 'reports', { session, batch, again: 'no', version: '1', clockMs: 0, results, ...more })
  const checks = async () => (await it.db.selectFrom('checks').selectAll().where('place', '=', 1).execute()).length
  return { ...it, app, token, now, send, assigned, begin, resultsOf, report, checks }
}

interface Sending {
  time: number
  by: number
  signedWith: string
  more: Pick<InjectOptions, 'headers' | 'remoteAddress'>
}

test('a place learns what to check, and only when it changed', async () => {
  const { send, assigned, it, id, change } = await withPlace()
  const first = await send('GET', 'probes')
  expect(first.json()).toMatchObject({ probes: [{ id, kind: 'http', intervalMs: 60_000 }] })
  const more = { headers: { 'if-none-match': String(first.headers['etag']) } }
  expect((await send('GET', 'probes', undefined, { more })).statusCode).toBe(304)
  await it.change(ada, (it) => changeProbe(it, id, { url: 'https://shop.test/other' }))
  expect((await send('GET', 'probes', undefined, { more })).statusCode).toBe(200)
  await change(ada, (it) => choosePlaces(it, id, [0]))
  expect((await assigned()).probes).toEqual([])
})

test('what a place found is its own, and it is heard', async () => {
  const { begin, report, resultsOf, now, db, id, clock } = await withPlace()
  const session = await begin()
  clock.advance('60s')
  const answer = await report(session, 1, await resultsOf(now() - 3000, now() - 2000, now() - 1000), {
    clockMs: 90_000,
    version: '2.0',
  })
  expect(answer.json()).toEqual({ hangs: { [id]: 'no' } })
  expect((await statesOf(db, id)).map(({ place, answers }) => [place, answers.state])).toContainEqual([1, 'up'])
  expect((await listPlaces(db))[1]).toMatchObject({ heardAt: clock.now(), clockMs: 90_000, version: '2.0' })
})

test('a report that is sent twice counts once', async () => {
  const { begin, report, resultsOf, now, checks, clock, db, id } = await withPlace()
  const session = await begin()
  clock.advance('60s')
  const results = await resultsOf(now() - 9000, now() - 5000)
  expect((await report(session, 1, results)).statusCode).toBe(200)
  expect((await report(session, 1, results, { again: 'yes' })).json()).toEqual({ hangs: {} })
  expect(await checks()).toBe(2)
  // As if we had ended after storing it and before noting that: under a new number, and marked as sent before.
  expect((await report(session, 2, results, { again: 'yes' })).statusCode).toBe(200)
  const [state] = (await statesOf(db, id)).filter(({ place }) => place === 1)
  expect(state?.answers.recent).toHaveLength(2)
})

test('a report that can never be stored does not keep all later ones waiting', async () => {
  const { begin, report, resultsOf, now, clock, db, id } = await withPlace()
  const session = await begin()
  clock.advance('10m')
  const [one, two, three, four] = await resultsOf(now() - 4000, now() - 3000, now() - 2000, now() - 1000)
  const failing = [one, two, three].map((result) => ({ ...result, outcome: 'fail', reason: 'timeout' }))
  // Whatever follows from a failure now fails.
  await db.schema.dropTable('probe_mutes').execute()
  const answers: number[] = []
  for (let attempt = 0; attempt < 10; attempt += 1) {
    answers.push((await report(session, 1, failing, { again: attempt === 0 ? 'no' : 'yes' })).statusCode)
  }
  expect(answers).toEqual([...Array.from({ length: 9 }, () => 500), 200])
  expect((await report(session, 2, [four])).statusCode).toBe(200)
  expect((await statesOf(db, id)).find(({ place }) => place === 1)?.last?.outcome).toBe('pass')
})

test('whoever spoke for a place before speaks for it no longer', async () => {
  const { begin, report } = await withPlace()
  const first = await begin()
  const second = await begin()
  const answer = await report(first, 1, [])
  expect(answer.statusCode).toBe(409)
  expect(answer.json()).toMatchObject({ code: 'session' })
  expect((await report(second, 1, [])).statusCode).toBe(200)
})

test('what an older question found, what was not asked, and what lies ahead is not taken as it is', async () => {
  const { begin, report, resultsOf, now, checks, clock, id, change, db } = await withPlace()
  const session = await begin()
  clock.advance('60s')
  const [result] = await resultsOf(now() - 1000)
  await report(session, 1, [
    { ...result, revision: 'older' },
    { ...result, probeId: 'another' },
  ])
  await report(session, 2, [{ ...result, at: now() - 25 * 3_600_000 }])
  expect(await checks()).toBe(0)
  await report(session, 3, [{ ...result, at: now() + 3_600_000 }])
  expect((await statesOf(db, id)).find(({ place }) => place === 1)?.last?.at).toBe(clock.now())
  await change(ada, (it) => choosePlaces(it, id, [0]))
  clock.advance('10s')
  await report(session, 4, [{ ...result, at: now() }])
  expect(await checks()).toBe(1)
})

test('nobody is answered who does not sign, or signs something else, or with another key', async () => {
  const { send, app, now } = await withPlace()
  const unsigned = await app.inject({ url: '/api/places/v1/probes' })
  expect(unsigned.statusCode).toBe(401)
  expect(unsigned.json()).toMatchObject({ code: 'stranger' })
  expect(unsigned.headers[nowHeader]).toBe(String(now()))
  expect((await send('GET', 'probes', undefined, { signedWith: 'x'.repeat(40) })).statusCode).toBe(401)
  expect((await send('GET', 'probes', undefined, { by: 0 })).statusCode).toBe(401)
  expect((await send('GET', 'probes', undefined, { by: 7 })).statusCode).toBe(401)
  expect(JSON.stringify([unsigned.json()])).not.toContain('shop.test')
})

test('a place whose number is no number is a stranger', async () => {
  const { send } = await withPlace()
  for (const by of [1e300, 2 ** 40, -1, 1.5]) {
    expect((await send('GET', 'probes', undefined, { by })).statusCode).toBe(401)
  }
})

test('a reason that nobody knows, and what no database keeps, is not believed', async () => {
  const { begin, report, resultsOf, now, clock, db, id } = await withPlace()
  const session = await begin()
  clock.advance('60s')
  const [result] = await resultsOf(now() - 1000)
  const failing = ['constructor', '__proto__', 'no_such_reason'].map((reason, index) => ({
    ...result,
    at: now() - 30_000 + index * 1000,
    outcome: 'fail',
    reason,
  }))
  expect((await report(session, 1, failing, { version: '1\0<b>' })).statusCode).toBe(200)
  expect((await statesOf(db, id)).find(({ place }) => place === 1)?.last).toMatchObject({
    outcome: 'fail',
    reason: null,
  })
  expect((await listPlaces(db))[1]?.version).toBe('1b')
  expect((await report(session, 1e300, [])).statusCode).toBe(422)
  expect((await report(session, 2, [{ ...result, probeId: '\0' }])).statusCode).toBe(200)
})

test('a request of another time is refused, with the time', async () => {
  const { send, now } = await withPlace()
  for (const time of [now() - 61_000, now() + 61_000]) {
    const answer = await send('GET', 'probes', undefined, { time })
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([401, 'time'])
    expect(answer.headers[nowHeader]).toBe(String(now()))
  }
})

test('whoever was revoked is a stranger at once', async () => {
  const { send, begin, report, change } = await withPlace()
  const session = await begin()
  await change(ada, (it) => revokePlace(it, 1))
  expect((await report(session, 1, [])).json()).toMatchObject({ code: 'stranger' })
  expect((await send('GET', 'probes')).statusCode).toBe(401)
})

test('secrets do not travel in the open', async () => {
  const { send } = await withPlace()
  const open = await send('GET', 'probes', undefined, { more: { remoteAddress: '192.0.2.7' } })
  expect(open.statusCode).toBe(403)
  expect(open.json<{ detail: string }>().detail).toContain('CANDOR_TRUST_PROXY')
})

test('nor by way of a proxy on this machine that nobody trusts', async () => {
  const { send } = await withPlace()
  for (const name of ['x-forwarded-for', 'forwarded', 'via']) {
    const more = { headers: { [name]: '192.0.2.7' } }
    expect((await send('GET', 'probes', undefined, { more })).statusCode).toBe(403)
  }
  expect((await send('GET', 'probes')).statusCode).toBe(200)
})

test('too much at once, too often, and what is no report are refused in words', async () => {
  const { send, begin, report, clock } = await withPlace()
  const session = await begin()
  expect((await send('POST', 'reports', 'x'.repeat(300_000))).statusCode).toBe(413)
  expect((await send('POST', 'reports', 'no json')).json()).toMatchObject({
    detail: 'This is no report.',
    code: 'other',
  })
  expect((await report(session, 1, [{ probeId: 5 }])).statusCode).toBe(422)
  const answers = await Promise.all(Array.from({ length: 130 }, () => send('GET', 'probes')))
  expect(answers.filter(({ statusCode }) => statusCode === 429).length).toBeGreaterThan(0)
  clock.advance('10s')
  expect((await send('GET', 'probes')).statusCode).toBe(200)
  for (let count = 0; count < 20; count += 1) await send('GET', 'probes', undefined, { by: 9 })
  expect((await send('GET', 'probes')).statusCode).toBe(429)
})
