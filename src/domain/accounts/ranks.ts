import { Forbidden } from '../../lib/errors.ts'
import type { Change } from '../changes/change.ts'
import { type Role, may } from './account.ts'
import { accountById } from './queries.ts'

/**
 * Whoever changes something about people may do so, asked in the change itself: what they may can have changed since they
 * came to the door. An admin touches no owner and makes nobody one, themselves included. The machine's own command line
 * and the link of the first run are asked nothing.
 */
export async function mayConcern(change: Change, ...touched: readonly Role[]): Promise<void> {
  const { actor, tx } = change
  if (actor.kind !== 'operator') {
    if (actor.kind === 'token' || actor.kind === 'probe') throw new Forbidden('Only a person can change people.')
    return
  }
  const doer = await accountById(tx, actor.id)
  if (!doer || doer.disabledAt || !may(doer.role, 'manage-people')) {
    throw new Forbidden(`Only owners and admins can change people. ${await whomToAsk(change)}`)
  }
  if (doer.role !== 'owner' && touched.includes('owner')) {
    throw new Forbidden(`Only an owner can invite, change or make an owner. ${await whomToAsk(change)}`)
  }
}

/** For what admins may not. Programs are nobody's owners. */
export async function mustOwn(change: Change, refusal: string): Promise<void> {
  const { actor, tx } = change
  if (actor.kind === 'token' || actor.kind === 'probe') throw new Forbidden(refusal)
  if (actor.kind !== 'operator') return
  const doer = await accountById(tx, actor.id)
  if (!doer || doer.disabledAt || doer.role !== 'owner') throw new Forbidden(`${refusal} ${await whomToAsk(change)}`)
}

async function whomToAsk({ tx }: Change): Promise<string> {
  const owners = await tx
    .selectFrom('accounts')
    .select('name')
    .where('role', '=', 'owner')
    .where('disabled_at', 'is', null)
    .orderBy('created_at')
    .orderBy('id')
    .limit(3)
    .execute()
  const names = new Intl.ListFormat('en', { type: 'disjunction' }).format(owners.map(({ name }) => name))
  return names === '' ? 'There is none left: run “candor account” on the machine itself.' : `Ask ${names}.`
}
