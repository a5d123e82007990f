import { readDialogue } from '../../../domain/probes/dialogue.ts'
import type { StartTls, TlsSpec } from '../../../domain/probes/kinds/tls.ts'
import { millisecondsOf, wallClock } from '../../../lib/clock.ts'
import type { Certificate } from '../../../lib/connection.ts'
import { dialogue } from '../../../lib/dialogue.ts'
import { stopwatch } from '../../../lib/egress.ts'
import { Misfit, attempt, reach, wishesOf } from '../attempt.ts'
import { holdSteps } from '../dialogue-steps.ts'
import type { ProbeKind } from '../kind.ts'

export const tls: ProbeKind<TlsSpec> = {
  targetOf: ({ host, port }) => `${host}:${port}`,
  check: (spec, circumstances) =>
    attempt(circumstances, async (signal) => {
      const { socket, dns, connect } = await reach(circumstances, spec, signal)
      const talk = dialogue(socket, signal)
      try {
        const lap = stopwatch()
        await holdSteps(talk, stepsBefore(spec.starttls))
        const firstByte = lap()
        const { serverName, authority } = spec
        // Whatever it shows is looked at: `certificate` says what is wrong with it.
        const certificate = await talk.encrypt(wishesOf(serverName, { verifyTls: 'no', authority }))
        if (certificate.fault !== null) throw new Misfit('tls', certificate)
        const notice = endsSoon(certificate, spec.warnDays) ? 'expiring' : null
        return { certificate, notice, phases: { dns, connect, tls: lap(), firstByte, body: 0 } }
      } finally {
        talk.end()
      }
    }),
}

/** What has to be said before encryption may begin. */
const preambles: Readonly<Record<StartTls, string>> = {
  no: '',
  smtp: 'expect /^220 /m\nsend EHLO candor.invalid\\r\\n\nexpect /^250 /m\nsend STARTTLS\\r\\n\nexpect /^220 /m',
  imap: 'expect /^\\* OK/m\nsend a1 STARTTLS\\r\\n\nexpect /^a1 OK/m',
  pop3: 'expect /^\\+OK/m\nsend STLS\\r\\n\nexpect /^\\+OK/m',
  ftp: 'expect /^220 /m\nsend AUTH TLS\\r\\n\nexpect /^234 /m',
  postgres: 'send \\x00\\x00\\x00\\x08\\x04\\xd2\\x16\\x2f\nexpect S',
}

function stepsBefore(starttls: StartTls) {
  const steps = readDialogue(preambles[starttls])
  if ('fault' in steps) throw new Error(`The preamble of ${starttls} cannot be read: ${steps.fault}`)
  return steps
}

const dayMs = 86_400_000

function endsSoon({ validUntil }: Certificate, warnDays: number | null): boolean {
  return warnDays !== null && Date.parse(validUntil) - millisecondsOf(wallClock.now()) < warnDays * dayMs
}
