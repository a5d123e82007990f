import { later } from '../../lib/clock.ts'
import type { Changer } from '../changes/change.ts'
import { mailLink } from './letters.ts'
import { credentials } from './queries.ts'
import { putResetDown, resetSeconds } from './resets.ts'
import { mayUsePassword } from './ways-in.ts'

export interface ResetByMailParts {
  readonly change: Changer
  readonly config: { readonly url: string; readonly oidcOnly: boolean }
}

/**
 * Mails a link with which somebody chooses a new password, if this is the address of somebody who may come in with one.
 * Second factors stay: whoever reads their mail has proved one thing, not two. Answers nothing, whoever it is.
 */
export async function mailReset(
  { change, config }: ResetByMailParts,
  email: string,
  { from }: { readonly from: string },
): Promise<void> {
  const address = email.trim().toLowerCase()
  // No address holds NUL, and one of the databases cannot even be asked for it.
  if (address.includes('\0')) return
  await change({ kind: 'setup', from }, async (it) => {
    const known = await credentials(it.tx, { email: address })
    if (!known || known.account.disabledAt || !mayUsePassword(config, known.account)) return
    const { id } = known.account
    // One that an owner handed over, and that does more, is not taken away by whoever knows the address.
    await it.tx.deleteFrom('account_resets').where('account_id', '=', id).where('factors', '=', 'kept').execute()
    const secret = await putResetDown(it, known.account, 'kept')
    const url = `${config.url}/admin/reset?secret=${secret}`
    await mailLink(it, { kind: 'reset', recipient: id, url, until: later(it.now, resetSeconds) })
  })
}
