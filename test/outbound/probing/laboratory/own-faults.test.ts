import { expect, test } from 'vitest'
import { type Line, ownLine } from '../../../../src/outbound/probing/own-line.ts'
import { laboratory } from './bench.ts'

/** Everything that goes wrong on our own side, on the whole way of a check: none of it makes a single "down". */

test.each([
  ['the clock is set forward by an hour', { wall: 3_600_000, steady: 0 }],
  ['the clock is set back by an hour', { wall: -3_600_000, steady: 0 }],
  ['the loop is blocked for two seconds', { wall: 2000, steady: 2000 }],
  ['the process is stopped for a minute', { wall: 60_000, steady: 60_000 }],
  ['the machine sleeps for an hour', { wall: 3_600_000, steady: 0 }],
])('%s, in the middle of checks that then run out of time', async (_name, jump) => {
  const it = await laboratory(20)
  await it.passes(150)
  expect((await it.types()).filter((type) => type === 'probe.verdict')).toHaveLength(20)
  for (let time = 0; time < 3; time += 1) {
    // Whatever is under way now ends in a failure that is ours.
    it.meets('timeout')
    await it.passes(9)
    it.jumps(jump)
    await it.settle()
    it.meets('answer')
    await it.passes(60)
  }
  await it.passes(120)
  expect(await it.downs()).toBe(0)
  // It did meet checks under way, and they count for nothing.
  const ours = await it.it.db.selectFrom('checks').select('t').where('outcome', '=', 3).execute()
  expect(ours.length).toBeGreaterThan(0)
  expect((await it.types()).filter((type) => type.startsWith('incident.'))).toEqual([])
})

test('after a minute of standstill each probe is checked once soon, spread, and no slot is made up for', async () => {
  const it = await laboratory(20)
  await it.passes(120)
  it.jumps({ wall: 60_000, steady: 60_000 })
  const before = it.checks.length
  const woke = Date.parse(it.it.clock.now())
  await it.passes(31)
  const soon = it.checks.slice(before)
  expect(new Set(soon.map(({ id }) => id)).size).toBe(20)
  expect(soon.length).toBeLessThanOrEqual(40)
  const perSecond = Map.groupBy(soon, ({ at }) => Math.floor((at - woke) / 1000))
  expect(Math.max(...[...perSecond.values()].map((those) => those.length))).toBeLessThan(10)
})

test('what is slow while our own thread is out of breath is not held against the target', async () => {
  const it = await laboratory()
  await it.passes(150)
  it.strained(true)
  it.meets('latency')
  await it.passes(100)
  const verdicts = await it.it.db.selectFrom('events').select('data').where('type', '=', 'probe.verdict').execute()
  expect(verdicts.map(({ data }) => (JSON.parse(data) as { to: string }).to)).not.toContain('slow')
})

/** A line whose canaries sing until it is cut. */
function line() {
  let isCut = false
  let asked = 0
  const own = ownLine({
    canaries: ['a', 'b', 'c'],
    sings: () => {
      asked += 1
      return Promise.resolve(!isCut)
    },
    namesAnswer: () => Promise.resolve(!isCut),
    steady: () => asked * 10_000,
  })
  return {
    cut: () => void (isCut = true),
    heal: () => void (isCut = false),
    weigh: (): Promise<Line> => own.weigh('quickly'),
  }
}

test('our own line is cut: nothing is down, then nothing is known, and afterwards all is as before', async () => {
  const own = line()
  const it = await laboratory(6, own.weigh)
  await it.passes(150)
  own.cut()
  it.meets('timeout')
  await it.passes(400)
  expect(await it.downs()).toBe(0)
  expect(await it.status()).toBe('unknown')
  own.heal()
  it.meets('answer')
  await it.passes(200)
  expect(await it.downs()).toBe(0)
  expect(await it.status()).toBe('operational')
  expect(await it.incidents()).toEqual([])
})

test('the others are gone while our line works: that is an outage, however many they are, and one incident', async () => {
  const it = await laboratory(6, line().weigh)
  await it.passes(150)
  it.meets('timeout')
  await it.passes(120)
  expect(await it.downs()).toBe(6)
  expect(await it.incidents()).toHaveLength(1)
})
