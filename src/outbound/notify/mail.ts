import type { SendMailOptions } from 'nodemailer'
import { domainOf, mailbox } from '../../lib/mail-address.ts'
import type { Letter } from './letter.ts'
import { layoutOf } from './mail-body.ts'
import type { MailMeans } from './means.ts'

/**
 * A letter as a mail: its headers, and both parts of its body. The same letter has the same Message-ID at every attempt, and
 * every letter of a conversation refers to one root that was never sent, so that programs show it as one.
 */
export function mailOf(letter: Letter, address: string, { from, replyTo, dkim }: MailMeans): SendMailOptions {
  const sender = mailbox(from) ?? { name: '', address: '' }
  const domain = domainOf(sender.address)
  const root = `<${idPart(letter.thread)}.${idPart(recipientOf(letter.key))}@${domain}>`
  const { text, html } = layoutOf(letter)
  return {
    from: { name: oneLine(sender.name || letter.site.name), address: sender.address },
    to: { name: '', address },
    envelope: { from: sender.address, to: address },
    ...(replyTo === null ? {} : { replyTo: { name: '', address: replyTo } }),
    subject: oneLine(letter.subject),
    messageId: `<${idPart(letter.key)}@${domain}>`,
    inReplyTo: root,
    references: root,
    text,
    html,
    headers: {
      // Nobody's holiday note is to answer it.
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      // RFC 8058 has it by https alone; else the address is a page that a person opens.
      ...(letter.leave?.url.startsWith('https:') ? { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' } : {}),
    },
    ...(letter.leave === null ? {} : { list: listOf(letter.site, letter.leave) }),
    ...(dkim === null ? {} : { dkim: signedBy(dkim) }),
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

/** Which list it is, and how it is left. Letters to an account belong to none. */
function listOf(site: Letter['site'], { url, mailto }: NonNullable<Letter['leave']>): SendMailOptions['list'] & object {
  const id = URL.parse(site.url)?.hostname ?? 'localhost'
  const name = oneLine(site.name)
  return {
    // A name that had to be encoded would be one word without end; it may be left out.
    id: /^[\x20-\x7e]{1,60}$/.test(name) ? { url: id, comment: name } : id,
    unsubscribe: [[url, ...(mailto === null ? [] : [mailto])]],
  }
}

/** What a receiver may rely on. RFC 8058 wants the last two covered: else anybody could make a mail that ends a subscription. */
const signedHeaders = [
  'From',
  'To',
  'Reply-To',
  'Subject',
  'Date',
  'Message-ID',
  'In-Reply-To',
  'References',
  'MIME-Version',
  'Content-Type',
  'Content-Transfer-Encoding',
  'List-Id',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
]

function signedBy({
  domain,
  selector,
  privateKey,
}: NonNullable<MailMeans['dkim']>): NonNullable<SendMailOptions['dkim']> {
  return { domainName: domain, keySelector: selector, privateKey, headerFieldNames: signedHeaders.join(':') }
}

/** `<lead message number>.<its time>.<recipient id>` */
function recipientOf(key: string): string {
  return key.slice(key.lastIndexOf('.') + 1)
}

/** Of what stands before the @ of an id, as every program reads it. */
function idPart(text: string): string {
  return text.replaceAll(/[^\w.-]+/g, '-')
}

/** No control characters, so that nothing becomes a line of its own. */
export function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()
}
