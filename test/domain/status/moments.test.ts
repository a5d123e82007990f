import { expect, test } from 'vitest'
import { asOfNow, nextMoment } from '../../../src/domain/status/moments.ts'
import { at } from '../../sample-snapshot.ts'

test.each([
  ['the whole minute, when nothing happened in it', '12:00:41.250', '11:20:00.000', [], '12:00:00.000'],
  ['the last event, when that came after', '12:00:41.250', '12:00:03.120', [], '12:00:03.120'],
  ['a promise that has fallen due since', '12:00:41.250', '12:00:03.120', ['12:00:30.000'], '12:00:30.000'],
  ['nothing that is still to come', '12:00:41.250', '12:00:03.120', ['12:00:50.000'], '12:00:03.120'],
  ['an event of a machine whose clock is ahead', '12:00:41.250', '12:00:43.000', [], '12:00:43.000'],
])('it is true at %s', (_, now, event, moments, expected) => {
  expect(asOfNow(day(now), day(event), moments.map(day))).toBe(day(expected))
})

test('it is read again at the next minute, or when something known beforehand comes first', () => {
  expect(nextMoment(day('12:00:00.000'), [])).toBe(day('12:01:00.000'))
  expect(nextMoment(day('12:00:03.120'), [day('12:00:03.120'), day('12:00:30.000')])).toBe(day('12:00:30.000'))
})

function day(time: string) {
  return at(`2026-11-21T${time}Z`)
}
