import { isMailAddress } from '../../../lib/mail-address.ts'
import type { Channel } from '../channel.ts'
import { mailOf } from '../mail.ts'
import type { MailMeans } from '../means.ts'
import { type Pool, longestSendMs, openPool } from '../smtp.ts'
import { type SmtpFault, codeOf, outcomeOfSmtp } from '../smtp-outcome.ts'

let kept: { readonly means: MailMeans; readonly pool: Promise<Pool> } | null = null

/** Mail, by the server that the operator of the machine named; its connections are kept until `close`. */
export const email: Channel = {
  kind: 'email',
  joins: 'yes',
  // All of it goes through one server.
  destination: () => 'mail',
  async send(letter, target, { means, signal }) {
    const address = target['address'] ?? ''
    if (means.mail === null) return { became: 'later', reason: 'our own fault', code: null }
    // Checked when it was taken in, and here once more: it becomes a line of a header.
    if (!isMailAddress(address)) return { became: 'never', reason: 'cannot be written to', code: null, ends: null }
    const mail = mailOf(letter, address, means.mail)
    const pool = await poolOf(means.mail)
    const until = AbortSignal.any([signal, AbortSignal.timeout(longestSendMs)])
    try {
      const { response } = await pool.sendMail({ ...mail, signal: until })
      return { became: 'accepted', code: codeOf(Number(response.slice(0, 3)), response) }
    } catch (error) {
      return outcomeOfSmtp(error as SmtpFault)
    }
  },
  async close() {
    const last = kept
    kept = null
    const pool = await last?.pool
    pool?.close({ force: true })
  },
}

async function poolOf(means: MailMeans): Promise<Pool> {
  if (kept?.means.smtpUrl !== means.smtpUrl || kept.means.from !== means.from) {
    await email.close?.()
    kept = { means, pool: openPool(means) }
  }
  return kept.pool
}
