import { expect, test } from 'vitest'
import type { CheckDetail, Outcome } from '../../../src/domain/probes/finding.ts'
import type { HttpSpec } from '../../../src/domain/probes/kinds/http.ts'
import { type Runner, runner } from '../../../src/outbound/probing/runner.ts'
import type { ProbeJob } from '../../../src/outbound/probing/wire.ts'

const phases = { dns: 1, connect: 1, tls: null, firstByte: 2, body: 1 }

const detail = (outcome: Outcome): CheckDetail => ({
  outcome,
  reason: outcome === 'fail' ? 'refused' : null,
  ms: 5,
  code: 200,
  phases,
  certificate: null,
  redirects: 0,
})

const job = (id: string, more: Partial<ProbeJob> = {}): ProbeJob => ({
  id,
  kind: 'http',
  expects: { latencyLimitMs: null, assertions: [] },
  spec: { url: `http://${id}.test/` } as HttpSpec,
  timeoutMs: 1000,
  intervalMs: 60_000,
  hangs: 'no',
  ...more,
})

/** A runner whose clocks stand still and whose checks take as long as they are told. */
function scene(finds: (id: string, run: number) => Outcome | Promise<Outcome> = () => 'pass') {
  const begun: { id: string; at: number; lookUp: string; signal: AbortSignal }[] = []
  let wall = 1_800_000_000_000
  let steady = 0
  const it: Runner = runner({
    siteId: 'site',
    wall: () => wall,
    steady: () => steady,
    targetOf: (one) => ('url' in one.spec ? one.spec.url : ''),
    check: async (one, lookUp, signal) => {
      begun.push({ id: one.id, at: wall, lookUp, signal })
      return detail(await finds(one.id, begun.length))
    },
  })
  /** Lets time pass as it does, a tenth of a second at a time. */
  const passes = async (seconds: number): Promise<void> => {
    for (let tenth = 0; tenth < seconds * 10; tenth += 1) {
      wall += 100
      steady += 100
      it.tick()
      await new Promise(setImmediate)
    }
  }
  const jumps = (wallMs: number, steadyMs = 0): void => {
    wall += wallMs
    steady += steadyMs
  }
  return { it, begun, passes, jumps }
}

test('a probe is checked once in each of its slots', async () => {
  const { it, begun, passes } = scene()
  it.setProbes([job('a')])
  await passes(600)
  expect(begun.length).toBeGreaterThanOrEqual(10)
  expect(begun.length).toBeLessThanOrEqual(11)
  const gaps = begun.slice(2).map((run, n) => run.at - begun[n + 1]!.at)
  expect(gaps.every((gap) => Math.abs(gap - 60_000) <= 100)).toBe(true)
})

test('how a check went on its way is told of those alone that a verdict may rest on', async () => {
  const { it, passes } = scene((_id, run) => (run === 3 ? 'fail' : 'pass'))
  it.setProbes([job('a')])
  await passes(240)
  const { results } = it.drain()
  const failure = results.findIndex(({ outcome }) => outcome === 'fail')
  expect(results[failure]?.trace).toEqual({ phases, certificate: null })
  expect(results.slice(0, failure).map(({ trace }) => trace)).toEqual([undefined, undefined])
})

test('a failure is looked into after a quarter of a minute, with a fresh look-up, until it is settled', async () => {
  const { it, begun, passes } = scene(() => 'fail')
  it.setProbes([job('a')])
  await passes(100)
  expect(begun.slice(0, 4).map((run) => run.lookUp)).toEqual(['cached', 'fresh', 'fresh', 'fresh'])
  expect(begun[1]!.at - begun[0]!.at).toBeLessThanOrEqual(15_100)
  it.setHanging({ a: 'no' })
  const before = begun.length
  it.setHanging({ a: 'no' })
  expect(before).toBeGreaterThanOrEqual(6)
})

test('the next check does not begin before the last one ended, and the slot is counted as missed', async () => {
  let end: (outcome: Outcome) => void = () => undefined
  const { it, begun, passes } = scene(() => new Promise((resolve) => (end = resolve)))
  it.setProbes([job('a')])
  await passes(200)
  expect(begun).toHaveLength(1)
  expect(it.drain().overruns).toEqual(['a'])
  end('pass')
  await passes(61)
  expect(begun).toHaveLength(2)
})

test('at most two checks run against one target, and 64 in all', async () => {
  const { it, begun, passes } = scene(() => new Promise(() => undefined))
  const same = { url: 'http://one.test/' } as HttpSpec
  it.setProbes([
    ...Array.from({ length: 10 }, (_, n) => job(`same-${n}`, { spec: same })),
    ...Array.from({ length: 100 }, (_, n) => job(`own-${n}`)),
  ])
  await passes(31)
  expect(begun.filter((run) => run.id.startsWith('same'))).toHaveLength(2)
  expect(begun).toHaveLength(64)
})

test.each([
  ['a jump forwards', 3_600_000, 0],
  ['a jump backwards', -3_600_000, 0],
  ['a sleep', 3_600_000, 3_600_000],
])('%s makes up for nothing: one check soon, then the usual slots', async (_name, wall, steady) => {
  const { it, begun, passes, jumps } = scene()
  it.setProbes(Array.from({ length: 50 }, (_, n) => job(`p${n}`)))
  await passes(61)
  const before = begun.length
  jumps(wall, steady)
  await passes(31)
  const soon = begun.slice(before)
  expect(soon.length).toBeLessThanOrEqual(100)
  const perSecond = Map.groupBy(soon, (run) => Math.floor(run.at / 1000))
  if (steady === 0) expect(Math.max(...[...perSecond.values()].map((runs) => runs.length))).toBeLessThan(15)
})

test.each([
  ['back', -3_600_000],
  ['forwards', 3_600_000],
])('a clock that is set %s while a check is under way delays no later check', async (_name, wall) => {
  let end: (outcome: Outcome) => void = () => undefined
  const { it, begun, passes, jumps } = scene(() => new Promise((resolve) => (end = resolve)))
  it.setProbes([job('a')])
  await passes(61)
  expect(begun).toHaveLength(1)
  jumps(wall)
  await passes(1)
  end('pass')
  await passes(1)
  it.setHanging({ a: 'yes' })
  await passes(61)
  expect(begun.length).toBeGreaterThan(1)
})

test('what was measured while our own loop stood still counts against nobody', async () => {
  let end: (outcome: Outcome) => void = () => undefined
  const { it, passes, jumps } = scene(() => new Promise((resolve) => (end = resolve)))
  it.setProbes([job('a')])
  await passes(60)
  jumps(2000, 2000)
  it.tick()
  end('fail')
  await passes(0.1)
  expect(it.drain().results).toMatchObject([{ outcome: 'inconclusive', reason: 'prober' }])
})

test('a bug in a kind neither ends the runner nor counts against the target', async () => {
  const { it, passes } = scene(() => Promise.reject(new Error('a bug')))
  it.setProbes([job('a')])
  await passes(61)
  expect(it.drain().results[0]).toMatchObject({ outcome: 'inconclusive', reason: 'prober' })
})

test('what an old question finds does not answer the new one', async () => {
  const ends: ((outcome: Outcome) => void)[] = []
  const { it, begun, passes } = scene(() => new Promise((resolve) => ends.push(resolve)))
  it.setProbes([job('a')])
  await passes(60)
  it.setProbes([job('a', { spec: { url: 'http://other.test/' } as HttpSpec })])
  expect(begun[0]!.signal.aborted).toBe(true)
  ends[0]!('fail')
  await passes(0.1)
  expect(it.drain().results).toEqual([])
})

test('when too much waits, what decides nothing is dropped first', async () => {
  const { it, passes } = scene((id) => (id === 'ill' ? 'fail' : 'pass'))
  it.setProbes([
    job('ill', { intervalMs: 10_000 }),
    ...Array.from({ length: 500 }, (_, n) => job(`p${n}`, { intervalMs: 10_000 })),
  ])
  await passes(240)
  const { results } = it.drain()
  expect(results.length).toBe(10_000)
  expect(results.filter((result) => result.probeId === 'ill').length).toBeGreaterThanOrEqual(24)
})

test('after a stop nothing begins, and what hangs is broken off', async () => {
  const { it, begun, passes } = scene(() => new Promise(() => undefined))
  it.setProbes([job('a')])
  await passes(60)
  void it.stop(0)
  await expect.poll(() => begun[0]!.signal.aborted).toBe(true)
  it.setProbes([job('b')])
  await passes(60)
  expect(begun).toHaveLength(1)
})

test('13 (probes.md): waiting in our own queue is not slowness: what a kind measured is what is told', async () => {
  const ends: (() => void)[] = []
  const { it, passes } = scene(() => new Promise((resolve) => ends.push(() => resolve('pass'))))
  const same = { url: 'http://one.test/' } as HttpSpec
  it.setProbes(Array.from({ length: 6 }, (_, n) => job(`same-${n}`, { spec: same })))
  // Two at a time against one target: the others wait for half a minute and more.
  await passes(61)
  for (let turn = 0; turn < 8; turn += 1) {
    ends.shift()?.()
    await passes(10)
  }
  const { results } = it.drain()
  expect(results.length).toBeGreaterThan(3)
  expect(new Set(results.map(({ ms }) => ms))).toEqual(new Set([5]))
})
