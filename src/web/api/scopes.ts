import type { Scope } from '../../domain/accounts/account.ts'

/** Which tokens may do what: each may also do what the ones before it may. */
export const readers: readonly Scope[] = ['read', 'disclose', 'manage']
export const disclosers: readonly Scope[] = ['disclose', 'manage']
export const managers: readonly Scope[] = ['manage']
export const measurers: readonly Scope[] = ['measure', 'disclose', 'manage']
