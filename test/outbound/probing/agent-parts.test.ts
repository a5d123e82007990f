import fc from 'fast-check'
import { expect, test } from 'vitest'
import { agentBuffer } from '../../../src/outbound/probing/agent-buffer.ts'
import { serverClock } from '../../../src/outbound/probing/agent-clock.ts'
import { readToken, revisionOf } from '../../../src/outbound/probing/place-wire.ts'

test('a full buffer loses the oldest, and never the newest of a probe', () => {
  const buffer = agentBuffer<{ probeId: string; n: number }>(10)
  buffer.put([{ probeId: 'rare', n: 0 }])
  buffer.put(Array.from({ length: 10 }, (_, n) => ({ probeId: 'often', n: n + 1 })))
  expect(buffer.first(20).map(({ probeId, n }) => `${probeId}${n}`)).toEqual([
    'rare0',
    'often3',
    'often4',
    'often5',
    'often6',
    'often7',
    'often8',
    'often9',
    'often10',
  ])
  expect(buffer.lost).toBe(2)
})

test('whatever comes, a buffer stays within its bound and in order, as long as there are fewer probes than room', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(8), { maxLength: 300 }), (probes) => {
      const buffer = agentBuffer<{ probeId: string; n: number }>(20)
      probes.forEach((probe, n) => buffer.put([{ probeId: String(probe), n }]))
      const kept = buffer.first(1000)
      expect(kept.length).toBeLessThanOrEqual(20)
      expect(kept.map(({ n }) => n)).toEqual(kept.map(({ n }) => n).toSorted((a, b) => a - b))
      for (const probe of new Set(probes)) expect(kept.map(({ n }) => n)).toContain(probes.lastIndexOf(probe))
      expect(kept.length + buffer.lost).toBe(probes.length)
    }),
  )
})

test('the server’s clock is known by the quickest answer of a minute, and follows when it is set', () => {
  const clock = serverClock()
  expect(clock.at(0)).toBeNull()
  clock.heard(1_000_500, 0, 1000)
  expect(clock.at(1000)).toBe(1_001_000)
  // Twice as quick, and so twice as sure.
  clock.heard(1_002_200, 2000, 2200)
  expect(clock.at(2200)).toBe(1_002_300)
  clock.heard(1_003_900, 3000, 4000)
  expect(clock.at(4000)).toBe(1_004_100)
  clock.heard(4_603_900, 5000, 5010)
  expect(clock.at(5010)).toBe(4_603_905)
  clock.forget()
  expect(clock.at(5010)).toBeNull()
})

test('a token says its number; nothing else is one', () => {
  const key = 'k'.repeat(43)
  expect(readToken(` candor_place_12_${key}\n`)).toEqual({ number: 12, key })
  for (const text of ['', key, `candor_${key}`, `candor_place_x_${key}`, 'candor_place_1_short']) {
    expect(readToken(text)).toBeNull()
  }
})

test('another question has another revision', () => {
  const question = { kind: 'http', spec: { url: 'https://a.test' }, expects: {}, timeoutMs: 100 } as never
  const other = { kind: 'http', spec: { url: 'https://b.test' }, expects: {}, timeoutMs: 100 } as never
  expect(revisionOf(question)).toBe(revisionOf({ ...(question as object) } as never))
  expect(revisionOf(question)).not.toBe(revisionOf(other))
})
