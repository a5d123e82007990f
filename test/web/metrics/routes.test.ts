import parse from 'parse-prometheus-text-format'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { createToken, revokeToken } from '../../../src/domain/accounts/tokens.ts'
import { addPlace } from '../../../src/domain/places/commands.ts'
import { pauseProbe } from '../../../src/domain/probes/commands.ts'
import { listenForMetrics } from '../../../src/web/metrics/listener.ts'
import { handsOut } from '../../domain/deliveries/outbox.ts'
import { ada, watched } from '../../domain/probes/watched.ts'
import { listens } from '../../telling.ts'

async function measured() {
  const it = await watched({ policy: 'draft' })
  const { app, collect } = await it.it.app()
  const { id: tokenId, secret } = await it.change({ kind: 'command', name: 'test' }, (change) =>
    createToken(change, { name: 'Prometheus', scope: 'metrics', expiresInDays: '1' }),
  )
  const asks = (authorization = `Bearer ${secret}`, accept = 'text/plain') =>
    app.inject({ url: '/metrics', headers: { authorization, accept } })
  const families = async () => new Map(parse((await asks()).body).map((family) => [family.name, family]))
  const value = async (name: string, labels: Record<string, string> = {}) =>
    (await families())
      .get(name)
      ?.metrics.find((one) => Object.entries(labels).every(([key, text]) => one.labels?.[key] === text))?.value
  return { ...it, app, collect, tokenId, asks, families, value }
}

test('the numbers are for whoever has a token, as long as it stands', async () => {
  const { asks, app, change, tokenId } = await measured()
  expect((await app.inject({ url: '/metrics' })).statusCode).toBe(401)
  expect((await asks('Bearer candor_something-else')).statusCode).toBe(401)
  const answer = await asks()
  expect([answer.statusCode, answer.headers['cache-control']]).toEqual([200, 'no-store'])
  expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
  await change(ada, (it) => revokeToken(it, tokenId))
  expect((await asks()).statusCode).toBe(401)
})

test('checks are counted by kind, outcome and place, verdicts and incidents by their state', async () => {
  const { finds, value, change, id } = await measured()
  await finds('pppfff')
  expect(await value('candor_checks_total', { kind: 'http', outcome: 'pass', place: '0' })).toBe('3')
  expect(await value('candor_checks_total', { kind: 'http', outcome: 'fail', place: '0' })).toBe('3')
  expect(await value('candor_probes', { state: 'down' })).toBe('1')
  expect(await value('candor_probes', { state: 'up' })).toBe('0')
  expect(await value('candor_incidents', { state: 'draft' })).toBe('1')
  expect(await value('candor_incidents', { state: 'open' })).toBe('0')
  await change(ada, (it) => pauseProbe(it, id))
  expect(await value('candor_probes', { state: 'paused' })).toBe('1')
})

test('how long it took is there, of answers and of storing them', async () => {
  const { finds, families, asks } = await measured()
  await finds('pps')
  expect((await asks()).body).toContain('candor_check_duration_seconds_count{kind="http"} 3')
  expect((await families()).get('candor_flush_duration_seconds')?.metrics[0]?.count).toBe('3')
})

test('places, parts, publication, process and event loop are there', async () => {
  const { families, value, change, db, clock, it } = await measured()
  await (await it.app()).publication.refresh()
  await change(ada, (it) => addPlace(it, { name: 'Lis "bon"' }))
  await db
    .updateTable('places')
    .set({ heard_at: clock.now(), clock_ms: -1500, version: '2.0' })
    .where('number', '=', 1)
    .execute()
  const all = await families()
  expect(all.get('candor_place_info')?.metrics[0]?.labels).toEqual({ place: '1', name: 'Lis "bon"', version: '2.0' })
  expect(await value('candor_place_clock_offset_seconds', { place: '1' })).toBe('-1.5')
  expect(Number(await value('candor_publication_documents'))).toBeGreaterThan(5)
  expect(Number(await value('candor_publication_bytes'))).toBeGreaterThan(1000)
  expect(Number(await value('candor_publication_timestamp_seconds'))).toBe(Date.parse(clock.now()) / 1000)
  for (const name of ['process_resident_memory_bytes', 'process_cpu_seconds_total', 'nodejs_eventloop_lag_p99_seconds'])
    expect(Number(await value(name))).toBeGreaterThanOrEqual(0)
  expect([...all.keys()].filter((name) => name.startsWith('candor_part_healthy'))).toHaveLength(1)
})

test('deliveries are counted by channel and outcome, with what waits and for how long', async () => {
  const { it, value, clock } = await measured()
  await listens(it, 'ada')
  await handsOut(it, { to: ['ada'] })
  it.deliveryMeters.outcomes.add({ channel: 'email', outcome: 'accepted' }, 3)
  clock.advance('40s')
  expect(await value('candor_deliveries_total', { channel: 'email', outcome: 'accepted' })).toBe('3')
  expect(await value('candor_deliveries_waiting', { channel: 'email' })).toBe('1')
  expect(await value('candor_deliveries_longest_wait_seconds')).toBe('40')
  expect(await value('candor_deliveries_broken_destinations')).toBe('0')
})

test('names say their units, stand once, and no probe and no component is named', async () => {
  const { asks, finds } = await measured()
  await finds('ppp')
  const text = (await asks()).body
  const all = parse(text)
  const names = all.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  for (const { name, type, help } of all) {
    expect(name).toMatch(/^(candor|process|nodejs)_[a-z0-9_]+$/)
    expect(help).toMatch(/^[A-Z].*\.$/)
    expect(name.endsWith('_total')).toBe(type === 'COUNTER')
    // Base units, as Prometheus wants them.
    expect(name).not.toMatch(/_(ms|milliseconds|kb|mb|percent|minutes)(_|$)/)
  }
  expect(text).not.toMatch(/Search|shop\.test|id\d/)
})

test('Prometheus of today gets OpenMetrics', async () => {
  const { asks } = await measured()
  const answer = await asks(undefined, 'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.3')
  expect(answer.headers['content-type']).toContain('application/openmetrics-text; version=1.0.0')
  expect(answer.body.endsWith('\n# EOF\n')).toBe(true)
})

test('a door of its own needs no token, and opens nothing else', async () => {
  const { collect } = await measured()
  const door = await listenForMetrics({ host: '127.0.0.1', port: 0 }, collect, pino({ level: 'silent' }))
  onTestFinished(() => door.close())
  const url = `http://127.0.0.1:${door.address.port}`
  const answer = await fetch(`${url}/metrics`)
  expect(answer.status).toBe(200)
  expect(parse(await answer.text()).length).toBeGreaterThan(20)
  for (const path of ['/', '/admin', '/metrics/x']) expect((await fetch(url + path)).status).toBe(404)
  expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(404)
})
