import type { Db } from '../../database/database.ts'
import type { ChannelKind } from '../subscribers/channel.ts'
import { type Matter, hearing, severityReached } from './matching.ts'
import { type Told, threadOf } from './told.ts'

/** What somebody is about to say: of which incident, if there is one already. */
export type Intended = Pick<Matter, 'kind' | 'severity' | 'moment' | 'incident'> & {
  readonly components: readonly string[]
}

/** What a message tells, as somebody intends it. */
export function intendedBy({ kind, moment, subject, components }: Told): Intended {
  const incident = subject.noun === 'incident' ? subject.id : null
  return { kind, moment, severity: subject.severity, incident, components: components.map(({ id }) => id) }
}

/**
 * How many would be told, by channel; channels that nobody uses are left out. Two counts: a walk along the index of those
 * who want everything, and those who named one of these things. Of 50 000 subscribers some ten milliseconds.
 */
export async function countRecipients(db: Db, intended: Intended): Promise<ReadonlyMap<ChannelKind, number>> {
  const { incident, severity } = intended
  const thread = incident === null ? null : threadOf({ noun: 'incident', id: incident })
  const about = { ...intended, severity: thread === null ? severity : await severityReached(db, thread, severity) }
  const counts = new Map<ChannelKind, number>()
  const add = (rows: readonly { readonly channel: string; readonly count: number | string | bigint }[]): void => {
    for (const { channel, count } of rows) {
      const kind = channel as ChannelKind
      counts.set(kind, (counts.get(kind) ?? 0) + Number(count))
    }
  }
  add(await byChannel(hearing(db, about).where('everything', '=', 'yes')))
  const named = await namedTargets(db, about)
  if (named.length === 0) return counts
  add(
    await byChannel(
      hearing(db, about)
        .where('everything', '=', 'no')
        .where('id', 'in', (eb) =>
          eb
            .selectFrom('subscriber_scopes')
            .select('subscriber_id')
            .where((row) =>
              row.or(named.map(({ kind, ids }) => row.and([row('kind', '=', kind), row('target_id', 'in', ids)]))),
            ),
        ),
    ),
  )
  return counts
}

function byChannel(query: ReturnType<typeof hearing>) {
  return query
    .select((eb) => ['channel', eb.fn.countAll().as('count')])
    .groupBy('channel')
    .orderBy('channel')
    .execute()
}

interface Named {
  readonly kind: 'component' | 'group' | 'incident'
  readonly ids: readonly string[]
}

/** By what they may have named it. A group covers what is in it now. */
async function namedTargets(db: Db, { components, incident }: Intended): Promise<Named[]> {
  const groups =
    components.length === 0
      ? []
      : await db
          .selectFrom('components')
          .select('group_id')
          .distinct()
          .where('id', 'in', components)
          .where('group_id', 'is not', null)
          .orderBy('group_id')
          .execute()
  const all: Named[] = [
    { kind: 'component', ids: components },
    { kind: 'group', ids: groups.flatMap((row) => row.group_id ?? []) },
    { kind: 'incident', ids: incident === null ? [] : [incident] },
  ]
  return all.filter(({ ids }) => ids.length > 0)
}
