import type { Vault } from '../../lib/vault.ts'

/** A link that a letter carries while it waits: it is a secret, and the outbox is kept. */
export function sealedLink(vault: Vault, recipient: string, url: string): string {
  return vault.seal(url, purpose(recipient))
}

export function openedLink(vault: Vault, recipient: string, sealed: string): string {
  return vault.open(sealed, purpose(recipient))
}

function purpose(recipient: string): string {
  return `letter link ${recipient}`
}
