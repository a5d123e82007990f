import type { Db } from '../../database/database.ts'
import { check } from '../../lib/check.ts'
import { type Clock, type Instant, instantOf, later, millisecondsOf } from '../../lib/clock.ts'
import { Conflict } from '../../lib/errors.ts'
import type { Unchecked } from '../../lib/fields.ts'
import type { Passwords } from '../../lib/passwords.ts'
import { isSame, sign } from '../../lib/secrets.ts'
import type { Actor } from '../changes/actor.ts'
import type { Change, Changer } from '../changes/change.ts'
import { createAccount } from './commands.ts'
import { type Person, person } from './input.ts'
import { assertPassword } from './password-rules.ts'
import { hasOwner } from './queries.ts'

/** Long enough to open a link that was just printed; an old log is no key. Each start, and each late try, prints a new one. */
const validSeconds = 15 * 60

export interface FirstRunParts {
  readonly db: Db
  readonly clock: Clock
  /** The key of this installation: the link is signed with it, so nothing has to be kept. */
  readonly key: string
  readonly config: { readonly url: string }
}

/** The address at which the first owner is made; null once there is one. */
export async function setUpLink({ db, clock, key, config }: FirstRunParts): Promise<string | null> {
  if (await hasOwner(db)) return null
  return `${config.url}/setup?secret=${setUpSecret(key, later(clock.now(), validSeconds))}`
}

export type SecretVerdict = 'right' | 'wrong' | 'expired' | 'used'

/** `used`, whatever the secret, as soon as there is an owner. */
export async function judgeSecret({ db, clock, key }: FirstRunParts, secret: string): Promise<SecretVerdict> {
  if (await hasOwner(db)) return 'used'
  const until = untilOf(secret)
  if (!until || !isSame(secret, setUpSecret(key, until))) return 'wrong'
  return until > clock.now() ? 'right' : 'expired'
}

/**
 * The first owner, and never a second one this way: whether there is one is asked inside the change, and changes come
 * one after the other. What is done `alongside` is done with it, or not at all.
 */
export async function createFirstOwner(
  { db, change, passwords, site }: { db: Db; change: Changer; passwords: Passwords; site: string },
  input: Unchecked<Person>,
  password: string,
  actor: Actor = { kind: 'setup' },
  alongside: (change: Change) => Promise<void> = () => Promise.resolve(),
): Promise<string> {
  const { name, email } = check(person, input)
  assertPassword(password, { email, name, site })
  if (await hasOwner(db)) throw alreadySetUp()
  // Outside of the change: hashing takes longer than a change may.
  const passwordHash = await passwords.hash(password)
  return change(actor, async (it) => {
    if (await hasOwner(it.tx)) throw alreadySetUp()
    await alongside(it)
    return createAccount(it, { email: email.toLowerCase(), name, role: 'owner', passwordHash })
  })
}

function alreadySetUp(): Conflict {
  return new Conflict('This site has an owner already. Sign in, or ask them to invite you.')
}

/** When it ends, and the signature of that. */
function setUpSecret(key: string, until: Instant): string {
  const seconds = Math.floor(millisecondsOf(until) / 1000).toString(36)
  return `${seconds}.${sign(key, `set-up until ${seconds}`)}`
}

function untilOf(secret: string): Instant | null {
  const seconds = /^([0-9a-z]{1,7})\./.exec(secret)?.[1]
  return seconds === undefined ? null : instantOf(Number.parseInt(seconds, 36) * 1000)
}
