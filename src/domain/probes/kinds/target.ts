import { Invalid } from '../../../lib/errors.ts'
import { choice, line, optional, prose, whole } from '../../../lib/fields.ts'
import { hostOf, isAddress, readTarget } from '../../../lib/guard.ts'
import type { FieldForm } from './kind.ts'

/** Where something that is not a URL is reached. */
export interface Target {
  readonly host: string
  readonly port: number
  readonly family: 'any' | 'ipv4' | 'ipv6'
}

/** How what is said to it is kept from others. */
export interface Encryption {
  readonly verifyTls: 'yes' | 'no'
  /** An authority of one's own, as PEM. */
  readonly authority: string | null
}

export const targetAsks = {
  host: line(255),
  port: optional(whole(1, 65_535)),
  family: optional(choice(['any', 'ipv4', 'ipv6'])),
}

const host: FieldForm = { label: 'Host', placeholder: 'mail.example.com' }
const port: FieldForm = { label: 'Port' }
const family: FieldForm = {
  label: 'Internet protocol',
  usual: 'any',
  choices: { any: 'IPv4 or IPv6, whichever answers', ipv4: 'IPv4 only', ipv6: 'IPv6 only' },
  place: 'more',
}
export const targetForm = { host, port, family } satisfies Record<keyof typeof targetAsks, FieldForm>

export const encryptionAsks = {
  verifyTls: optional(choice(['yes', 'no'])),
  authority: optional(prose(20_000)),
}

const verifyTls: FieldForm = {
  label: 'Certificate',
  usual: 'yes',
  choices: { yes: 'Must be valid', no: 'Not looked at' },
  place: 'more',
}
const authority: FieldForm = {
  label: 'Authority that is trusted as well',
  hint: 'As PEM, for certificates of an authority of your own.',
  as: 'mono',
  placeholder: '-----BEGIN CERTIFICATE-----',
  place: 'more',
}
export const encryptionForm = { verifyTls, authority } satisfies Record<keyof typeof encryptionAsks, FieldForm>

interface GivenTarget {
  readonly host: string
  readonly port?: number | null
  readonly family?: Target['family'] | null
}

/** Reads where it is; without `usualPort` the port has to be said. */
export function readTargetFields({ host, port, family }: GivenTarget, usualPort: number | null): Target {
  const chosen = port ?? usualPort
  if (chosen === null) throw new Invalid('Say which port it listens on.', 'port')
  return { host: readHost(host), port: chosen, family: family ?? 'any' }
}

/** A name or an address, as it will be asked for: `127.1` is 127.0.0.1, and `bücher.example` its ASCII form. */
export function readHost(text: string, field = 'host'): string {
  const bare = text.replace(/^\[(.*)\]$/, '$1')
  const bracketed = bare.includes(':') ? `[${bare}]` : bare
  const target = /[/@?#\\\s]/.test(bare) ? null : readTarget(`http://${bracketed}/`)
  const host = target && 'url' in target ? hostOf(target.url) : ''
  const isKnown = bare.includes(':') ? isAddress(host) : /^[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?$/.test(host)
  if (!isKnown) {
    throw new Invalid('The host must be a name or an address, such as mail.example.com or 192.0.2.7.', field)
  }
  return host
}

interface GivenEncryption {
  readonly verifyTls?: 'yes' | 'no' | null
  readonly authority?: string | null
}

export function readEncryption({ verifyTls, authority = null }: GivenEncryption): Encryption {
  if (authority !== null && !/^-----BEGIN CERTIFICATE-----\n[\s\S]+-----END CERTIFICATE-----$/m.test(authority)) {
    throw new Invalid(
      'An authority is a certificate as PEM: -----BEGIN CERTIFICATE----- and what follows.',
      'authority',
    )
  }
  return { verifyTls: verifyTls ?? 'yes', authority }
}

/** What it is called at a glance: `mail.example.com:25`. */
export function nameOfTarget({ host, port }: Pick<Target, 'host' | 'port'>): string {
  return (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`).slice(0, 100)
}
