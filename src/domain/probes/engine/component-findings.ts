import type { Db } from '../../../database/database.ts'
import type { ComponentStatus } from '../../components/component.ts'
import { type ComponentRule, type Finding, measuredStatus, readRule } from '../verdicts/component-rule.ts'
import type { Probe, Settled } from '../probe.ts'
import { isProven } from '../verdicts/proven.ts'

interface Measured {
  readonly rule: ComponentRule
  readonly findings: readonly Finding[]
}

/**
 * Where what was never found well counts, too: everywhere, or in the incident that it went into; null: in none. Nothing
 * that is published by itself may rest on it.
 */
type Doubted = 'everywhere' | { readonly within: string | null }

/** What the probes of these components find that have something to say, and by which rule it counts. */
async function findingsOf(db: Db, components: readonly string[], doubted: Doubted): Promise<Map<string, Measured>> {
  if (components.length === 0) return new Map()
  const rules = await db
    .selectFrom('components')
    .select(['id', 'measured_rule'])
    .where('id', 'in', components)
    .execute()
  const rows = await db
    .selectFrom('probes')
    .leftJoin('probe_verdicts', 'probe_verdicts.probe_id', 'probes.id')
    .select(['probes.id', 'probes.component_id', 'probes.paused_at', 'probes.down_status'])
    .select(['probe_verdicts.state', 'probe_verdicts.incident_id'])
    .where('probes.component_id', 'in', components)
    .where('probes.removed_at', 'is', null)
    .where('probes.policy', '!=', 'off')
    .orderBy('probes.id')
    .execute()
  const silent = new Set<string>()
  for (const { id, state, incident_id: incident } of rows) {
    if (state !== 'down' || doubted === 'everywhere' || (incident !== null && incident === doubted.within)) continue
    if (!(await isProven(db, id))) silent.add(id)
  }
  return new Map(
    rules.map(({ id, measured_rule: rule }) => [
      id,
      {
        rule: readRule(rule) ?? 'any',
        findings: rows
          .filter((row) => row.component_id === id)
          .map((row) => ({
            state: row.paused_at === null && !silent.has(row.id) ? ((row.state ?? 'unknown') as Settled) : 'unknown',
            downStatus: row.down_status as Probe['downStatus'],
          })),
      },
    ]),
  )
}

/** What the probes of a component amount to, by its rule. */
export async function measuredNow(db: Db, component: string, doubted: Doubted): Promise<ComponentStatus> {
  const found = (await findingsOf(db, [component], doubted)).get(component)
  return found ? measuredStatus(found.rule, found.findings) : 'unknown'
}

/**
 * The components of an incident that are not known to be well. A probe that was removed meanwhile found nothing better:
 * unless another one does, only a person can say that its component is well.
 */
export async function failingComponents(db: Db, incidentId: string): Promise<Set<string>> {
  const own = await db
    .selectFrom('probe_verdicts')
    .innerJoin('probes', 'probes.id', 'probe_verdicts.probe_id')
    .select(['probes.component_id', 'probes.removed_at', 'probe_verdicts.state'])
    .where('probe_verdicts.incident_id', '=', incidentId)
    .where('probe_verdicts.state', '!=', 'up')
    .execute()
  const doubtful = [...new Set(own.map(({ component_id: id }) => id))]
  const measured = await findingsOf(db, doubtful, { within: incidentId })
  return new Set(
    doubtful.filter((id) => {
      const { rule = 'any', findings = [] } = measured.get(id) ?? {}
      const mine = own.filter((one) => one.component_id === id)
      const isUnknown = mine.some((one) => one.removed_at === null && one.state === 'unknown')
      const isLost = mine.some((one) => one.removed_at !== null) && !findings.some(({ state }) => state === 'up')
      return isUnknown || isLost || measuredStatus(rule, findings) !== 'operational'
    }),
  )
}
