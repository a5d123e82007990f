import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { buildApp } from '../../../src/app.ts'
import { addPlace, revokePlace } from '../../../src/domain/places/commands.ts'
import { trustPlace } from '../../../src/domain/places/trusting.ts'
import { listPlaces } from '../../../src/domain/places/queries.ts'
import { readState } from '../../../src/domain/probes/verdicts/states.ts'
import { settled } from '../../../src/domain/probes/verdicts/verdict.ts'
import { readVerdict } from '../../../src/domain/probes/verdicts/verdicts.ts'
import { instantOf } from '../../../src/lib/clock.ts'
import { startAgent } from '../../../src/outbound/probing/agent.ts'
import { readToken } from '../../../src/outbound/probing/place-wire.ts'
import { liveWorld, service, until, watches } from './live.ts'
import { listening, startAgentProcess, wireTo } from './place.ts'

const ada = { kind: 'operator', id: 'ada', name: 'Ada' } as const

/** A page that checks here, and a place that may check for it too. */
async function withPlace() {
  const it = await liveWorld()
  const port = await listening(it)
  const wire = await wireTo(port)
  const { token } = await it.change(ada, (change) => addPlace(change, { name: 'Lisbon' }))
  await it.change({ kind: 'setup' }, (change) => trustPlace(change, 1))
  const stateThere = async (probeId: string) => {
    const state = await readState(it.db, probeId, 1)
    return state && settled(state)
  }
  const verdict = async (probeId: string) => (await readVerdict(it.db, probeId))?.state
  const checksThere = async () =>
    (await it.db.selectFrom('checks').select('t').where('place', '=', 1).orderBy('t').execute()).map(({ t }) => t)
  return { ...it, it, wire, token, stateThere, verdict, checksThere }
}

test('two places check; one that is cut off is not measured there, and what it found meanwhile arrives', async () => {
  const { it, wire, token, stateThere, verdict, checksThere } = await withPlace()
  const shop = await service()
  const headers = [{ name: 'authorization', value: 'Bearer canary-7f3a91' }]
  const { probeId } = await watches(it, 'Shop', { url: shop.url, headers })
  const agent = startAgentProcess(wire.url, token, { CANDOR_LOG_LEVEL: 'trace' })
  await until('it is up from there as well', async () => (await stateThere(probeId)) === 'up')
  expect((await listPlaces(it.db))[1]?.heardAt).toBeTypeOf('string')

  wire.cut()
  const cutAt = Date.now()
  await until('ten seconds went by', () => Date.now() - cutAt > 10_000)
  await until('it is not measured there', async () => (await stateThere(probeId)) === 'unknown')
  expect(await verdict(probeId)).toBe('up')
  const before = await checksThere()

  wire.mend()
  await until('it is heard again', async () => (await stateThere(probeId)) === 'up')
  const arrived = (await checksThere()).slice(before.length)
  // Made while nobody heard it, a second apart, and dated by when they were made.
  const first = Math.floor(cutAt / 1000) + 3
  expect(arrived[0]).toBeLessThanOrEqual(first + 2)
  expect(arrived.filter((t) => t >= first && t < first + 10).length).toBeGreaterThan(7)

  shop.dies()
  await until('both find it down', async () => (await verdict(probeId)) === 'down')
  agent.child.kill('SIGTERM')
  expect(await agent.ended).toBe(0)
  expect(agent.said()).not.toContain(readToken(token)!.key)
  expect(agent.said()).not.toContain('canary-7f3a91')
})

test('an agent that is killed is started again and goes on; a revoked one ends and says why', async () => {
  const { it, wire, token, stateThere, checksThere } = await withPlace()
  const shop = await service()
  const { probeId } = await watches(it, 'Shop', { url: shop.url })
  const first = startAgentProcess(wire.url, token)
  await until('it is up from there', async () => (await stateThere(probeId)) === 'up')
  first.child.kill('SIGKILL')
  await first.ended
  const before = (await checksThere()).length
  const second = startAgentProcess(wire.url, token)
  await until('it checks again', async () => (await checksThere()).length > before + 2)
  expect((await it.db.selectFrom('places').select('session').where('number', '=', 1).executeTakeFirst())?.session).toBe(
    2,
  )
  await it.change(ada, (change) => revokePlace(change, 1))
  expect(await second.ended).toBe(1)
  expect(second.said()).toContain('refuses this place')
  await until('what it knew does not count', async () => (await stateThere(probeId)) === 'unknown')
})

test('a server that is started again is found again, and nothing is lost or counted twice', async () => {
  const { it, wire, token, stateThere, checksThere } = await withPlace()
  const shop = await service()
  const { probeId } = await watches(it, 'Shop', { url: shop.url })
  startAgentProcess(wire.url, token)
  await until('it is up from there', async () => (await stateThere(probeId)) === 'up')
  const old = await it.app()
  await old.app.close()
  const next = await buildApp(it)
  onTestFinished(() => next.app.close())
  await next.app.listen({ port: 0, host: '127.0.0.1' })
  const stopped = (await checksThere()).length
  wire.leadsTo((next.app.server.address() as { port: number }).port)
  await until('it reports again', async () => (await checksThere()).length > stopped + 4)
  const seconds = await checksThere()
  expect(new Set(seconds).size).toBe(seconds.length)
  expect(Math.max(...seconds.slice(1).map((t, index) => t - seconds[index]!))).toBeLessThanOrEqual(3)
})

test('a clock that is an hour ahead is told, and dates nothing', async () => {
  const { it, wire, token, stateThere } = await withPlace()
  const shop = await service()
  const { probeId } = await watches(it, 'Shop', { url: shop.url })
  const lines: string[] = []
  const agent = startAgent({
    server: new URL(wire.url),
    ...readToken(token)!,
    version: 'test',
    config: { ...it.config, dnsServers: [], canaries: [] },
    clock: { now: () => instantOf(Date.now() + 3_600_000) },
    log: pino({ level: 'info' }, { write: (line: string) => void lines.push(line) }),
  })
  onTestFinished(() => agent.stop())
  await until('it is up from there', async () => (await stateThere(probeId)) === 'up')
  const { last } = (await readState(it.db, probeId, 1))!
  expect(Math.abs(Date.parse(last!.at) - Date.now())).toBeLessThan(6000)
  await until('its clock is known', async () => ((await listPlaces(it.db))[1]?.clockMs ?? 0) > 3_590_000)
  expect(lines.join('')).toContain('s ahead')
})
