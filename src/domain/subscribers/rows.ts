import type { Db, Tx } from '../../database/database.ts'
import type { SubscriberRow, SubscriberScopeRow } from '../../database/tables/subscribers.ts'
import type { Vault } from '../../lib/vault.ts'
import { openTarget } from './addresses.ts'
import type { ChannelKind, Target } from './channel.ts'
import type { DisabledBecause, Scope, Subscriber, SubscriberSource, Wishes } from './subscriber.ts'

/** As it lies in the table: `asked` and `failures` always have a value there. */
export type FullSubscriberRow = { readonly [Key in keyof SubscriberRow]: Plain<SubscriberRow[Key]> }
type Plain<T> = T extends string | null ? T : number

export function subscriberOf(vault: Vault, row: FullSubscriberRow, scopes: readonly SubscriberScopeRow[]): Subscriber {
  return {
    id: row.id,
    channel: row.channel as ChannelKind,
    target: targetOf(vault, row),
    scope: scopeOf(row.everything, scopes),
    kinds: JSON.parse(row.kinds) as Wishes['kinds'],
    severityFrom: row.severity_from as Wishes['severityFrom'],
    extent: row.extent,
    quiet:
      row.quiet_from === null || row.quiet_until === null ? null : { from: row.quiet_from, until: row.quiet_until },
    locale: row.locale,
    zone: row.zone,
    source: row.source as SubscriberSource,
    createdAt: row.created_at,
    consentedAt: row.consented_at,
    confirmedAt: row.confirmed_at,
    pausedAt: row.paused_at,
    disabledAt: row.disabled_at,
    disabledBecause: row.disabled_because as DisabledBecause | null,
  }
}

/** Empty where it was sealed with another key: nobody can say who it is, but that they are there, and they can be removed. */
function targetOf(vault: Vault, { id, target_sealed: sealed }: FullSubscriberRow): Target {
  try {
    return openTarget(vault, id, sealed)
  } catch {
    return {}
  }
}

function scopeOf(everything: 'yes' | 'no', rows: readonly SubscriberScopeRow[]): Scope {
  const of = (kind: SubscriberScopeRow['kind']): string[] =>
    rows.filter((row) => row.kind === kind).map(({ target_id: id }) => id)
  return { everything, components: of('component'), groups: of('group'), incidents: of('incident') }
}

export async function scopesOf(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, SubscriberScopeRow[]>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('subscriber_scopes')
    .selectAll()
    .where('subscriber_id', 'in', ids)
    .orderBy('subscriber_id')
    .orderBy('kind')
    .orderBy('target_id')
    .execute()
  return Map.groupBy(rows, ({ subscriber_id: id }) => id)
}

/** What somebody chose, as columns. */
export function wishColumns({ scope, kinds, severityFrom, extent, quiet, locale, zone }: Wishes) {
  return {
    locale,
    zone,
    everything: scope.everything,
    kinds: JSON.stringify(kinds),
    severity_from: severityFrom,
    extent,
    quiet_from: quiet?.from ?? null,
    quiet_until: quiet?.until ?? null,
  }
}

/** Instead of what was chosen before. Their row is held already, so that of two at once one comes after the other. */
export async function writeScope(tx: Tx, id: string, scope: Scope): Promise<void> {
  await tx.deleteFrom('subscriber_scopes').where('subscriber_id', '=', id).execute()
  await addToScope(tx, id, scope)
}

const rowsAtOnce = 500

export async function addToScope(tx: Tx, id: string, { components, groups, incidents }: Scope): Promise<void> {
  const rows = [
    ...components.map((target) => ({ subscriber_id: id, kind: 'component' as const, target_id: target })),
    ...groups.map((target) => ({ subscriber_id: id, kind: 'group' as const, target_id: target })),
    ...incidents.map((target) => ({ subscriber_id: id, kind: 'incident' as const, target_id: target })),
  ]
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    await tx
      .insertInto('subscriber_scopes')
      .values(rows.slice(from, from + rowsAtOnce))
      .onConflict((on) => on.doNothing())
      .execute()
  }
}

/** What of this exists and is public: what was removed meanwhile is nobody's wish. */
export async function whatExists(db: Db, scope: Scope): Promise<Scope> {
  if (scope.everything === 'yes') return scope
  const components = await among(scope.components, (ids) =>
    db.selectFrom('components').select('id').where('id', 'in', ids).where('removed_at', 'is', null).execute(),
  )
  const groups = await among(scope.groups, (ids) =>
    db.selectFrom('groups').select('id').where('id', 'in', ids).execute(),
  )
  const incidents = await among(scope.incidents, (ids) =>
    db
      .selectFrom('incidents')
      .select('id')
      .where('id', 'in', ids)
      .where('told_at', 'is not', null)
      .where('dismissed_at', 'is', null)
      .execute(),
  )
  return { everything: 'no', components, groups, incidents }
}

async function among(
  ids: readonly string[],
  existing: (ids: readonly string[]) => Promise<readonly { readonly id: string }[]>,
): Promise<readonly string[]> {
  if (ids.length === 0) return []
  const found = new Set((await existing(ids)).map(({ id }) => id))
  return ids.filter((id) => found.has(id))
}

/** The part of `asked` that somebody does not have yet; null: they have all of it. */
export function additionOf(asked: Scope, had: Scope): Scope | null {
  if (had.everything === 'yes') return null
  if (asked.everything === 'yes') return asked
  const beyond = (of: 'components' | 'groups' | 'incidents'): string[] =>
    asked[of].filter((id) => !had[of].includes(id))
  const addition: Scope = {
    everything: 'no',
    components: beyond('components'),
    groups: beyond('groups'),
    incidents: beyond('incidents'),
  }
  return addition.components.length + addition.groups.length + addition.incidents.length === 0 ? null : addition
}
