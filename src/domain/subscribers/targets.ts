import { domainToASCII } from 'node:url'
import { check } from '../../lib/check.ts'
import { Invalid } from '../../lib/errors.ts'
import { amongOthers, choice, fields, optional, text } from '../../lib/fields.ts'
import type { ChannelKind, Target } from './channel.ts'
import { hostFault } from './hosts.ts'
import { readPhoneNumber } from './phone-number.ts'
import { readPushTarget } from './push-hosts.ts'

/** How a webhook is told: in our own form, signed as Standard Webhooks prescribe, or in the one of Statuspage. */
export const webhookFormats = ['standard', 'statuspage'] as const

/**
 * Checks where a channel should lead, writes it in its one form, and names the field that is at fault. `pushHosts` are the
 * services of browsers that the operator of this machine added.
 */
export function readTarget(
  kind: ChannelKind,
  input: Readonly<Record<string, unknown>>,
  { pushHosts = [] }: { readonly pushHosts?: readonly string[] } = {},
): Target {
  switch (kind) {
    case 'email':
      return { address: normalAddress(check(mail, input).address) }
    case 'webhook': {
      const { url, format } = check(webhook, input)
      return { url: normalUrl(url), format: format ?? 'standard' }
    }
    case 'slack':
    case 'discord':
    case 'teams':
    case 'google-chat':
    case 'mattermost':
    case 'ntfy':
      return { url: placeOf(kind, check(incoming, input).url) }
    case 'sms':
      return { number: numberOf(check(phone, input).number) }
    case 'telegram':
      return { chat: check(chat, input).chat }
    case 'web-push':
      return readPushTarget(input, pushHosts)
  }
}

/** An address in the strict form that every mail server reads alike: no quotes, no lists, nothing that ends a header. */
const mailAddress = text('word', 'an e-mail address such as ada@example.org', (value) =>
  normalised(value) === null ? 'must be an e-mail address such as ada@example.org' : null,
)

const httpsUrl = text('word', 'an address such as https://example.org/hook', urlFault)

const mail = amongOthers(fields({ address: mailAddress }))
const webhook = amongOthers(fields({ url: httpsUrl, format: optional(choice(webhookFormats)) }))
const incoming = amongOthers(fields({ url: httpsUrl }))
const phone = amongOthers(
  fields({
    number: text('line', 'a phone number with its country, such as +351912345678', (value) =>
      readPhoneNumber(value) === null ? 'must be a phone number with its country, such as +351912345678' : null,
    ),
  }),
)
const chat = amongOthers(
  fields({
    chat: text('word', 'the number of a chat', (value) =>
      /^-?\d{1,20}$/.test(value) ? null : 'must be the number of a chat',
    ),
  }),
)
function normalAddress(value: string): string {
  const address = normalised(value)
  if (address === null) throw new Invalid('The address must be an e-mail address such as ada@example.org.', 'address')
  return address
}

const mostOfAddress = 254
const mostOfLocalPart = 64

/** The domain as the network writes it, in lower case; the part before it as it was given, because it is their server's. */
function normalised(value: string): string | null {
  const at = value.lastIndexOf('@')
  const local = value.slice(0, Math.max(at, 0))
  // Without `%` and `!`, by which a server could be asked to send on elsewhere.
  if (local.length > mostOfLocalPart || !/^[\w#$&'*+/=?^{}~-]+(\.[\w#$&'*+/=?^{}~-]+)*$/.test(local)) return null
  const domain = domainOf(value.slice(at + 1))
  const address = `${local}@${domain}`
  return domain === null || address.length > mostOfAddress ? null : address
}

function domainOf(written: string): string | null {
  // What only an address of a page may hold would be taken away in silence.
  if (/[^\p{L}\p{M}\p{N}\p{Join_Control}.-]/u.test(written)) return null
  const domain = domainToASCII(written.normalize('NFC')).toLowerCase()
  const labels = domain.split('.')
  const isName = labels.length > 1 && labels.every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label))
  return isName && /[a-z]/.test(labels.at(-1) ?? '') && domain.length <= 253 ? domain : null
}

const mostOfUrl = 2000

function urlFault(value: string): string | null {
  const words = 'must be an address that begins with https://, such as https://example.org/hook'
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  if (value.length > mostOfUrl || /[\s\\\u0000-\u001f\u007f]/.test(value) || !URL.canParse(value)) return words
  const { protocol, username, password, hostname } = new URL(value)
  if (protocol !== 'https:') return words
  if (username !== '' || password !== '') return 'must not hold a user name or a password'
  return hostname === '' ? words : null
}

/** At the service that it is said to be of, so that nobody has us write to strangers in its form. */
function placeOf(kind: ChannelKind, value: string): string {
  const fault = hostFault(kind, new URL(value))
  if (fault !== null) throw new Invalid(`The address ${fault}.`, 'url')
  return normalUrl(value)
}

/** As the network reads it; a fragment is never sent. */
function normalUrl(value: string): string {
  const url = new URL(value)
  url.hash = ''
  return url.href
}

function numberOf(value: string): string {
  const number = readPhoneNumber(value)
  if (number === null) throw new Invalid('The number must be a phone number with its country.', 'number')
  return number
}
