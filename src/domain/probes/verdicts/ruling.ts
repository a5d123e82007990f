import type { Db } from '../../../database/database.ts'
import { Invalid, NotFound } from '../../../lib/errors.ts'
import type { Change } from '../../changes/change.ts'
import { differences } from '../../changes/difference.ts'
import { type ComponentRule, readRule } from './component-rule.ts'

/** Which of a component's probes must fail until it does, and how many there are; null: too few for a rule to matter. */
export async function ruleOf(
  db: Db,
  componentId: string,
): Promise<{ readonly rule: ComponentRule; readonly probes: number } | null> {
  const row = await db.selectFrom('components').select('measured_rule').where('id', '=', componentId).executeTakeFirst()
  const probes = await db
    .selectFrom('probes')
    .select('id')
    .where('component_id', '=', componentId)
    .where('removed_at', 'is', null)
    .execute()
  return row && probes.length > 1 ? { rule: readRule(row.measured_rule) ?? 'any', probes: probes.length } : null
}

/** Says which of a component's probes must fail until it does. */
export async function setRule(change: Change, componentId: string, text: string): Promise<void> {
  const rule = readRule(text)
  if (rule === null) throw new Invalid('Choose any of them, all of them, or how many.', 'rule')
  const row = await change.tx
    .selectFrom('components')
    .select(['name', 'measured_rule'])
    .where('id', '=', componentId)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  if (!row) throw new NotFound('There is no such component.')
  if (row.measured_rule === String(rule)) return
  await change.tx
    .updateTable('components')
    .set({ measured_rule: String(rule), updated_at: change.now })
    .where('id', '=', componentId)
    .execute()
  await change.record(
    { type: 'component.changed', subject: componentId, data: { name: row.name, fields: ['measuredRule'] } },
    differences(['measuredRule'], { measuredRule: row.measured_rule }, { measuredRule: rule }),
  )
}
