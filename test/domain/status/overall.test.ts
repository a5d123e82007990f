import { expect, test } from 'vitest'
import type { ComponentStatus } from '../../../src/domain/components/component.ts'
import { overall } from '../../../src/domain/status/overall.ts'

const o = 'operational'
const u = 'unknown'
const m = 'under_maintenance'
const d = 'degraded_performance'
const p = 'partial_outage'
const x = 'major_outage'

test.each<[string, ComponentStatus[], string, string]>([
  ['there is nothing', [], 'unknown', 'All Systems Operational'],
  ['the only one works', [o], 'none', 'All Systems Operational'],
  ['the only one was not measured', [u], 'unknown', 'All Systems Operational'],
  ['the only one is in maintenance', [m], 'maintenance', 'Service Under Maintenance'],
  ['the only one is degraded', [d], 'minor', 'Degraded System Service'],
  ['the only one is partly down', [p], 'major', 'Partial System Outage'],
  ['the only one is down', [x], 'critical', 'Major System Outage'],
  ['all work', [o, o, o], 'none', 'All Systems Operational'],
  ['one was not measured', [o, u, o], 'unknown', 'All Systems Operational'],
  ['one was not measured, one is in maintenance', [o, u, m], 'maintenance', 'Service Under Maintenance'],
  ['all are down', [x, x], 'critical', 'Major System Outage'],
  ['one of many is down', [x, o, o], 'major', 'Partial System Outage'],
  ['down outweighs the others', [x, p, d, m, u, o], 'major', 'Partial System Outage'],
  ['some are partly down', [p, p, o], 'minor', 'Minor Service Outage'],
  ['all are partly down', [p, p], 'minor', 'Minor Service Outage'],
  ['partly down outweighs degraded', [p, d], 'minor', 'Minor Service Outage'],
  ['all are degraded', [d, d], 'minor', 'Degraded System Service'],
  ['one is degraded', [d, o, u], 'minor', 'Partially Degraded Service'],
  ['degraded outweighs maintenance', [d, m], 'minor', 'Partially Degraded Service'],
  ['one is in maintenance', [m, o], 'maintenance', 'Service Under Maintenance'],
])('the site as a whole when %s', (_, leaves, state, description) => {
  expect(overall(leaves)).toEqual({ state, description })
})
