import { type Step, greetings, readDialogue } from '../../../domain/probes/dialogue.ts'
import type { TcpSpec } from '../../../domain/probes/kinds/tcp.ts'
import type { Certificate } from '../../../lib/connection.ts'
import { type Dialogue, dialogue } from '../../../lib/dialogue.ts'
import { stopwatch } from '../../../lib/egress.ts'
import { type Observed, Misfit, attempt, reach, wishesOf } from '../attempt.ts'
import { holdSteps } from '../dialogue-steps.ts'
import type { ProbeKind } from '../kind.ts'

export const tcp: ProbeKind<TcpSpec> = {
  targetOf: ({ host, port }) => `${host}:${port}`,
  check: (spec, circumstances) =>
    attempt(circumstances, async (signal) => {
      const { socket, dns, connect } = await reach(circumstances, spec, signal)
      const talk = dialogue(socket, signal)
      try {
        const { body, certificate, tls, firstByte } = await hold(talk, spec)
        return { body, certificate, phases: { dns, connect, tls, firstByte, body: 0 } }
      } finally {
        talk.end()
      }
    }),
}

interface Held extends Pick<Observed, 'body'> {
  readonly body: Buffer
  readonly certificate: Certificate | null
  readonly tls: number | null
  /** What the dialogue took, without the handshake. */
  readonly firstByte: number
}

/** Holds the dialogue to its end; throws where it goes another way. */
async function hold(talk: Dialogue, spec: TcpSpec): Promise<Held> {
  const lap = stopwatch()
  let certificate: Certificate | null = null
  let tls: number | null = null
  let firstByte = 0
  const encrypt = async (): Promise<void> => {
    firstByte += lap()
    certificate = await talk.encrypt(wishesOf(spec.host, spec))
    tls = lap()
  }
  if (spec.tls === 'yes') await encrypt()
  await holdSteps(talk, stepsOf(spec), encrypt)
  return { body: talk.heard, certificate, tls, firstByte: firstByte + lap() }
}

function stepsOf({ speaks, dialogue }: TcpSpec): readonly Step[] {
  const steps = readDialogue(dialogue ?? (speaks === 'anything' ? '' : greetings[speaks].text))
  // A newer version may have kept one that this one cannot read.
  if ('fault' in steps) throw new Misfit('prober')
  return steps
}
