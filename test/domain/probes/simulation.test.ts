import { expect, test } from 'vitest'
import {
  averageDetectionSeconds,
  intermittentDetectionSeconds,
  slowestDetectionSeconds,
} from '../../../src/domain/probes/verdicts/time-to-notice.ts'
import { settled } from '../../../src/domain/probes/verdicts/verdict.ts'
import { type Rhythm, chance, checked, incidentsPerDay, pauseAfter, usual, wellAt } from './simulated.ts'

const minutely: Rhythm = { intervalSeconds: 60, thresholds: usual }

/** The best row of the table in the design: 3 of 5, 5 successes, half an hour to reopen. Days are many enough to tell. */
test.each([
  [0.002, 60, 0],
  [0.01, 250, 0.008],
  [0.05, 60, 0.9],
  [0.2, 30, 14],
  [0.5, 60, 0.05],
  // The one that is true, of something that is broken from the first day on.
  [0.8, 300, 0.005],
])('a target of whose checks %f fail opens no more incidents than the best policy known', (share, days, most) => {
  const { opened, reopened } = incidentsPerDay(share, days, minutely, chance(7))
  expect(opened).toBeLessThanOrEqual(most)
  expect(reopened).toBeLessThanOrEqual(1)
})

/** Everything from the end of the last good check to the verdict, as the runner and the main thread do it. */
function noticedAfter(rhythm: Rhythm, timeoutSeconds: number, random: () => number): number {
  let state = wellAt(0, rhythm)
  // It dies at any time after a good check, and each check lasts as long as its kind of failure takes.
  const died = random() * rhythm.intervalSeconds
  const lasts = random() < 0.5 ? timeoutSeconds : random() * timeoutSeconds
  let now = rhythm.intervalSeconds
  for (;;) {
    // A tick late, handed over once a second, and weighed.
    state = checked(state, now, 'fail', rhythm.thresholds)
    const known = now + lasts + random() + (random() < 0.1 ? 1.5 : 0)
    if (settled(state) === 'down') return known - died
    now += pauseAfter(state, rhythm, lasts)
  }
}

test('a hard outage is noticed within the time that is printed, ten thousand times out of ten thousand', () => {
  const random = chance(11)
  const intervals = [10, 20, 30, 60, 120, 300, 3600]
  const taken: number[] = []
  const promised: number[] = []
  for (let outage = 0; outage < 10_000; outage += 1) {
    const intervalSeconds = intervals[outage % intervals.length]!
    const failuresNeeded = 1 + (outage % 5)
    const timeoutMs = Math.min(10_000, intervalSeconds * 500)
    const thresholds = { failuresNeeded, failuresOf: failuresNeeded + (outage % 4), successesNeeded: 3 }
    const after = noticedAfter({ intervalSeconds, thresholds }, timeoutMs / 1000, random)
    const probe = { intervalSeconds, timeoutMs, failuresNeeded }
    expect(after).toBeLessThanOrEqual(slowestDetectionSeconds(probe))
    taken.push(after)
    promised.push(averageDetectionSeconds(probe))
  }
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
  // The average is one for failures that take the whole time limit, so it promises a little too much, never too little.
  expect(mean(taken)).toBeLessThanOrEqual(mean(promised))
  expect(mean(taken)).toBeGreaterThan(mean(promised) * 0.9)
})

test('of several places the average is that of the one that completes a majority', () => {
  const random = chance(13)
  const probe = { intervalSeconds: 60, timeoutMs: 10_000, failuresNeeded: 3 }
  for (const places of [1, 2, 3, 5]) {
    let sum = 0
    for (let outage = 0; outage < 2000; outage += 1) {
      const each = Array.from({ length: places }, () => random() * 60 + 2 * 15 + 10).toSorted((a, b) => a - b)
      sum += each[Math.floor(places / 2)]!
    }
    expect(sum / 2000 + 3).toBeGreaterThan(averageDetectionSeconds(probe, places) - 2)
    expect(sum / 2000 + 3).toBeLessThan(averageDetectionSeconds(probe, places) + 2)
  }
})

test('what fails every tenth time is known to come and go within the time that is printed', () => {
  let state = wellAt(0, minutely)
  let now = 0
  for (let check = 1; settled(state) !== 'intermittent'; check += 1) {
    now += pauseAfter(state, minutely, 0)
    state = checked(state, now, check % 10 === 1 ? 'fail' : 'pass', usual)
  }
  expect(now).toBeLessThanOrEqual(intermittentDetectionSeconds(minutely))
})
