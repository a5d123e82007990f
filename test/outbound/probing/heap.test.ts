import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findings } from '../../../src/outbound/probing/findings.ts'
import { heap } from '../../../src/outbound/probing/heap.ts'
import { quantile, recorder } from '../../../src/outbound/probing/histogram.ts'
import { Queue } from '../../../src/outbound/probing/queue.ts'

test('a heap gives back in order what was put in, in whatever order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 })), (times) => {
      const due = heap<number>()
      times.forEach((at, index) => due.put(at, index))
      const taken: number[] = []
      for (let next = due.take(); next; next = due.take()) {
        expect(times[next.item]).toBe(next.at)
        taken.push(next.at)
      }
      expect(taken).toEqual(times.toSorted((a, b) => a - b))
    }),
    { numRuns: 10_000 },
  )
})

test('a queue gives back what came first, however often it is filled and emptied', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 200 }), (steps) => {
      const queue = new Queue<number>()
      const model: number[] = []
      steps.forEach((puts, index) => {
        if (puts) {
          queue.put(index)
          model.push(index)
        } else expect(queue.take()).toBe(model.shift())
        expect(queue.size).toBe(model.length)
      })
      expect(queue.takeAll()).toEqual(model)
      expect(queue.size).toBe(0)
    }),
    { numRuns: 10_000 },
  )
})

test('what decides nothing is dropped first, and what does never is', () => {
  const found = findings()
  const one = (at: number, counts: boolean) =>
    found.put({ probeId: 'p', at, outcome: 'pass', reason: null, ms: 1, code: 200, counts })
  for (let at = 0; at < 12_000; at += 1) one(at, at % 4 === 0)
  expect(found.size).toBe(10_000)
  expect(found.dropped).toBe(2000)
  for (let at = 12_000; at < 30_000; at += 1) one(at, true)
  const all = found.takeAll()
  expect(all.filter(({ counts }) => counts)).toHaveLength(3000 + 18_000)
  expect(all.every(({ at }, index) => index === 0 || at > all[index - 1]!.at)).toBe(true)
})

test('a quantile is told by the bound below which it lies', () => {
  const times = recorder()
  expect(quantile(times.read(), 0.5)).toBeNull()
  for (let ms = 1; ms <= 100; ms += 1) times.add(ms)
  expect(quantile(times.read(), 0.5)).toBe(50)
  expect(quantile(times.read(), 0.99)).toBe(100)
  times.add(200_000)
  expect(quantile(times.read(), 1)).toBe(200_000)
})
