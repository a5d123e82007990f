import { isSame } from '../../../lib/secrets.ts'
import type { Vault } from '../../../lib/vault.ts'

/** What comes in from outside: reports of mail that did not arrive, and mail by which people leave. */
export const inboundKinds = ['bounces', 'mail'] as const
export type InboundKind = (typeof inboundKinds)[number]

/** Follows from the key of the installation, so that every process knows it and nothing has to be kept (058). */
export function inboundPath(vault: Vault, kind: InboundKind): string {
  return `/inbound/${kind}/${secretOf(vault, kind)}`
}

export function isInboundSecret(vault: Vault, kind: InboundKind, given: string): boolean {
  return isSame(given, secretOf(vault, kind))
}

function secretOf(vault: Vault, kind: InboundKind): string {
  return vault.mark(kind, 'inbound address')
}
