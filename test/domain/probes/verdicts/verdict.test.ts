import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Instant, instantOf } from '../../../../src/lib/clock.ts'
import type { Outcome } from '../../../../src/domain/probes/finding.ts'
import type { ProbeState, Thresholds } from '../../../../src/domain/probes/probe.ts'
import { slowestDetectionSeconds } from '../../../../src/domain/probes/verdicts/time-to-notice.ts'
import {
  afterCheck,
  forgotten,
  freshState,
  isOutOfSight,
  isUnsettled,
  settled,
  settledSince,
} from '../../../../src/domain/probes/verdicts/verdict.ts'

const start = '2026-11-21T12:00:00.000Z' as Instant
const at = (minute: number): Instant => instantOf(Date.parse(start) + minute * 60_000)
const words: Record<string, Outcome> = { p: 'pass', s: 'slow', f: 'fail', i: 'inconclusive' }
const usual = { failuresNeeded: 3, failuresOf: 5, successesNeeded: 3 }

/** The state after these checks, a minute apart. */
function after(text: string, thresholds = usual, state: ProbeState = freshState('p', start)): ProbeState {
  return [...text].reduce(
    (before, letter, minute) =>
      afterCheck(
        before,
        { probeId: 'p', at: at(minute), outcome: words[letter]!, reason: null, ms: 1, code: 200 },
        thresholds,
      ),
    state,
  )
}

test.each([
  // New: both verdicts need as much as ever.
  ['', 'unknown', 'unknown'],
  ['p', 'unknown', 'unknown'],
  ['pp', 'unknown', 'unknown'],
  ['ppp', 'up', 'up'],
  ['f', 'unknown', 'unknown'],
  ['ff', 'unknown', 'unknown'],
  ['fff', 'down', 'down'],
  ['fpfpf', 'down', 'down'],
  ['fppp', 'up', 'up'],
  // Three in a row, or three of five.
  ['pppf', 'suspect', 'up'],
  ['pppff', 'suspect', 'up'],
  ['pppfff', 'down', 'down'],
  ['pppfp', 'suspect', 'up'],
  ['pppfpfpf', 'down', 'down'],
  ['pppffpf', 'down', 'down'],
  ['pppfppp', 'up', 'up'],
  ['pppfppf', 'suspect', 'up'],
  ['pppfppfpp', 'suspect', 'up'],
  ['pppfppfppp', 'up', 'up'],
  // Back up: three in a row, and any failure begins anew.
  ['fffp', 'recovering', 'down'],
  ['fffpp', 'recovering', 'down'],
  ['fffppp', 'up', 'up'],
  ['fffppfpp', 'recovering', 'down'],
  ['fffppfppp', 'up', 'up'],
  // Our own faults count neither way.
  ['iiiiii', 'unknown', 'unknown'],
  ['pppfifif', 'down', 'down'],
  ['pppfiiiip', 'suspect', 'up'],
  ['fffpipip', 'up', 'up'],
  // Slow is up, but too late.
  ['sss', 'up', 'slow'],
  ['pppss', 'up', 'up'],
  ['pppsss', 'up', 'slow'],
  ['sssppp', 'up', 'up'],
  ['sssfff', 'down', 'down'],
  ['sssfffppp', 'up', 'up'],
  ['sssfffsss', 'up', 'slow'],
])('after %s it is %s, and %s is told', (text, state, told) => {
  const it = after(text)
  expect(it.answers.state).toBe(state)
  expect(settled(it)).toBe(told)
})

test.each([
  ['fff', 0],
  ['pppfff', 3],
  ['pppfpfpf', 3],
  ['pppffpf', 3],
  ['pppfppfff', 3],
  ['fffppp', 3],
  ['fffppfppp', 6],
  ['ppp', 0],
  ['pppfppp', 0],
  ['pppsss', 3],
  ['sssfff', 3],
])('after %s the verdict is back-dated to minute %i', (text, minute) => {
  expect(settledSince(after(text))).toBe(at(minute))
})

test('one failure is enough where one is asked for', () => {
  expect(settled(after('pf', { failuresNeeded: 1, failuresOf: 1, successesNeeded: 1 }))).toBe('down')
  expect(settled(after('pfp', { failuresNeeded: 1, failuresOf: 1, successesNeeded: 1 }))).toBe('up')
})

test('a verdict that hangs in the balance is looked into sooner', () => {
  expect(['', 'p', 'pppf', 'fffp', 'ppps'].map((text) => isUnsettled(after(text)))).toEqual([
    true,
    true,
    true,
    true,
    true,
  ])
  expect(['ppp', 'fff', 'pppfppp', 'sss'].map((text) => isUnsettled(after(text)))).toEqual([false, false, false, false])
})

test('what was not looked at for two intervals is not known, and needs as much as a new probe', () => {
  const probe = { intervalSeconds: 60, timeoutMs: 10_000 }
  expect(isOutOfSight(at(0), at(2), probe)).toBe(false)
  expect(isOutOfSight(at(0), at(3), probe)).toBe(true)
  const again = forgotten(after('ppp'), at(9))
  expect(settled(again)).toBe('unknown')
  expect(settled(after('ff', usual, again))).toBe('unknown')
})

test('the longest that a failure can go unnoticed is told', () => {
  expect(slowestDetectionSeconds({ intervalSeconds: 60, timeoutMs: 10_000, failuresNeeded: 3 })).toBe(103)
  expect(slowestDetectionSeconds({ intervalSeconds: 10, timeoutMs: 5000, failuresNeeded: 1 })).toBe(18)
})

const outcome = fc.constantFrom<Outcome>('pass', 'slow', 'fail', 'inconclusive')
const history = fc.array(fc.tuple(outcome, fc.integer({ min: -90, max: 300 })), { maxLength: 60 })
const thresholds = fc
  .record({
    failuresNeeded: fc.integer({ min: 1, max: 5 }),
    more: fc.integer({ min: 0, max: 4 }),
    successesNeeded: fc.integer({ min: 1, max: 5 }),
  })
  .map(({ more, ...needed }) => ({ ...needed, failuresOf: needed.failuresNeeded + more }))

/** Checks whose times sometimes go backwards, as after a change of the clock. */
function checksOf(steps: readonly (readonly [Outcome, number])[]) {
  let seconds = 0
  return steps.map(([word, step]) => {
    seconds += step
    return {
      probeId: 'p',
      at: instantOf(Date.parse(start) + seconds * 1000),
      outcome: word,
      reason: null,
      ms: 1,
      code: 200,
    }
  })
}

test('inconclusive checks never change what is settled', () => {
  fc.assert(
    fc.property(history, thresholds, (steps, needed) => {
      const all = checksOf(steps.map(([word]) => [word, 60] as const))
      const telling = all.filter((check) => check.outcome !== 'inconclusive')
      const fold = (checks: typeof all) =>
        checks.reduce((state, check) => afterCheck(state, check, needed), freshState('p', start))
      expect(fold(all).answers).toEqual(fold(telling).answers)
      expect(fold(all).speed).toEqual(fold(telling).speed)
      expect(fold(all).steadiness).toEqual(fold(telling).steadiness)
    }),
    { numRuns: 10_000 },
  )
})

test('verdicts need their evidence, nothing lies ahead of the last check, and what is kept is bounded', () => {
  fc.assert(
    fc.property(history, thresholds, (steps, needed) => {
      let state = freshState('p', start)
      let run: Outcome[] = []
      for (const check of checksOf(steps)) {
        const next = afterCheck(state, check, needed)
        if (check.outcome !== 'inconclusive') run = [...run, check.outcome]
        const window = run.slice(-needed.failuresOf)
        const [from, to] = [settled(state), settled(next)]
        if (to === 'down' && from !== 'down') {
          expect(window.filter((word) => word === 'fail').length).toBeGreaterThanOrEqual(needed.failuresNeeded)
        }
        if (from === 'down' && to !== 'down') {
          expect(run.slice(-needed.successesNeeded)).not.toContain('fail')
        }
        // A clock that was set back is believed: what lay ahead of it would be refused as still to come.
        expect(next.last?.at).toBe(check.at)
        if (from !== to) expect(settledSince(next) <= check.at).toBe(true)
        expect(next.answers.recent.length).toBeLessThanOrEqual(Math.max(needed.failuresOf, needed.successesNeeded))
        state = next
      }
    }),
    { numRuns: 10_000 },
  )
})

test('replaying the same checks reproduces the same verdicts', () => {
  fc.assert(
    fc.property(history, thresholds, (steps, needed) => {
      const fold = () =>
        checksOf(steps).reduce((state, check) => afterCheck(state, check, needed), freshState('p', start))
      expect(fold()).toEqual(fold())
    }),
    { numRuns: 10_000 },
  )
})

/** What is told one after the other, of checks a minute apart. */
function told(words: readonly Outcome[], needed: Thresholds) {
  const turns: { readonly is: string; readonly since: string }[] = []
  let state = freshState('p', start)
  for (const [minute, outcome] of words.entries()) {
    const before = settled(state)
    const check = { probeId: 'p', at: at(minute), outcome, reason: null, ms: 1, code: 200 }
    state = afterCheck(state, check, needed)
    if (settled(state) !== before) turns.push({ is: settled(state), since: settledSince(state) })
  }
  return { turns, state }
}

// Slowness that showed while a failure was in doubt may lie behind its beginning: the engine begins the one with the other.
const answering = fc.constantFrom<Outcome>('pass', 'fail', 'inconclusive')

test('one thing begins where the other ends: no verdict is dated before the one that it replaces', () => {
  fc.assert(
    fc.property(fc.array(answering, { maxLength: 120 }), thresholds, (words, needed) => {
      const { turns } = told(words, needed)
      for (const [index, turn] of turns.entries()) {
        const before = turns[index - 1]
        if (!before) continue
        expect(turn.is).not.toBe(before.is)
        expect(turn.since >= before.since).toBe(true)
      }
    }),
    { numRuns: 10_000 },
  )
})

test('whatever happened, what stays well for long enough is up: nothing that opens stays open', () => {
  fc.assert(
    fc.property(fc.array(outcome, { maxLength: 80 }), thresholds, (words, needed) => {
      const well = Array.from({ length: 31 + needed.successesNeeded }, (): Outcome => 'pass')
      const { turns, state } = told([...words, ...well], needed)
      expect(settled(state)).toBe('up')
      expect(isUnsettled(state)).toBe(false)
      expect(turns.at(-1)?.is).toBe('up')
    }),
    { numRuns: 10_000 },
  )
})

test('what stays down is down after as many checks as are asked for, whatever was before', () => {
  fc.assert(
    fc.property(fc.array(outcome, { maxLength: 80 }), thresholds, (words, needed) => {
      const dead = Array.from({ length: needed.failuresNeeded }, (): Outcome => 'fail')
      expect(settled(told([...words, ...dead], needed).state)).toBe('down')
    }),
    { numRuns: 10_000 },
  )
})
