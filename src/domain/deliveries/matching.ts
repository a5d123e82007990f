import { type SelectQueryBuilder } from 'kysely'
import type { Db } from '../../database/database.ts'
import type { Tables } from '../../database/tables.ts'
import { type Severity, severities } from '../incidents/incident.ts'
import type { SubscribedKind, Wishes } from '../subscribers/subscriber.ts'
import type { Told } from './told.ts'

/** What decides whom something concerns. */
export interface Matter {
  readonly kind: SubscribedKind
  /** As severe as was ever told of it: whoever heard that something began hears that it ended, and that it was a mistake. */
  readonly severity: Severity
  readonly moment: Told['moment']
  /** Null: it is about none. */
  readonly incident: string | null
  readonly components: readonly { readonly id: string; readonly groupId: string | null }[]
}

export function matterOf({ kind, moment, subject, components, former = [] }: Told, severity: Severity): Matter {
  const incident = subject.noun === 'incident' ? subject.id : null
  return { kind, moment, severity, incident, components: [...components, ...former] }
}

/** The most severe of what is told now and of what was told in this conversation before. */
export async function severityReached(db: Db, thread: string, severity: Severity): Promise<Severity> {
  const rows = await db
    .selectFrom('messages')
    .select('severity')
    .distinct()
    .where('thread', '=', thread)
    .where('taken_back_at', 'is', null)
    .orderBy('severity')
    .execute()
  const reached = new Set<Severity | null>([severity, ...rows.map((row) => row.severity as Severity | null)])
  return severities.findLast((each) => reached.has(each)) ?? severity
}

/**
 * Whether somebody wants to hear of it. How severe something must be is asked of incidents and their reviews only: planned
 * work and notices have no severity, and whoever chose those kinds wants them. Notices are about no component, so they
 * reach those who want everything.
 */
export function concerns(
  { scope, kinds, severityFrom, extent }: Pick<Wishes, 'scope' | 'kinds' | 'severityFrom' | 'extent'>,
  matter: Matter,
): boolean {
  const { kind, moment, incident, components } = matter
  return (
    kinds.includes(kind) &&
    (extent === 'every' || moment !== 'goes on') &&
    severitiesHeard(matter).includes(severityFrom) &&
    (scope.everything === 'yes' ||
      components.some(({ id }) => scope.components.includes(id)) ||
      components.some(({ groupId }) => groupId !== null && scope.groups.includes(groupId)) ||
      (incident !== null && scope.incidents.includes(incident)))
  )
}

/** For whom it is severe enough: by what they chose to hear from. */
function severitiesHeard({ kind, severity }: Pick<Matter, 'kind' | 'severity'>): readonly Wishes['severityFrom'][] {
  if (kind === 'maintenance' || kind === 'notice') return severities
  // What was recorded elsewhere as planned work is as severe as nothing.
  const rank = severity === 'maintenance' ? 0 : severities.indexOf(severity)
  return severities.slice(0, rank + 1)
}

/** Whom to look for: those who want everything, or those who named one thing. */
export type Target = 'everything' | { readonly kind: 'component' | 'group' | 'incident'; readonly id: string }

/** All by whom it may be wanted, in the order in which they are gone through. Somebody may be found by several. */
export function targetsOf({ components, incident }: Pick<Matter, 'components' | 'incident'>): readonly Target[] {
  const groups = new Set(components.flatMap(({ groupId }) => groupId ?? []))
  return [
    'everything',
    ...components.map(({ id }) => ({ kind: 'component' as const, id })),
    ...[...groups].map((id) => ({ kind: 'group' as const, id })),
    ...(incident === null ? [] : [{ kind: 'incident' as const, id: incident }]),
  ]
}

/**
 * Those who would be told, without regard to what they named: the same as `concerns` in the database's words. All of it but
 * the confirmation stands in the index of those who are told.
 */
export function hearing(db: Db, matter: Pick<Matter, 'kind' | 'severity' | 'moment'>) {
  return willing(db, matter).where('confirmed_at', 'is not', null)
}

/**
 * Of the same the browsers that moved, and have yet to be reached where they are now: what they would miss meanwhile waits for them.
 * A walk along the index of those who have not confirmed.
 */
export function moved(db: Db, matter: Matter) {
  const named = Map.groupBy(
    targetsOf(matter).filter((target) => target !== 'everything'),
    ({ kind }) => kind,
  )
  return willing(db, matter)
    .where('channel', '=', 'web-push')
    .where('confirmed_at', 'is', null)
    .where('consented_at', 'is not', null)
    .where((eb) =>
      eb.or([
        eb('everything', '=', 'yes'),
        eb.exists(
          eb
            .selectFrom('subscriber_scopes')
            .select('target_id')
            .whereRef('subscriber_id', '=', 'subscribers.id')
            .where((row) =>
              row.or(
                Array.from(named, ([kind, all]) =>
                  row.and([
                    row('kind', '=', kind),
                    row(
                      'target_id',
                      'in',
                      all.map(({ id }) => id),
                    ),
                  ]),
                ),
              ),
            ),
        ),
      ]),
    )
}

function willing(db: Db, matter: Pick<Matter, 'kind' | 'severity' | 'moment'>) {
  const query = db
    .selectFrom('subscribers')
    .where('paused_at', 'is', null)
    .where('disabled_at', 'is', null)
    .where('kinds', 'like', `%"${matter.kind}"%`)
    .where('severity_from', 'in', severitiesHeard(matter))
  return matter.moment === 'goes on' ? query.where('extent', '=', 'every') : query
}

type Hearing = SelectQueryBuilder<Tables, 'subscribers', object>

/** Of those, whom this target finds after a certain id, in the order of ids: a walk along one index. */
export function foundBy(query: Hearing, target: Target, after: string) {
  if (target === 'everything') {
    return query.where('everything', '=', 'yes').where('id', '>', after).orderBy('id')
  }
  return query
    .innerJoin('subscriber_scopes', 'subscriber_scopes.subscriber_id', 'subscribers.id')
    .where('subscriber_scopes.kind', '=', target.kind)
    .where('subscriber_scopes.target_id', '=', target.id)
    .where('subscriber_scopes.subscriber_id', '>', after)
    .orderBy('subscriber_scopes.subscriber_id')
}
