import type { MailCheck, MailFinding } from '../../domain/deliveries/mail-check.ts'
import { domainOf, mailbox } from '../../lib/mail-address.ts'
import { textsAt } from '../../lib/resolver.ts'
import { smtpAddress } from '../../lib/smtp-address.ts'
import { dkimFinding, dmarcFinding, spfFinding } from './mail-records.ts'
import type { MailMeans } from './means.ts'
import { greetServer } from './smtp.ts'
import { type SmtpFault, outcomeOfSmtp } from './smtp-outcome.ts'

/** Greets the server, and looks at what the DNS says of the domain in whose name mail is sent. Sends nothing. */
export async function checkMail(
  mail: MailMeans,
  { dnsServers }: { readonly dnsServers: readonly string[] },
): Promise<MailCheck> {
  const lookUp = textsAt({ servers: dnsServers })
  const domain = domainOf(mailbox(mail.from)?.address ?? '')
  const address = smtpAddress(mail.smtpUrl)
  const host = 'fault' in address ? '' : address.host
  return Promise.all([
    serverFinding(mail, host),
    spfFinding(domain, host, lookUp),
    dkimFinding(mail.dkim, lookUp),
    dmarcFinding(domain, lookUp),
  ])
}

async function serverFinding(mail: MailMeans, host: string): Promise<MailFinding> {
  const about = 'server'
  try {
    await greetServer(mail)
    return { about, verdict: 'well', found: `${host} takes mail from us`, remedy: null, record: null }
  } catch (error) {
    const { reason, code } = { reason: 'unreachable', ...outcomeOfSmtp(error as SmtpFault) }
    const found = `${host} takes no mail from us: ${reason}${code === null ? '' : ` (${code})`}`
    return { about, verdict: 'wrong', found, remedy: remedies[reason] ?? 'Check CANDOR_SMTP_URL.', record: null }
  }
}

const remedies: Readonly<Record<string, string>> = {
  insecure:
    'It offers no encryption, or has a certificate that this machine does not trust (NODE_EXTRA_CA_CERTS adds an authority).',
  'not allowed': 'Check the user and the password in CANDOR_SMTP_URL.',
  unreachable: 'Check the host and the port in CANDOR_SMTP_URL, and whether a firewall is between.',
  'timed out': 'Check the host and the port in CANDOR_SMTP_URL, and whether a firewall is between.',
}
