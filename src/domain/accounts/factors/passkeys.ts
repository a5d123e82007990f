import { isIP } from 'node:net'
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server'
import type { Db } from '../../../database/database.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Ids } from '../../../lib/ids.ts'
import { type Asked, makeChallenge, takeChallenge } from './challenges.ts'

export interface PasskeyParts {
  readonly db: Db
  readonly clock: Clock
  readonly ids: Ids
  readonly config: { readonly url: string }
}

/** Ed25519, P-256, RSA: what all devices have, as COSE numbers them. */
const algorithms = [-8, -7, -257]

/** Of a passkey that a browser has just made. */
export interface NewPasskey {
  readonly credentialId: string
  readonly publicKey: string
  readonly counter: number
  readonly transports: readonly string[]
}

/** Browsers have passkeys where the page is safe from whoever sits on the line, and has a name. */
export function passkeysWork(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  if (isIP(hostname.replaceAll(/[[\]]/g, '')) !== 0) return false
  return protocol === 'https:' || hostname === 'localhost' || hostname.endsWith('.localhost')
}

/** What a browser needs to make a passkey. Not one on a device that has one of theirs already. */
export async function offerPasskey(
  parts: PasskeyParts,
  asked: Asked & { readonly network: string },
  { account, site }: { account: { id: string; name: string; email: string }; site: string },
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { generateRegistrationOptions } = await import('@simplewebauthn/server')
  return generateRegistrationOptions({
    rpName: site,
    rpID: rpId(parts),
    userName: account.email,
    userDisplayName: account.name,
    userID: new Uint8Array(Buffer.from(account.id)),
    challenge: await makeChallenge(parts, asked),
    // Who made the device is nothing to us.
    attestationType: 'none',
    supportedAlgorithmIDs: algorithms,
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    excludeCredentials: await credentialsOf(parts.db, account.id),
  })
}

/** What a browser needs to use a passkey; `accountId` null: the browser says whose. */
export async function askForPasskey(
  parts: PasskeyParts,
  asked: Asked & { readonly network: string },
  accountId: string | null,
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const { generateAuthenticationOptions } = await import('@simplewebauthn/server')
  return generateAuthenticationOptions({
    rpID: rpId(parts),
    challenge: await makeChallenge(parts, asked),
    userVerification: 'required',
    ...(accountId === null ? {} : { allowCredentials: await credentialsOf(parts.db, accountId) }),
  })
}

/** Null: what the browser sent is not what it was asked for, here and now. */
export async function readNewPasskey(parts: PasskeyParts, asked: Asked, answer: string): Promise<NewPasskey | null> {
  const response = parse<RegistrationResponseJSON>(answer)
  if (!response) return null
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server')
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response,
      ...expected(parts, asked),
      supportedAlgorithmIDs: algorithms,
    })
    if (!verified || !registrationInfo) return null
    const { id, publicKey, counter, transports = [] } = registrationInfo.credential
    return { credentialId: id, publicKey: Buffer.from(publicKey).toString('base64url'), counter, transports }
  } catch {
    // The library throws at whatever is not as it should be: all of it is the same refusal.
    return null
  }
}

export type PasskeyVerdict =
  | { readonly verdict: 'right'; readonly id: string; readonly accountId: string }
  /** Its signature is right, but it counts backwards: there may be a copy of it. */
  | { readonly verdict: 'suspect'; readonly id: string; readonly accountId: string; readonly name: string }
  | { readonly verdict: 'wrong' }

/** Whose passkey answered, if one of ours did what it was asked, and only now. `accountId` null: anybody's. */
export async function judgePasskey(
  parts: PasskeyParts,
  asked: Asked,
  { answer, accountId }: { answer: string; accountId: string | null },
): Promise<PasskeyVerdict> {
  const wrong = { verdict: 'wrong' } as const
  const response = parse<AuthenticationResponseJSON>(answer)
  if (!response || typeof response.id !== 'string') return wrong
  const key = await parts.db
    .selectFrom('passkeys')
    .selectAll()
    .where('credential_id', '=', response.id.replaceAll('\0', ''))
    .executeTakeFirst()
  if (!key || (accountId !== null && key.account_id !== accountId)) return wrong
  const counter = await counterOf(parts, asked, response, key)
  if (counter === null) return wrong
  const { id, account_id: owner, name } = key
  if ((counter > 0 || key.counter > 0) && counter <= key.counter) {
    return { verdict: 'suspect', id, accountId: owner, name }
  }
  const noted = await parts.db
    .updateTable('passkeys')
    .set({ counter, used_at: parts.clock.now() })
    .where('id', '=', id)
    .where('counter', '=', key.counter)
    .returning('id')
    .execute()
  return noted.length === 1 ? { verdict: 'right', id, accountId: owner } : wrong
}

/** Whether it was not removed meanwhile. */
export async function hasPasskey(db: Db, id: string): Promise<boolean> {
  return (await db.selectFrom('passkeys').select('id').where('id', '=', id).executeTakeFirst()) !== undefined
}

/** How often it says that it was used; null: it did not do what it was asked. */
async function counterOf(
  parts: PasskeyParts,
  asked: Asked,
  response: AuthenticationResponseJSON,
  key: { credential_id: string; public_key: string; account_id: string },
): Promise<number | null> {
  const { userHandle } = response.response
  if (userHandle && Buffer.from(userHandle, 'base64url').toString() !== key.account_id) return null
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server')
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      ...expected(parts, asked),
      credential: {
        id: key.credential_id,
        publicKey: new Uint8Array(Buffer.from(key.public_key, 'base64url')),
        // Looked at by `judgePasskey`, once the signature is known to be right.
        counter: 0,
      },
    })
    return verified ? authenticationInfo.newCounter : null
  } catch {
    return null
  }
}

/** All of it from us: the address from the settings, the challenge from the table (CVE-2026-28787). */
function expected({ db, clock, config }: PasskeyParts, asked: Asked) {
  return {
    expectedOrigin: config.url,
    expectedRPID: rpId({ config }),
    requireUserVerification: true,
    expectedChallenge: (challenge: string) => takeChallenge(db, { ...asked, challenge, now: clock.now() }),
  }
}

async function credentialsOf(db: Db, accountId: string): Promise<{ id: string; transports: string[] }[]> {
  const rows = await db
    .selectFrom('passkeys')
    .select(['credential_id', 'transports'])
    .where('account_id', '=', accountId)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({ id: row.credential_id, transports: JSON.parse(row.transports) as string[] }))
}

function rpId({ config }: Pick<PasskeyParts, 'config'>): string {
  return new URL(config.url).hostname
}

function parse<Response extends { readonly response: object }>(text: string): Response | null {
  try {
    const value: unknown = JSON.parse(text)
    const isOne =
      typeof value === 'object' && value !== null && 'response' in value && typeof value.response === 'object'
    return isOne && value.response !== null ? (value as Response) : null
  } catch {
    return null
  }
}
