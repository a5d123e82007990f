import type { Role } from './account.ts'

/**
 * Whether somebody may come in with what they have here: a password, a passkey. Where single sign-on is the only way,
 * owners still may: a provider that is down or set up wrongly must lock nobody out of an incident.
 */
export function mayUsePassword(
  { oidcOnly }: { readonly oidcOnly: boolean },
  { role }: { readonly role: Role },
): boolean {
  return !oidcOnly || role === 'owner'
}
