import { type MailHeaders, decodedWords, mailHeaders, mailParts } from '../../../lib/mail-headers.ts'
import { leave } from '../leaving.ts'
import { type HearingParts, hearReturned } from './reports.ts'

/** What became of a mail that came in. `nothing`: it is none that we can use. */
export type Heard = 'left' | 'already' | 'forged' | 'bounce' | 'nothing'

/** Where whoever leaves by mail may have put the token of their link. Nowhere else: an answer quotes whole letters of ours. */
const places = ['subject', 'to', 'delivered-to', 'x-original-to', 'envelope-to']
/** Larger heads exist, and none of them is of a mail program that leaves. */
const longestHead = 64 * 1024
const mostTokens = 5

/** A mail as it came, with its headers: somebody leaves by `List-Unsubscribe: <mailto:…>`, or a letter came back. */
export async function hearMail(parts: HearingParts, message: string): Promise<Heard> {
  const { head, body } = mailParts(message)
  const headers = mailHeaders(head.slice(0, longestHead))
  if (isReport(headers)) return hearReport(parts, body)
  return leaveBy(
    parts,
    places.flatMap((name) => headers.get(name) ?? []),
  )
}

/** The same for who hands over the parts of a mail: its subject, and to whom it was. */
export async function leaveBy(parts: HearingParts, texts: readonly string[]): Promise<Heard> {
  const tokens = new Set(texts.flatMap((text) => tokensIn(decodedWords(text.slice(0, 2000)))))
  let became: Heard = 'nothing'
  for (const token of [...tokens].slice(0, mostTokens)) {
    became = await leave(parts, token)
    if (became !== 'forged') return became
  }
  return became
}

/** As `links.ts` writes them. */
function tokensIn(text: string): string[] {
  return text.match(/(?<![\w.-])[\w-]{1,64}\.\d{1,12}\.[\w-]{43}(?![\w-])/g) ?? []
}

/** RFC 3464. */
function isReport(headers: MailHeaders): boolean {
  const [type = ''] = headers.get('content-type') ?? []
  return /^multipart\/report\b/i.test(type) && /\breport-type="?delivery-status\b/i.test(type)
}

/** Only that there is no such mailbox: of all else the next letter may arrive. As `smtp-outcome.ts` reads it. */
const gone = /^5\.(?:1\.\d{1,3}|2\.1|4\.4)$/

async function hearReport(parts: HearingParts, body: string): Promise<Heard> {
  const fields = (name: string): string[] =>
    Array.from(body.matchAll(new RegExp(`^${name}:[ \\t]*([^\\r\\n]{1,400})`, 'gim')), ([, value = '']) => value.trim())
  const hasFailed = fields('Action').some((value) => /^failed\b/i.test(value))
  const isGone = fields('Status').some((value) => gone.test(value.split(/[\s(]/)[0] ?? ''))
  // `<number>.<time>.<recipient>@domain`, as `mail.ts` writes it: the letter that came back, or its head.
  const [, recipient] = /^<\d+\.(?:[a-z0-9]{1,12}\.)?([\w-]{1,64})@[^>\s]*>/.exec(fields('Message-ID')[0] ?? '') ?? []
  if (!hasFailed || !isGone || recipient === undefined) return 'nothing'
  const addresses = [...fields('Final-Recipient'), ...fields('Original-Recipient')].map(
    (value) => value.split(';').at(-1)?.trim() ?? '',
  )
  return (await hearReturned(parts, { recipient, addresses: addresses.slice(0, mostTokens) })) === 'heard'
    ? 'bounce'
    : 'nothing'
}
