import type { SMTPPoolOptions } from 'nodemailer/lib/smtp-pool'
import { domainOf, mailbox } from '../../lib/mail-address.ts'
import { smtpAddress } from '../../lib/smtp-address.ts'
import type { MailMeans } from './means.ts'

/** All of a letter: under the two minutes for which it is claimed, so that nobody else sends it meanwhile. */
export const longestSendMs = 90_000

/** How our server is spoken to. Nothing falls back to the clear, and certificates are checked. */
export function smtpOptions({ smtpUrl, from }: Pick<MailMeans, 'smtpUrl' | 'from'>): SMTPPoolOptions {
  const address = smtpAddress(smtpUrl)
  const sender = mailbox(from)
  if ('fault' in address || sender === null) throw new Error('These settings should not have been accepted.')
  const { host, port, user, password, tls } = address
  return {
    host,
    port,
    ...(user === '' ? {} : { auth: { user, pass: password } }),
    secure: tls === 'at once',
    requireTLS: tls === 'by STARTTLS',
    ignoreTLS: tls === 'never',
    tls: { minVersion: 'TLSv1.2', rejectUnauthorized: true },
    // What this machine is called is nobody's business.
    name: domainOf(sender.address),
    dnsTimeout: 10_000,
    connectionTimeout: 15_000,
    greetingTimeout: 15_000,
    socketTimeout: 45_000,
    maxResponseSize: 64 * 1024,
    // What it says repeats addresses.
    logger: false,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}
