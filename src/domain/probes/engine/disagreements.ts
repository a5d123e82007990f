import type { Db } from '../../../database/database.ts'
import type { Instant } from '../../../lib/clock.ts'
import type { Component, ComponentStatus } from '../../components/component.ts'
import type { Locale, Translations } from '../../site/site.ts'
import { type Declared, type Disagreement, type Explanation, type Seen, disagreementOf } from './disagreement.ts'
import type { Settled } from '../probe.ts'

/** Components that one statement names. */
const mostNamed = 500

type Judged = Pick<Component, 'id' | 'createdAt'> & { readonly status: ComponentStatus }

/**
 * Where what is said and what is measured stand against each other, those of which readers are not told yet among them;
 * in the order of the components. Paused probes and those that are to say nothing measure nothing for readers. Costs the
 * probes of what is in trouble, by word or by check, and two reads for each component of which something else is found
 * than is said.
 */
export async function disagreements(db: Db, components: readonly Judged[]): Promise<Disagreement[]> {
  const ailing = components.filter(({ status }) => status !== 'operational').map(({ id }) => id)
  const seen = await seenByComponent(db, new Set([...ailing, ...(await notFoundWell(db))]))
  const found: Disagreement[] = []
  for (const component of components) {
    const its = seen.get(component.id)
    // Cheap first: whether they would disagree if it had been so for ever.
    if (!its || !disagreementOf(its, { status: component.status, since: component.createdAt })) continue
    const declared = await declaredOf(db, component)
    const disagreement = disagreementOf(its, declared)
    if (!disagreement) continue
    const explanation = await explanationSince(db, component.id, disagreement.since)
    found.push({ componentId: component.id, declared: declared.status, ...disagreement, explanation })
  }
  return found
}

/** Components of which a probe does not know that they are well: of all others nothing can stand against what is said. */
async function notFoundWell(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('probe_verdicts')
    .innerJoin('probes', 'probes.id', 'probe_verdicts.probe_id')
    .select('component_id')
    .distinct()
    .where('state', 'in', ['unknown', 'down', 'slow', 'intermittent'])
    .orderBy('component_id')
    .limit(20_000)
    .execute()
  return rows.map((row) => row.component_id)
}

async function seenByComponent(db: Db, componentIds: ReadonlySet<string>): Promise<Map<string, Seen[]>> {
  if (componentIds.size === 0) return new Map()
  const rows = await db
    .selectFrom('probe_verdicts')
    .innerJoin('probes', 'probes.id', 'probe_verdicts.probe_id')
    .select(['component_id', 'state', 'since', 'down_status'])
    .select(['interval_seconds', 'timeout_ms', 'failures_needed', 'publish_after_seconds'])
    .where('removed_at', 'is', null)
    .where('paused_at', 'is', null)
    .where('policy', '!=', 'off')
    // In the worst hour of all, everything is read at once.
    .$if(componentIds.size <= mostNamed, (query) => query.where('component_id', 'in', [...componentIds]))
    .orderBy('probes.id')
    .limit(20_000)
    .execute()
  const seen = new Map<string, Seen[]>()
  for (const row of rows) {
    const one: Seen = {
      state: row.state as Settled,
      since: row.since,
      downStatus: row.down_status as Seen['downStatus'],
      intervalSeconds: row.interval_seconds,
      timeoutMs: row.timeout_ms,
      failuresNeeded: row.failures_needed,
      publishAfterSeconds: row.publish_after_seconds,
    }
    const list = seen.get(row.component_id)
    if (list) list.push(one)
    else seen.set(row.component_id, [one])
  }
  return seen
}

/** Since when it is said: of what works, when it was last said that something was over. */
async function declaredOf(db: Db, { id, status, createdAt }: Judged): Promise<Declared> {
  const impacts = db.selectFrom('impacts').where('component_id', '=', id).where('said_at', 'is not', null)
  if (status === 'operational') {
    const last = await impacts
      .leftJoin('incidents', 'incidents.id', 'impacts.incident_id')
      .select(['ended_at', 'told_over_at'])
      .where('ended_at', 'is not', null)
      .orderBy('ended_at', 'desc')
      .orderBy('impacts.id', 'desc')
      .limit(1)
      .executeTakeFirst()
    const said = [last?.ended_at, last?.told_over_at].flatMap((at) => at ?? []).toSorted()
    return { status, since: said.at(-1) ?? createdAt }
  }
  const open = await impacts
    .select((eb) => eb.fn.max('said_at').as('said_at'))
    .where('ended_at', 'is', null)
    .where('status', '=', status)
    .executeTakeFirst()
  return { status, since: open?.said_at ?? createdAt }
}

/** The last that was said to it while it has gone on: what was said before it began speaks of another. */
async function explanationSince(db: Db, componentId: string, since: Instant): Promise<Explanation | null> {
  const row = await db
    .selectFrom('explanations')
    .selectAll()
    .where('component_id', '=', componentId)
    .where('said_at', '>=', since)
    .orderBy('said_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!row) return null
  return {
    id: row.id,
    body: row.body,
    locale: row.locale as Locale,
    translations: JSON.parse(row.translations) as Translations<'body'>,
    author: row.author,
    at: row.said_at,
  }
}
