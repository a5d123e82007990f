import { type UdpSpec, expectation, packetOf } from '../../../domain/probes/kinds/udp.ts'
import { NetworkError } from '../../../lib/connection.ts'
import { type Datagrams, openDatagrams } from '../../../lib/datagrams.ts'
import { judgedAddresses, stopwatch } from '../../../lib/egress.ts'
import { Misfit, type Observed, attempt } from '../attempt.ts'
import type { ProbeKind } from '../kind.ts'

export const udp: ProbeKind<UdpSpec> = {
  targetOf: ({ host, port }) => `${host}:${port}`,
  check: (spec, { egress, lookUp, timeoutMs, signal: stopping }) =>
    attempt({ egress, lookUp, timeoutMs, signal: stopping }, async (signal) => {
      const { host, port, family } = spec
      const lap = stopwatch()
      const [address] = await judgedAddresses(egress, { host, family, lookUp, signal })
      const dns = lap()
      const datagrams = await openDatagrams(address as string, port, signal)
      try {
        const heard = await sendAndHear(datagrams, spec, Math.min(refusalMs, timeoutMs / 2))
        const phases = { dns, connect: 0, tls: null, firstByte: lap(), body: 0 }
        return heard === null ? { phases: null } : { ...heard, phases, rtt: phases.firstByte }
      } finally {
        datagrams.close()
      }
    }),
}

/** As long as a refusal may be on its way back, where nothing else is waited for. */
const refusalMs = 1000
/** A packet may get lost without anybody being down. */
const againAfterMs = 1500

async function sendAndHear(datagrams: Datagrams, spec: UdpSpec, patienceMs: number): Promise<Observed | null> {
  const packet = packetOf(spec)
  const isIt = spec.expect === null ? null : expectation(spec.expect)
  // A newer version may have kept one that this one cannot read.
  if (packet === null || typeof isIt === 'string') throw new Misfit('prober')
  datagrams.send(packet)
  if (isIt === null) {
    await datagrams.quiet(patienceMs)
    return null
  }
  const again = setTimeout(() => datagrams.send(packet), againAfterMs)
  let heardElse = false
  try {
    return await datagrams.hear((heard) => {
      heardElse = true
      return isIt(heard) ? { body: heard } : null
    })
  } catch (error) {
    if (error instanceof NetworkError && error.fault === 'timeout' && heardElse) throw new Misfit('unexpected')
    throw error
  } finally {
    clearTimeout(again)
  }
}
