import { Invalid } from '../../lib/errors.ts'

/** What commands call the fields of a request, and what the request called them. */
const fields: Readonly<Record<string, string>> = {
  name: 'name',
  body: 'body',
  stage: 'status',
  status: 'status',
  components: 'components',
  severityOverride: 'impact_override',
  plannedFrom: 'scheduled_for',
  plannedUntil: 'scheduled_until',
  beganAt: 'backfill_date',
  overAt: 'backfill_date',
  reason: 'reason',
  description: 'description',
  groupId: 'group_id',
  startDate: 'start_date',
  heads: 'body_draft',
  actions: 'body_draft',
}

/** Does it, and names what a command refuses by the field of the request: `incident.scheduled_until: …`. */
export async function withTheirFields<T>(noun: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Invalid)) throw error
    const [first = ''] = error.field?.split(/[.[]/) ?? []
    const name = Object.hasOwn(fields, first) ? fields[first] : undefined
    if (name === undefined) throw error
    throw new Invalid(`${noun}.${name}: ${error.message}`)
  }
}
