import type { Db } from '../../database/database.ts'
import type { Clock, Instant } from '../../lib/clock.ts'
import { NotFound } from '../../lib/errors.ts'
import type { Vault } from '../../lib/vault.ts'
import { type LinkFault, type LinkPurpose, linkFault, ownerOfLink } from './links.ts'
import type { FullSubscriberRow } from './rows.ts'

/** What somebody needs to act by a link: whoever holds it is who it was sent to. */
export interface LinkParts {
  readonly db: Db
  readonly clock: Clock
  readonly vault: Vault
}

/** Why a link opens nothing. `gone`: it was genuine, and there is no such subscription any more. */
export type Shut = LinkFault | 'gone'

/** Links never rise above this. */
const mostLinks = 9

/** Whose link it is, looked up and verified. */
export async function rowOfLink(
  { tx, vault, now }: { readonly tx: Db; readonly vault: Vault; readonly now: Instant },
  purpose: LinkPurpose,
  token: string,
): Promise<FullSubscriberRow | Shut> {
  const id = ownerOfLink(token)
  if (id === null) return 'forged'
  const row = await tx.selectFrom('subscribers').selectAll().where('id', '=', id).executeTakeFirst()
  if (row) return linkFault(vault, { purpose, token, now }, row) ?? row
  // Nothing is kept of who left, but a link that we once signed still shows it.
  const wasOurs = Array.from({ length: mostLinks }, (_, index) =>
    linkFault(vault, { purpose, token, now }, { id, links: index + 1 }),
  ).some((fault) => fault !== 'forged')
  return wasOurs ? 'gone' : 'forged'
}

export function noSubscription(): NotFound {
  return new NotFound('There is no subscription with this link.')
}
