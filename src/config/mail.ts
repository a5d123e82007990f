import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { domainOf, isMailAddress, mailbox } from '../lib/mail-address.ts'
import { type Setting, matching, refuse } from '../lib/settings.ts'
import { smtpAddress } from '../lib/smtp-address.ts'

/** With which server mail is sent, and in whose name. */
export interface MailConfig {
  readonly smtpUrl: string | null
  /** `Northwind Status <status@northwind.example>` */
  readonly mailFrom: string | null
  readonly mailReplyTo: string | null
  readonly mailLeaveTo: string | null
  /** The path of a file. */
  readonly dkimKey: string | null
  readonly dkimSelector: string | null
}

export const mailOtherwise: MailConfig = {
  smtpUrl: null,
  mailFrom: null,
  mailReplyTo: null,
  mailLeaveTo: null,
  dkimKey: null,
  dkimSelector: null,
}

export const mailSettings: { readonly [Key in keyof MailConfig]: Setting<MailConfig[Key]> } = {
  smtpUrl: {
    name: 'CANDOR_SMTP_URL',
    otherwise: 'none',
    meaning:
      'The server that sends mail. With smtp:// it must offer STARTTLS, unless it is this machine; ?tls=never says that it need not, ?tls=required that this machine must.',
    accepts: 'smtp:// or smtps:// with user and password if need be, host and port',
    read: smtpUrl,
  },
  mailFrom: {
    name: 'CANDOR_MAIL_FROM',
    otherwise: 'none',
    meaning: 'In whose name mail is sent. Without a name before it, the address is shown with that of the site.',
    accepts: 'an address, or a name and an address: Northwind Status <status@northwind.example>',
    read: (text) => matching(text, mailbox(text) !== null),
  },
  mailReplyTo: {
    name: 'CANDOR_MAIL_REPLY_TO',
    otherwise: 'none',
    meaning: 'Who gets what people answer.',
    accepts: 'an address',
    read: (text) => matching(text, isMailAddress(text)),
  },
  mailLeaveTo: {
    name: 'CANDOR_MAIL_LEAVE_TO',
    otherwise: 'none',
    meaning:
      'An address whose mail is handed to Candor (docs/mail.md): mail programs then offer to unsubscribe by mail as well.',
    accepts: 'an address',
    read: (text) => matching(text, isMailAddress(text)),
  },
  dkimKey: {
    name: 'CANDOR_DKIM_KEY',
    otherwise: 'none',
    meaning:
      'The file with the key that signs mail (DKIM). “candor dkim” makes one, and the record that belongs to it.',
    accepts: 'the path of a file in PEM with an RSA key of 2048 bits or more',
    read: (text) => text,
  },
  dkimSelector: {
    name: 'CANDOR_DKIM_SELECTOR',
    otherwise: 'none',
    meaning: 'Under which name the public half of that key stands in the DNS: <selector>._domainkey.<domain>.',
    accepts: 'letters, digits and hyphens: candor',
    read: (text) => matching(text, isSelector(text)),
  },
}

export function isSelector(text: string): boolean {
  return text.length <= 63 && /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i.test(text)
}

/** What does not go together. */
export function mailProblems(config: MailConfig): string[] {
  const problems: string[] = []
  if (config.smtpUrl !== null && config.mailFrom === null) {
    problems.push('CANDOR_SMTP_URL: CANDOR_MAIL_FROM has to be set too: mail is sent in somebody’s name.')
  }
  if ((config.dkimKey === null) !== (config.dkimSelector === null)) {
    problems.push('CANDOR_DKIM_KEY and CANDOR_DKIM_SELECTOR: either both are set or neither is.')
  }
  const fault = config.dkimKey === null ? null : keyFault(config.dkimKey)
  return fault === null ? problems : [...problems, `CANDOR_DKIM_KEY: ${fault}`]
}

/** The key that signs, and for whom; null: mail is not signed here. */
export function dkimOf({
  mailFrom,
  dkimKey,
  dkimSelector: selector,
}: MailConfig): { readonly domain: string; readonly selector: string; readonly privateKey: string } | null {
  const from = mailFrom === null ? null : mailbox(mailFrom)
  if (from === null || dkimKey === null || selector === null) return null
  return { domain: domainOf(from.address), selector, privateKey: readFileSync(dkimKey, 'utf8') }
}

/** Said at the start, and not in the night in which the first mail is sent. */
function keyFault(path: string): string | null {
  let pem: string
  try {
    pem = readFileSync(path, 'utf8')
  } catch {
    return `${path} cannot be read.`
  }
  try {
    const key = createPrivateKey(pem)
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
    return key.asymmetricKeyType === 'rsa' && bits >= 2048 ? null : `${path} holds no RSA key of 2048 bits or more.`
  } catch {
    return `${path} holds no private key in PEM.`
  }
}

function smtpUrl(text: string): string {
  const address = smtpAddress(text)
  return 'fault' in address ? refuse(address.fault) : text
}
