import { type Instant, instantOf, millisecondsOf } from '../../lib/clock.ts'
import { isSame } from '../../lib/secrets.ts'
import type { Vault } from '../../lib/vault.ts'

/**
 * What a link lets somebody do: say yes to the first letter, change or erase a subscription, or end it. Each is good for
 * nothing else, so that a forwarded mail gives away no more than leaving. `ask` is what a program gets that names an address:
 * whoever it belongs to has not said yes, and until then it may be taken back or repeated.
 */
export type LinkPurpose = 'confirm' | 'manage' | 'leave' | 'ask'

/** Whose link it is; `links` rises when all that were sent before are to be worth nothing. */
export interface LinkOwner {
  readonly id: string
  readonly links: number
}

/** What a link carries: signed, so that nothing is stored for it. `until`: null where it is good for ever. */
export function linkToken(vault: Vault, purpose: LinkPurpose, owner: LinkOwner, until: Instant | null): string {
  const end = until === null ? '0' : (millisecondsOf(until) / 1000).toFixed(0)
  return `${owner.id}.${end}.${signature(vault, purpose, owner, end)}`
}

/** Whose link this says it is, before anybody has looked whether it is genuine; null: it is none. */
export function ownerOfLink(token: string): string | null {
  return token.length <= 200 ? (/^([\w-]+)\.\d{1,12}\.[\w-]{43}$/.exec(token)?.[1] ?? null) : null
}

export type LinkFault = 'forged' | 'too late'

/** Null: it is genuine and still good. */
export function linkFault(
  vault: Vault,
  { purpose, token, now }: { readonly purpose: LinkPurpose; readonly token: string; readonly now: Instant },
  owner: LinkOwner,
): LinkFault | null {
  const [id, end = '', given = ''] = token.split('.')
  if (id !== owner.id || !isSame(given, signature(vault, purpose, owner, end))) return 'forged'
  return end !== '0' && instantOf(Number(end) * 1000) <= now ? 'too late' : null
}

function signature(vault: Vault, purpose: LinkPurpose, { id, links }: LinkOwner, end: string): string {
  return vault.mark(`${purpose}.${id}.${links}.${end}`, 'subscriber link')
}
