import { expect, test } from 'vitest'
import type { Outcome } from '../../../../src/domain/probes/finding.ts'
import type { ProbeState } from '../../../../src/domain/probes/probe.ts'
import { packed, unpacked } from '../../../../src/domain/probes/checks/recent.ts'
import { afterCheck, freshState, settled, settledSince } from '../../../../src/domain/probes/verdicts/verdict.ts'
import { type Instant, instantOf } from '../../../../src/lib/clock.ts'

const start = '2026-11-21T12:00:00.000Z' as Instant
const at = (minute: number): Instant => instantOf(Date.parse(start) + minute * 60_000)
const words: Record<string, Outcome> = { p: 'pass', s: 'slow', f: 'fail', i: 'inconclusive' }
const usual = { failuresNeeded: 3, failuresOf: 5, successesNeeded: 3 }

function after(text: string, maintained = false): ProbeState {
  return [...text].reduce(
    (before, letter, minute) =>
      afterCheck(
        before,
        {
          probeId: 'p',
          at: at(minute),
          outcome: words[letter]!,
          reason: null,
          ms: 1,
          code: 200,
          ...(maintained ? { maintained: 'yes' as const } : {}),
        },
        usual,
      ),
    freshState('p', start),
  )
}

const seldom = 'pppfppppppp'

test.each([
  [`${'p'.repeat(30)}`, 'up'],
  [`${seldom}${seldom}`, 'up'],
  [`${seldom}${seldom}${seldom}`, 'intermittent'],
  // Thirty without a failure end it, not fewer.
  [`${seldom.repeat(3)}${'p'.repeat(22)}`, 'intermittent'],
  [`${seldom.repeat(3)}${'p'.repeat(23)}`, 'up'],
  // It does not become an outage by failing here and there, but by failing in a row.
  [`${seldom.repeat(3)}fpfpf`, 'intermittent'],
  [`${seldom.repeat(3)}fff`, 'down'],
  [`${seldom.repeat(3)}fffppp`, 'intermittent'],
  // What made it down has had its verdict.
  [`${'p'.repeat(10)}${'f'.repeat(20)}ppp`, 'up'],
  [`pppfpfpfppp`, 'up'],
  // Our own faults and slowness are no failures.
  [`ppp${'i'.repeat(40)}`, 'up'],
  [`ppp${'sp'.repeat(20)}`, 'slow'],
])('after %s it is %s', (text, told) => {
  expect(settled(after(text))).toBe(told)
})

test('what comes and goes is back-dated to the first failure that counts, and its end to the first success', () => {
  expect(settledSince(after(seldom.repeat(3)))).toBe(at(3))
  expect(settledSince(after(`${seldom.repeat(3)}${'p'.repeat(23)}`))).toBe(at(26))
})

test('thirty checks fit into twelve letters', () => {
  const { recent } = after('pppfppspppp'.repeat(4)).steadiness
  expect(recent).toBe('pppfppspppp'.repeat(4).slice(-30))
  expect(packed(recent).length).toBeLessThanOrEqual(12)
  expect(unpacked(packed(recent))).toBe(recent)
  expect(unpacked('1')).toBe('')
})

test('what fails while it is worked on says nothing of how steady it is', () => {
  const it = after(seldom.repeat(3), true)
  expect(settled(it)).toBe('up')
  expect(it.steadiness).toEqual(freshState('p', start).steadiness)
  // That it is down is known all the same, so that it can be told once the work is over.
  expect(settled(after('pppfff', true))).toBe('down')
})
