import type { IcmpSpec } from '../../../domain/probes/kinds/icmp.ts'
import type { Reason } from '../../../domain/probes/finding.ts'
import { judgedAddresses, stopwatch } from '../../../lib/egress.ts'
import { type NoPing, ping } from '../../../lib/ping.ts'
import { Misfit, attempt } from '../attempt.ts'
import type { ProbeKind } from '../kind.ts'

export const icmp: ProbeKind<IcmpSpec> = {
  targetOf: ({ host }) => host,
  async check({ host, family, count }, circumstances) {
    const { egress, lookUp, timeoutMs } = circumstances
    const finding = await attempt(circumstances, async (signal) => {
      const lap = stopwatch()
      const [address] = await judgedAddresses(egress, { host, family, lookUp, signal })
      const dns = lap()
      // What is left of the time, less what it takes to sum up.
      const withinMs = Math.max(100, timeoutMs - dns - summaryMs)
      const told = await ping({ address: address as string, count, withinMs, signal })
      if ('failure' in told) throw new Misfit(reasons[told.failure])
      if (told.sent === 0) throw new Misfit('prober')
      if (told.rtt === null || told.heard === 0)
        throw new Misfit(told.unreachable === 'yes' ? 'unreachable' : 'timeout')
      const loss = Math.max(0, 1 - told.heard / told.sent)
      return { rtt: told.rtt, loss, phases: { dns, connect: 0, tls: null, firstByte: told.rtt, body: 0 } }
    })
    // The pauses between packets are not the other side's.
    return 'rtt' in finding && finding.rtt !== undefined ? { ...finding, ms: Math.round(finding.rtt) } : finding
  },
}

const summaryMs = 300

const reasons: Readonly<Record<NoPing['failure'], Reason>> = {
  missing: 'ping',
  forbidden: 'ping',
  no_route: 'prober',
  unreadable: 'prober',
}
