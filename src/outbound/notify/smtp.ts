import type { Transporter } from 'nodemailer'
import type { SMTPPoolOptions, SMTPPoolSentMessageInfo } from 'nodemailer/lib/smtp-pool'
import { domainOf, mailbox } from '../../lib/mail-address.ts'
import { smtpAddress } from '../../lib/smtp-address.ts'
import type { MailMeans } from './means.ts'

/** All of a letter: under the two minutes for which it is claimed, so that nobody else sends it meanwhile. */
export const longestSendMs = 90_000

export type Pool = Transporter<SMTPPoolSentMessageInfo>

type ServerMeans = Pick<MailMeans, 'smtpUrl' | 'from'>

/** What most servers let one sender do at a time. */
const connections = 8
const mailsOverOne = 100

/** Connections to our server, made as they are needed. */
export async function openPool(means: ServerMeans): Promise<Pool> {
  const { createTransport } = await import('nodemailer')
  return createTransport({
    ...smtpOptions(means),
    pool: true,
    maxConnections: connections,
    maxMessages: mailsOverOne,
    // Where the server had hung up meanwhile, over a new line; what may have been taken is decided by the delivery.
    maxRequeues: 1,
    idleTimeout: 30_000,
  })
}

/** Connects, encrypts and signs in, and sends nothing. Throws an `SmtpFault` where that is not possible. */
export async function greetServer(means: ServerMeans): Promise<void> {
  const { createTransport } = await import('nodemailer')
  await createTransport(smtpOptions(means)).verify()
}

/** How our server is spoken to. Nothing falls back to the clear, and certificates are checked. */
function smtpOptions({ smtpUrl, from }: ServerMeans): SMTPPoolOptions {
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
