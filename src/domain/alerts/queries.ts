import type { Selectable } from 'kysely'
import type { Db } from '../../database/database.ts'
import type { AlertChannelRow, AlertRow } from '../../database/tables/alerts.ts'
import type { Instant } from '../../lib/clock.ts'
import type { Vault } from '../../lib/vault.ts'
import type { ChannelKind, Target } from '../subscribers/channel.ts'
import type { Alert, AlertKind } from './alert.ts'
import { openWay } from './ways.ts'

/** More never stand at once; a list has to end somewhere. */
const most = 1000

/** Those whose reason is still there, settled or not, the oldest first. */
export async function standingAlerts(db: Db): Promise<Alert[]> {
  const rows = await db
    .selectFrom('alerts')
    .selectAll()
    .where('over_at', 'is', null)
    .where('calls_for', '=', 'one')
    .orderBy('at')
    .orderBy('id')
    .limit(most)
    .execute()
  return rows.map(toAlert)
}

/** One way in which somebody wants to be called. */
export interface AlertChannel {
  readonly id: string
  readonly accountId: string
  readonly channel: ChannelKind
  /** As its owner calls it. */
  readonly name: string
  readonly kinds: readonly AlertKind[]
  /** So long others may react before this is used; 0: at once. */
  readonly afterMinutes: number
  /** When its owner said that a test arrived; null: nobody knows whether it works. */
  readonly provenAt: Instant | null
  readonly disabledAt: Instant | null
  readonly disabledBecause: string | null
  readonly createdAt: Instant
}

/** Of one person, the one that rings first in front. */
export async function channelsOf(db: Db, accountId: string): Promise<AlertChannel[]> {
  const rows = await allChannels(db).where('account_id', '=', accountId).execute()
  return rows.map(toChannel)
}

/** Of everybody who can still come in. */
export async function channelsOfAll(db: Db): Promise<AlertChannel[]> {
  const rows = await allChannels(db)
    .where('account_id', 'in', db.selectFrom('accounts').select('id').where('disabled_at', 'is', null))
    .execute()
  return rows.map(toChannel)
}

/** What anybody chose, also who has left since: somebody thought that a person must come for it. */
export async function kindsChosen(db: Db): Promise<ReadonlySet<AlertKind>> {
  const rows = await allChannels(db).execute()
  return new Set(rows.flatMap((row) => toChannel(row).kinds))
}

function allChannels(db: Db) {
  return db
    .selectFrom('alert_channels')
    .selectAll()
    .orderBy('after_minutes')
    .orderBy('created_at')
    .orderBy('id')
    .limit(most)
}

/** What became of what was last sent there. */
export interface LastSent {
  readonly at: Instant
  readonly outcome: 'accepted' | 'failed' | 'dropped' | null
  readonly reason: string | null
  readonly code: string | null
  readonly isTest: boolean
}

/** By the id of the way. */
export async function lastSentTo(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, LastSent>> {
  const found = new Map<string, LastSent>()
  for (const id of ids) {
    const row = await db
      .selectFrom('deliveries')
      .innerJoin('messages', 'messages.number', 'deliveries.message')
      .select(['deliveries.due_at', 'done_at', 'outcome', 'reason', 'code', 'messages.kind'])
      .where('audience', '=', 'operator')
      .where('recipient', '=', id)
      // What others reacted to in time was never sent.
      .where((eb) => eb.or([eb('outcome', 'is', null), eb('outcome', '!=', 'dropped')]))
      .orderBy('message', 'desc')
      .limit(1)
      .executeTakeFirst()
    if (!row) continue
    const { done_at: doneAt, due_at: dueAt, outcome, reason, code, kind } = row
    found.set(id, { at: doneAt ?? dueAt, outcome, reason, code, isTest: kind === 'test' })
  }
  return found
}

/** Opened, for its owner. */
export async function targetOf(db: Db, vault: Vault, id: string): Promise<Target> {
  const row = await db
    .selectFrom('alert_channels')
    .select('target_sealed')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return openWay(vault, id, row.target_sealed)
}

export function toAlert(row: Selectable<AlertRow>): Alert {
  const { path = '/admin', deed = 'See it' } = JSON.parse(row.data) as { path?: string; deed?: string }
  return {
    id: row.id,
    kind: row.kind as AlertKind,
    subject: row.subject,
    about: row.about,
    at: row.at,
    name: row.name,
    path,
    deed,
    settledAt: row.settled_at,
    settledBy: row.settled_by,
  }
}

export function toChannel(row: Selectable<AlertChannelRow>): AlertChannel {
  return {
    id: row.id,
    accountId: row.account_id,
    channel: row.channel as ChannelKind,
    name: row.name,
    kinds: JSON.parse(row.kinds) as AlertKind[],
    afterMinutes: row.after_minutes,
    provenAt: row.proven_at,
    disabledAt: row.disabled_at,
    disabledBecause: row.disabled_because,
    createdAt: row.created_at,
  }
}
