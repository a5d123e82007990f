import type { Socket } from 'node:net'
import type { Target } from '../../domain/probes/kinds/target.ts'
import { type Certificate, NetworkError, type TlsWishes, startTls } from '../../lib/connection.ts'
import { stopwatch } from '../../lib/egress.ts'
import { Misfit, type Observed, reach } from './attempt.ts'
import type { Circumstances } from './kind.ts'

export interface Opening {
  readonly target: Target
  /** Null: nothing is encrypted. */
  readonly secure: Omit<TlsWishes, 'signal'> | null
  readonly signal: AbortSignal
}

/** What was observed, and when the first of it came, on the clock of `performance.now()`. */
export interface Talked extends Omit<Observed, 'phases' | 'certificate'> {
  readonly firstByteAt: number
}

/** Opens a connection for one question, and closes it. The certificate is kept whatever comes after it. */
export async function onConnection(
  circumstances: Circumstances,
  { target, secure, signal }: Opening,
  talk: (socket: Socket) => Promise<Talked>,
): Promise<Observed> {
  const dialled = await reach(circumstances, target, signal)
  const { dns, connect } = dialled
  let { socket } = dialled
  let certificate: Certificate | null = null
  const lap = stopwatch()
  try {
    let tls: number | null = null
    if (secure) {
      const secured = await startTls(socket, { ...secure, signal })
      socket = secured.socket
      certificate = secured.certificate
      tls = lap()
    }
    const { firstByteAt, ...observed } = await talk(socket)
    return { ...observed, phases: { dns, connect, tls, firstByte: lap(firstByteAt), body: lap() }, certificate }
  } catch (error) {
    if (error instanceof Misfit) throw new Misfit(error.reason, certificate)
    if (!(error instanceof NetworkError) || error.certificate !== null) throw error
    throw new NetworkError(error.fault, error.cause, certificate)
  } finally {
    socket.destroy()
  }
}
