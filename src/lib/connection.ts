import { type Socket, connect } from 'node:net'
import {
  type SecureContext,
  type TLSSocket,
  connect as connectTls,
  createSecureContext,
  getCACertificates,
} from 'node:tls'
import { LRUCache } from 'lru-cache'
import { isAddress, isSameAddress } from './guard.ts'

/** What the world did to us, as a word that is kept; the text of an error is not. */
export type NetworkFault =
  | 'timeout'
  | 'refused'
  | 'reset'
  | 'unreachable'
  | 'tls'
  | 'protocol'
  | 'too_large'
  | 'stopped'
  | 'prober'
  // The guard forbade it; the name failed; our own name server did.
  | 'blocked'
  | 'dns'
  | 'resolver'
  // The way out through a proxy is closed.
  | 'proxy'

export interface Certificate {
  readonly subject: string
  readonly issuer: string
  readonly validUntil: string
  /** Why it is not trusted, as a code of Node's; null: it is. */
  readonly fault: string | null
}

/** A thrown fault, so that `await` reads downward; `safe-fetch.ts` turns it into a value. */
export class NetworkError extends Error {
  readonly fault: NetworkFault
  readonly certificate: Certificate | null

  constructor(fault: NetworkFault, cause: unknown, certificate: Certificate | null = null) {
    super(fault, { cause })
    this.fault = fault
    this.certificate = certificate
  }
}

/** Opens a connection to one of these addresses, which have been judged, and to nothing else. */
export async function openSocket(addresses: readonly string[], port: number, signal: AbortSignal): Promise<Socket> {
  const pinned = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  const socket = connect({
    host: 'pinned.invalid',
    port,
    // Nothing is looked up here: what was judged is what is used. Both families are tried in turn.
    lookup: (_name, _options, done) => done(null, pinned),
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: 1000,
    noDelay: true,
  })
  // Whoever uses it listens as well; between two uses it may break without ending the process.
  socket.on('error', () => undefined)
  await until(socket, 'connect', signal)
  const reached = socket.remoteAddress
  if (reached === undefined || !addresses.some((address) => isSameAddress(address, reached))) {
    socket.destroy()
    throw new NetworkError('reset', new Error('The connection does not lead where it was sent.'))
  }
  return socket
}

/** Who we are to the other side, as PEM. */
export interface Identity {
  readonly cert: string
  readonly key: string
}

export interface TlsWishes {
  readonly host: string
  readonly verify: 'yes' | 'no'
  readonly signal: AbortSignal
  /** Protocols that are offered inside; left out: HTTP/1.1. */
  readonly alpn?: readonly string[]
  readonly identity?: Identity | null
  /** Authorities that are trusted beside the usual ones, as PEM. */
  readonly trusting?: string | null
}

/** Speaks TLS on an open socket; the name, not the address, is what the certificate is held against. */
export async function startTls(
  socket: Socket,
  { host, verify, signal, alpn = ['http/1.1'], identity = null, trusting = null }: TlsWishes,
): Promise<{ socket: TLSSocket; certificate: Certificate }> {
  const secured = connectTls({
    socket,
    host,
    secureContext: contextFor(identity, trusting),
    ...(isAddress(host) ? {} : { servername: host }),
    ...(alpn.length === 0 ? {} : { ALPNProtocols: [...alpn] }),
    // Judged below instead, so that the certificate can be shown when it is the fault.
    rejectUnauthorized: false,
  })
  secured.on('error', () => undefined)
  await until(secured, 'secureConnect', signal, 'tls')
  const certificate = certificateOf(secured)
  if (verify === 'yes' && !secured.authorized) {
    secured.destroy()
    throw new NetworkError('tls', secured.authorizationError, certificate)
  }
  return { socket: secured, certificate }
}

/** Making one costs a quarter of a handshake, so each is made once. */
const contexts = new LRUCache<string, SecureContext>({ max: 200 })
/** Whom they trust: where that is another list, they are made anew. */
let trusted = getCACertificates('default')

/** Throws a `NetworkError` where what is to be spoken with cannot be read. */
function contextFor(identity: Identity | null, trusting: string | null): SecureContext {
  const authorities = getCACertificates('default')
  if (authorities !== trusted) {
    contexts.clear()
    trusted = authorities
  }
  const key = JSON.stringify([identity?.cert, identity?.key, trusting])
  const known = contexts.get(key)
  if (known) return known
  try {
    const made = createSecureContext({
      ...(identity === null ? {} : { cert: identity.cert, key: identity.key }),
      ...(trusting === null ? {} : { ca: [...authorities, trusting] }),
    })
    contexts.set(key, made)
    return made
  } catch (error) {
    throw new NetworkError('prober', error)
  }
}

/** What the other side showed of itself on a socket that speaks TLS. */
function certificateOf(socket: TLSSocket): Certificate {
  const { subject, issuer, valid_to: validUntil } = socket.getPeerCertificate()
  const fault: unknown = socket.authorizationError
  return {
    subject: nameOf(subject?.CN),
    issuer: nameOf(issuer?.O ?? issuer?.CN),
    validUntil: validUntil ?? '',
    fault: socket.authorized ? null : codeOf(fault),
  }
}

function nameOf(field: string | string[] | undefined): string {
  return String(field ?? '').slice(0, 200)
}

function codeOf(fault: unknown): string {
  if (typeof fault === 'string') return fault
  return (fault as NodeJS.ErrnoException | null)?.code ?? 'UNTRUSTED'
}

/** Waits for an event of a socket; it is closed if another comes first. */
function until(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  signal: AbortSignal,
  otherwise?: NetworkFault,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (cause: unknown): void => {
      signal.removeEventListener('abort', abort)
      socket.destroy()
      reject(new NetworkError(signal.aborted ? abortFault(signal) : faultOf(cause, otherwise), cause))
    }
    const abort = (): void => stop(signal.reason)
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    socket.once('error', stop)
    socket.once('close', stop)
    socket.once(event, () => {
      signal.removeEventListener('abort', abort)
      socket.off('error', stop)
      socket.off('close', stop)
      resolve()
    })
  })
}

/** A deadline aborts with a TimeoutError; whoever stops the prober aborts with another reason. */
export function abortFault(signal: AbortSignal): NetworkFault {
  return (signal.reason as Error | null)?.name === 'TimeoutError' ? 'timeout' : 'stopped'
}

const faults: Readonly<Record<string, NetworkFault>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  HPE_HEADER_OVERFLOW: 'too_large',
  // Our own: no route from here, or no more sockets.
  ENETUNREACH: 'prober',
  ENETDOWN: 'prober',
  EADDRNOTAVAIL: 'prober',
  EAFNOSUPPORT: 'prober',
  EMFILE: 'prober',
  ENFILE: 'prober',
  ENOBUFS: 'prober',
  ENOMEM: 'prober',
}

/** The word for an error of the network. */
export function faultOf(cause: unknown, otherwise: NetworkFault = 'reset'): NetworkFault {
  if (cause instanceof NetworkError) return cause.fault
  if (cause instanceof AggregateError) {
    const each = cause.errors.map((error) => faultOf(error, otherwise))
    return each.find((fault) => fault !== 'prober') ?? each[0] ?? otherwise
  }
  const code = (cause as NodeJS.ErrnoException | null)?.code ?? ''
  const known = faults[code]
  if (known !== undefined) return known
  if (code.startsWith('HPE_') || code === 'ERR_INVALID_CHAR') return 'protocol'
  return otherwise
}
