import { expect, test } from 'vitest'
import type { ComponentStatus } from '../../../../src/domain/components/component.ts'
import { type Seen, disagreementOf } from '../../../../src/domain/probes/engine/disagreement.ts'
import type { Settled } from '../../../../src/domain/probes/probe.ts'
import { slowestDetectionSeconds } from '../../../../src/domain/probes/verdicts/time-to-notice.ts'
import { type Instant, later } from '../../../../src/lib/clock.ts'

const noon = '2026-11-21T12:00:00.000Z' as Instant
const before = later(noon, -3600)
const rhythm = { intervalSeconds: 60, timeoutMs: 10_000, failuresNeeded: 3 }

function probe(state: Settled, more: Partial<Seen> = {}): Seen {
  return { ...rhythm, state, since: noon, downStatus: 'major_outage', publishAfterSeconds: 300, ...more }
}

/** What is said since an hour ago. */
const said = (status: ComponentStatus) => ({ status, since: before })

test.each<[ComponentStatus, Settled[], ComponentStatus | null]>([
  ['operational', ['down'], 'major_outage'],
  ['operational', ['slow'], 'degraded_performance'],
  ['operational', ['up', 'slow', 'down'], 'major_outage'],
  ['operational', ['up'], null],
  ['operational', ['unknown'], null],
  ['operational', [], null],
  // Nobody said anything: not measured is not what the probe found.
  ['unknown', ['down'], 'major_outage'],
  ['unknown', ['unknown'], null],
  // How bad it is, people know better.
  ['degraded_performance', ['down'], null],
  ['partial_outage', ['down'], null],
  ['degraded_performance', ['up'], null],
  ['partial_outage', ['up'], 'operational'],
  ['major_outage', ['up', 'up'], 'operational'],
  ['major_outage', ['up', 'unknown'], 'operational'],
  ['major_outage', ['up', 'slow'], null],
  ['major_outage', ['unknown'], null],
  ['under_maintenance', ['down'], null],
  ['under_maintenance', ['up'], null],
])('said to be %s while probes find %j: measured as %s', (status, states, measured) => {
  const found = disagreementOf(
    states.map((state) => probe(state)),
    said(status),
  )
  expect(found?.measured ?? null).toBe(measured)
})

test('readers are told when the probe has been patient, and people had the time in which a draft waits', () => {
  const found = disagreementOf([probe('down')], said('operational'))
  expect(found).toMatchObject({ since: noon, shownFrom: later(noon, slowestDetectionSeconds(rhythm) + 300) })
  const impatient = disagreementOf([probe('down', { publishAfterSeconds: 0 })], said('operational'))
  expect(impatient?.shownFrom).toBe(later(noon, slowestDetectionSeconds(rhythm)))
})

test('of what is said to be over, the time begins anew with that word', () => {
  const resolved = { status: 'operational', since: later(noon, 1800) } as const
  expect(disagreementOf([probe('down')], resolved)?.since).toBe(resolved.since)
})

test('what is well again is believed no sooner than the engine believes it', () => {
  const found = disagreementOf([probe('up')], said('major_outage'))
  expect(found?.shownFrom).toBe(later(noon, slowestDetectionSeconds(rhythm) + 600))
})
