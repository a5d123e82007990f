import type { ComponentStatus } from '../../components/component.ts'
import type { Probe, Settled } from '../probe.ts'

/** How many of a component's probes must fail until it does: `any`, `all`, or so many. */
export type ComponentRule = 'any' | 'all' | number

/** Reads what stands in the database and in forms; null: it is no rule. */
export function readRule(text: string): ComponentRule | null {
  if (text === 'any' || text === 'all') return text
  return /^[1-9]\d?$/.test(text) ? Number(text) : null
}

/** What one of its probes found. What is not known says nothing. */
export interface Finding {
  readonly state: Settled
  readonly downStatus: Probe['downStatus']
}

/**
 * What the probes of a component say together; `unknown` where none of them knows anything. A rule that asks for more
 * probes than know something is content with all of those.
 */
export function measuredStatus(rule: ComponentRule, findings: readonly Finding[]): ComponentStatus {
  const known = findings.filter(({ state }) => state !== 'unknown')
  if (known.length === 0) return 'unknown'
  const statuses = known.map(statusOf).toSorted((a, b) => gravity.indexOf(b) - gravity.indexOf(a))
  // The n-th worst: as bad as so many of them find it, or worse.
  return statuses[enoughOf(rule, known.length) - 1] ?? 'operational'
}

/** Whether what this many of so many probes find is what their component suffers. */
export function isEnough(rule: ComponentRule, failing: number, known: number): boolean {
  return known > 0 && failing >= enoughOf(rule, known)
}

function enoughOf(rule: ComponentRule, known: number): number {
  return rule === 'any' ? 1 : rule === 'all' ? known : Math.min(rule, known)
}

const gravity: readonly ComponentStatus[] = ['operational', 'degraded_performance', 'partial_outage', 'major_outage']

function statusOf({ state, downStatus }: Finding): ComponentStatus {
  if (state === 'down') return downStatus
  return state === 'slow' || state === 'intermittent' ? 'degraded_performance' : 'operational'
}
