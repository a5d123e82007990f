import { type Static, choice, fields, line, optional, text, whole } from '../../lib/fields.ts'
import { isMailAddress } from '../../lib/mail-address.ts'
import { roles, scopes } from './account.ts'

export const emailAddress = text('word', 'an e-mail address such as ada@example.org', (value) =>
  isMailAddress(value) ? null : 'must be an e-mail address such as ada@example.org',
)

/** Passwords stand in no schema: they are never tidied, and every character counts (`password-rules.ts`). */
export const person = fields({ name: line(80), email: emailAddress })
export type Person = Static<typeof person>

export const newInvitation = fields({ email: emailAddress, role: choice(roles) })
export type NewInvitation = Static<typeof newInvitation>

export const personName = fields({ name: line(80) })

export const roleChoice = fields({ role: choice(roles) })

export const newToken = fields({ name: line(80), scope: choice(scopes), expiresInDays: optional(whole(1, 3660)) })
export type NewToken = Static<typeof newToken>

/** How long the secret before goes on working: at most a week. */
export const overlap = fields({ overlapHours: whole(0, 7 * 24) })
export type Overlap = Static<typeof overlap>
