import type { Ids } from '../../lib/ids.ts'
import type { Vault } from '../../lib/vault.ts'
import type { ChannelKind, Target } from './channel.ts'

/** By what somebody is found again, and known not to be brought back: tells nothing without the key. */
export function addressHash(vault: Vault, kind: ChannelKind, target: Target): string {
  return vault.mark(`${kind}\0${addressOf(kind, target)}`, 'subscriber address')
}

/** What tells one recipient of a channel from another. */
function addressOf(kind: ChannelKind, target: Target): string {
  // Mailboxes that differ only in case do not exist in practice; the same person written twice does.
  if (kind === 'email') return (target['address'] ?? '').toLowerCase()
  return target['number'] ?? target['chat'] ?? target['endpoint'] ?? target['url'] ?? ''
}

/** With what a program needs to know that it is we who write: a secret as Standard Webhooks has it. */
export function withSecret(ids: Ids, kind: ChannelKind, target: Target): Target {
  if (kind !== 'webhook' || target['secret'] !== undefined) return target
  return { ...target, secret: newSecret(ids) }
}

function newSecret(ids: Ids): string {
  return `whsec_${Buffer.from(ids.secret(), 'base64url').toString('base64')}`
}

/** So many are signed with, at most, where somebody makes one after the other. */
const mostBefore = 3

/** Signed with another one from now on, and with those before as well, so that the receiver changes it when it likes. */
export function withNewSecret(ids: Ids, target: Target): { readonly secret: string; readonly target: Target } {
  const secret = newSecret(ids)
  const before = [target['secret'] ?? '', ...(target['secretBefore'] ?? '').split(' ')].filter((one) => one !== '')
  return { secret, target: { ...target, secret, secretBefore: before.slice(0, mostBefore).join(' ') } }
}

/** Signed with the newest alone. */
export function withoutFormerSecrets(target: Target): Target {
  const { secretBefore: _, ...signed } = target
  return signed
}

/** As far as it is shown to anybody once it is there: with what we sign is seen when it is made. */
export function withoutSecrets(target: Target): Target {
  const { secret: _, secretBefore: _before, ...shown } = target
  return shown
}

export function sealTarget(vault: Vault, id: string, target: Target): string {
  return vault.seal(JSON.stringify(target), purpose(id))
}

export function openTarget(vault: Vault, id: string, sealed: string): Target {
  return JSON.parse(vault.open(sealed, purpose(id))) as Target
}

const purpose = (id: string): string => `subscriber target ${id}`
