import type { Finding, Observation, Reason } from '../../domain/probes/finding.ts'
import type { Encryption, Target } from '../../domain/probes/kinds/target.ts'
import { type Certificate, NetworkError, type TlsWishes } from '../../lib/connection.ts'
import { type Dialled, dial } from '../../lib/egress.ts'
import type { Circumstances } from './kind.ts'

/** What a kind found that leaves nothing to observe. */
export class Misfit extends Error {
  readonly reason: Reason
  readonly certificate: Certificate | null

  constructor(reason: Reason, certificate: Certificate | null = null) {
    super(reason)
    this.reason = reason
    this.certificate = certificate
  }
}

/** What was observed; the rest is as it is where nothing was. */
export type Observed = Partial<Omit<Observation, 'ms'>>

/** Runs a check within its time limit. What the network does is what it found; anything else is a bug and goes up. */
export async function attempt(
  { timeoutMs, signal }: Circumstances,
  run: (signal: AbortSignal) => Promise<Observed>,
): Promise<Finding> {
  const begun = performance.now()
  const took = (): number => Math.round(performance.now() - begun)
  try {
    const observed = await run(AbortSignal.any([AbortSignal.timeout(timeoutMs), signal]))
    return { code: null, phases: null, certificate: null, redirects: 0, ...observed, ms: took() }
  } catch (error) {
    if (error instanceof NetworkError) return { fault: error.fault, ms: took(), certificate: error.certificate }
    if (error instanceof Misfit) return { fault: error.reason, ms: took(), certificate: error.certificate }
    throw error
  }
}

/** Connects to what is probed, through the guard. */
export function reach(
  { egress, lookUp }: Circumstances,
  { host, port, family }: Target,
  signal: AbortSignal,
): Promise<Dialled> {
  return dial(egress, { host, port, family, lookUp, signal })
}

/** How the other side has to prove who it is. */
export function wishesOf(host: string, { verifyTls, authority }: Encryption): Omit<TlsWishes, 'signal'> {
  return { host, verify: verifyTls, trusting: authority, alpn: [] }
}
