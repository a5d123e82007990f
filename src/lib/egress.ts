import type { Socket } from 'node:net'
import { NetworkError, abortFault, openSocket } from './connection.ts'
import { type Network, mayReach } from './guard.ts'
import type { Resolver } from './resolver.ts'

/** What everything that leaves this machine goes through. */
export interface Egress {
  readonly resolver: Resolver
  /** Private networks that may be reached all the same. */
  readonly allow: readonly Network[]
}

/** Which of a name's addresses are used. */
export type Family = 'any' | 'ipv4' | 'ipv6'

export interface Destination {
  /** A name or an address. */
  readonly host: string
  readonly family: Family
  readonly lookUp: 'fresh' | 'cached'
  readonly signal: AbortSignal
}

/** Looks a name up once and judges every address of it; throws a `NetworkError` that says why there is none to go to. */
export async function judgedAddresses(
  egress: Egress,
  { host, family, lookUp, signal }: Destination,
): Promise<readonly string[]> {
  const found = await orAborted(egress.resolver, egress.resolver.lookUp(host, lookUp), signal)
  if ('failure' in found) {
    throw new NetworkError(found.failure === 'unanswered' ? 'resolver' : 'dns', new Error(found.failure))
  }
  // One forbidden address condemns them all: who mixes them is trying something.
  if (!found.addresses.every((address) => mayReach(address, egress.allow))) {
    throw new NetworkError('blocked', new Error('The guard forbids one of the addresses.'))
  }
  const wanted = found.addresses.filter((address) => family === 'any' || isOfFamily(address, family))
  if (wanted.length === 0) throw new NetworkError('dns', new Error(`The name has no address of ${family}.`))
  return wanted
}

function isOfFamily(address: string, family: 'ipv4' | 'ipv6'): boolean {
  return address.includes(':') === (family === 'ipv6')
}

export interface Dialled {
  readonly socket: Socket
  /** Milliseconds of the look-up and of the connection. */
  readonly dns: number
  readonly connect: number
}

/** Opens a connection to where the guard lets it go. */
export async function dial(egress: Egress, { port, ...to }: Destination & { readonly port: number }): Promise<Dialled> {
  const lap = stopwatch()
  const addresses = await judgedAddresses(egress, to)
  const dns = lap()
  const socket = await openSocket(addresses, port, to.signal)
  return { socket, dns, connect: lap() }
}

function orAborted<T>(resolver: Resolver, promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const begun = performance.now()
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      const fault = abortFault(signal)
      // Looking up took all the time: nothing was learnt of the other side, unless only its own name is not told.
      const late = resolver.isHeard(begun) ? 'dns' : 'resolver'
      reject(new NetworkError(fault === 'timeout' ? late : fault, signal.reason))
    }
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

/** Each call answers the milliseconds since the one before, up to now or to the moment given. */
export function stopwatch(): (until?: number) => number {
  let last = performance.now()
  return (until = performance.now()) => {
    const passed = until - last
    last = until
    return Math.round(passed * 10) / 10
  }
}
