import type { Instant } from '../../lib/clock.ts'
import type { Change } from '../changes/change.ts'
import { queueLetter } from '../deliveries/queue.ts'
import { sealedLink } from '../deliveries/sealed-link.ts'

interface MailedLink {
  readonly kind: 'reset' | 'invitation'
  /** An account, or an invitation: it says to which address. */
  readonly recipient: string
  readonly url: string
  /** For how long the link is good. */
  readonly until: Instant
}

/** Mails a link to an account, or to somebody who is to get one. It waits sealed: whoever has it comes in as them. */
export async function mailLink(change: Change, { kind, recipient, url, until }: MailedLink): Promise<void> {
  await queueLetter(change, {
    payload: { kind, sealedLink: sealedLink(change.vault, recipient, url), until },
    audience: 'account',
    recipient,
    channel: 'email',
    thread: `${kind}:${recipient}`,
  })
}
