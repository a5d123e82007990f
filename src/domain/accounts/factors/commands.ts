import { check } from '../../../lib/check.ts'
import { Conflict, NotFound } from '../../../lib/errors.ts'
import { type Static, type Unchecked, choice, fields, line } from '../../../lib/fields.ts'
import type { Change } from '../../changes/change.ts'
import { readSite } from '../../site/queries.ts'
import { factorChanged } from './changing.ts'
import { removeCodeApp } from './code-app.ts'
import type { NewPasskey } from './passkeys.ts'
import { type FactorRule, factorRule, mostPasskeys } from './queries.ts'

interface Owner {
  readonly id: string
  readonly name: string
}

const passkeyName = fields({ name: line(60) })
export type PasskeyName = Static<typeof passkeyName>

/** Ends all sessions: whoever sits in another browser has not proved this much. */
export async function addPasskey(
  change: Change,
  account: Owner,
  { name: given, ...key }: NewPasskey & Unchecked<PasskeyName>,
): Promise<void> {
  const { name } = check(passkeyName, { name: given })
  const before = await change.tx
    .selectFrom('passkeys')
    .select(['account_id', 'credential_id'])
    .where((eb) => eb.or([eb('account_id', '=', account.id), eb('credential_id', '=', key.credentialId)]))
    .limit(mostPasskeys + 1)
    .execute()
  if (before.some((row) => row.account_id === account.id && row.credential_id === key.credentialId)) {
    throw new Conflict('You have this passkey already.')
  }
  if (before.length >= mostPasskeys) throw new Conflict(`That is enough: you have ${mostPasskeys} passkeys.`)
  if (before.some((row) => row.account_id !== account.id)) throw new Conflict('This passkey belongs to somebody else.')
  await change.tx
    .insertInto('passkeys')
    .values({
      id: change.ids.next(),
      account_id: account.id,
      credential_id: key.credentialId,
      public_key: key.publicKey,
      counter: key.counter,
      transports: JSON.stringify(key.transports),
      name,
      used_at: null,
      created_at: change.now,
    })
    .execute()
  await factorChanged(change, account, { type: 'account.factor-added', factor: 'passkey' })
}

export async function renamePasskey(
  change: Change,
  account: Owner,
  { id, ...input }: { id: string } & Unchecked<PasskeyName>,
): Promise<void> {
  const { name } = check(passkeyName, input)
  const renamed = await change.tx
    .updateTable('passkeys')
    .set({ name })
    .where('id', '=', id)
    .where('account_id', '=', account.id)
    .returning('id')
    .execute()
  if (renamed.length === 0) throw noSuchKey()
  await change.record({ type: 'account.passkey-renamed', subject: account.id, data: { name: account.name } })
}

export async function removePasskey(change: Change, account: Owner, id: string): Promise<void> {
  const removed = await change.tx
    .deleteFrom('passkeys')
    .where('id', '=', id)
    .where('account_id', '=', account.id)
    .returning('id')
    .execute()
  if (removed.length === 0) throw noSuchKey()
  await factorChanged(change, account, { type: 'account.factor-removed', factor: 'passkey' })
}

/** For whoever lost all of it, on the machine itself: from now on their password alone lets them in. */
export async function removeAllFactors(change: Change, account: Owner): Promise<void> {
  const keys = await change.tx.selectFrom('passkeys').select('id').where('account_id', '=', account.id).execute()
  for (const { id } of keys) await removePasskey(change, account, id)
  await removeCodeApp(change, account)
}

const rule = fields({ rule: choice(['optional', 'required']) })

/** Whoever has none is led to set one up when they come next, and comes no further until then. */
export async function setFactorRule(change: Change, input: Unchecked<{ rule: FactorRule }>): Promise<void> {
  const { rule: next } = check(rule, input)
  if ((await factorRule(change.tx)) === next) return
  const site = await readSite(change.tx)
  await change.tx
    .updateTable('sites')
    .set({ second_factor: next, updated_at: change.now })
    .where('id', '=', site.id)
    .execute()
  await change.record({ type: 'site.changed', subject: site.id, data: { name: site.name, fields: ['secondFactor'] } })
}

function noSuchKey(): NotFound {
  return new NotFound('There is no such passkey of yours. Perhaps you removed it in another window.')
}
