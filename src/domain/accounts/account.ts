import type { Instant } from '../../lib/clock.ts'

/**
 * From most to least. `owner`: everything. `admin`: everything but owners. `responder`: discloses, and changes neither
 * people nor settings. `author`: writes what others then publish. `viewer`: looks.
 */
export const roles = ['owner', 'admin', 'responder', 'author', 'viewer'] as const
export type Role = (typeof roles)[number]

/** Somebody who signs in. */
export interface Account {
  readonly id: string
  readonly email: string
  /** The public name, which stands beside what they say. */
  readonly name: string
  readonly role: Role
  readonly disabledAt: Instant | null
  readonly createdAt: Instant
}

/** What can be done at the desk. */
export type Deed = 'see' | 'draft' | 'disclose' | 'arrange' | 'probe' | 'configure' | 'manage-people'

const deeds: Record<Role, readonly Deed[]> = {
  owner: ['see', 'draft', 'disclose', 'arrange', 'probe', 'configure', 'manage-people'],
  admin: ['see', 'draft', 'disclose', 'arrange', 'probe', 'configure', 'manage-people'],
  responder: ['see', 'draft', 'disclose'],
  author: ['see', 'draft'],
  viewer: ['see'],
}

export function may(role: Role, deed: Deed): boolean {
  return deeds[role].includes(deed)
}

/** Who may do this, in words: “owners and admins”. */
export function whoMay(deed: Deed): string {
  const names = roles.filter((role) => may(role, deed)).map((role) => `${role}s`)
  return new Intl.ListFormat('en', { type: 'conjunction' }).format(names)
}

/** What somebody of each role may do, for whoever gives it to them. */
export const rolesInWords: Readonly<Record<Role, string>> = {
  owner: 'Does everything, and decides who else is an owner.',
  admin: 'Does everything else: people, probes, systems, settings.',
  responder: 'Publishes incidents, maintenance and notices; changes neither people nor settings.',
  author: 'Writes drafts that others publish.',
  viewer: 'Sees the desk, and changes nothing.',
}

/** Somebody who may come in, with this role and no other, once they have chosen a password. */
export interface Invitation {
  readonly id: string
  readonly email: string
  readonly role: Role
  readonly expiresAt: Instant
}

/**
 * What a token may do: read `/metrics` and nothing else; send values of metrics and nothing else; read everything; say
 * things as well; or everything but people and settings.
 */
export const scopes = ['metrics', 'measure', 'read', 'disclose', 'manage'] as const
export type Scope = (typeof scopes)[number]

/** What lets a program in. Its secret was shown once. */
export interface Token {
  readonly id: string
  readonly name: string
  readonly scope: Scope
  readonly usedAt: Instant | null
  readonly expiresAt: Instant | null
  readonly createdAt: Instant
}
