import { type IncomingMessage, type RequestListener, type Server, createServer } from 'node:http'
import type { Socket } from 'node:net'
import { type Caps, createCrowd, usualCaps } from '../../lib/connection-caps.ts'
import { drainable } from '../../lib/drain.ts'
import { keepTicksQuick } from '../../lib/lasting-ticks.ts'
import { type Document, replyTo } from './document.ts'
import { inFairShares } from './fair-share.ts'
import { mostHeaderBytes } from './limits.ts'
import { type FrontDoor, type Patience, createFrontDoor, usualPatience } from './front-door.ts'
import { headersOf } from './page-headers.ts'

export interface ListenerParts {
  /** The ready document of exactly this path, at once or not at all. */
  find(path: string): Document | undefined
  /** Before there is a handler: answers what is not ready. */
  readonly meanwhile?: RequestListener
  /** Without it the HTTP server answers everything. */
  readonly frontDoor: boolean
  /** Ranges of proxies: their connections are not counted by address. */
  readonly trustProxy: readonly string[]
  /** Of connections. */
  readonly caps?: Caps
  readonly patience?: Patience
  /** Connections had to give way, or could not be accepted: worth a line, not one each. */
  crowded?(error: Error | null): void
}

export interface Listener {
  readonly server: Server
  /** For Fastify's `serverFactory`: it makes its handler long before it can be asked anything. */
  attach(handler: RequestListener): Server
  /** From now on the attached handler is asked; until then what is not ready is told to come back. */
  open(): void
  /** Takes a connection that another process accepted, with what was read of it. */
  adopt(socket: Socket, bytes: Buffer): void
  /** New connections are first offered to `others`, which answers whether it took one; those that were adopted are not. */
  share(others: (socket: Socket) => boolean): void
  /** At an address, or on a socket that listens already. */
  listen(at: { readonly host: string; readonly port: number } | { readonly fd: number }): Promise<void>
  /** Ends without a dropped request. */
  readonly leave: ReturnType<typeof drainable>
  readonly counts: FrontDoor['counts']
}

/**
 * The HTTP server, made before there is anything that answers, so that it listens at once. Connections pass the caps, then
 * the front door, then they are the server's.
 */
export function createListener({
  find,
  meanwhile = comeBack,
  frontDoor,
  trustProxy,
  caps = usualCaps,
  patience = usualPatience,
  crowded,
}: ListenerParts): Listener {
  keepTicksQuick()
  let handler = whileStarting(find, meanwhile)
  let attached = handler
  const server = createServer({
    maxHeaderSize: mostHeaderBytes,
    keepAliveTimeout: patience.keepAlive,
    headersTimeout: patience.head,
    requestTimeout: patience.silent,
    // Usually Node looks after half a minute: then half a minute is what a slow head could take. The more often it looks,
    // the fewer it finds at once.
    connectionsCheckingInterval: Math.min(100, patience.head / 4),
  })
  // Not what is ready: that is under way just as long as something of it is still to be written.
  const underWay = new Map<Socket, IncomingMessage>()
  const ready = readyFirst(find, (request, response) => {
    const { socket } = request
    underWay.set(socket, request)
    response.once('close', () => {
      // Another one may have come behind it, on the same connection.
      if (underWay.get(socket) === request) underWay.delete(socket)
    })
    handler(request, response)
  })
  const crowd = createCrowd({
    proxies: trustProxy,
    caps,
    // Whoever has not said everything yet is not at work, but waited for.
    isAtWork: (socket) => underWay.get(socket)?.complete ?? socket.writableLength > 0,
    gaveWay: () => crowded?.(null),
  })
  // One listener for all: Node copies a list of several for each request.
  const inTurn = inFairShares(ready)
  server.on('request', (request, response) => {
    crowd.asked(request.socket)
    inTurn(request, response)
  })
  server.timeout = patience.stuck
  server.on('timeout', (socket: Socket) => {
    // Whoever waits for us is not slow: that would be us.
    if (socket.writableLength > 0 || !underWay.has(socket)) socket.destroy()
  })
  const own = server.listeners('connection')
  const door = createFrontDoor({
    find,
    passOn(socket, bytes) {
      unread(socket, bytes)
      for (const listener of own) listener.call(server, socket)
      socket.resume()
    },
    refuseSilent(socket) {
      const error = Object.assign(new Error('Nothing was asked.'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' })
      if (!server.emit('clientError', error, socket)) socket.destroy()
    },
    answered: (socket) => crowd.asked(socket),
    patience,
  })
  server.removeAllListeners('connection')
  const leave = drainable(server)
  const adopted = new WeakSet<Socket>()
  let others: Parameters<Listener['share']>[0] = () => false
  server.on('connection', (socket) => {
    if (!adopted.has(socket) && others(socket)) return
    if (!crowd.admit(socket)) socket.destroy()
    else if (frontDoor) door.meet(socket)
    else for (const listener of own) listener.call(server, socket)
  })
  // Node knows only connections that asked its server something.
  const closeIdle = server.closeIdleConnections
  server.closeIdleConnections = () => {
    door.closeIdle()
    closeIdle.call(server)
  }
  return {
    server,
    counts: door.counts,
    attach(next) {
      attached = next
      return server
    },
    open() {
      handler = attached
    },
    adopt(socket, bytes) {
      socket.allowHalfOpen = true
      unread(socket, bytes)
      adopted.add(socket)
      server.emit('connection', socket)
      socket.resume()
    },
    share(take) {
      others = take
    },
    listen: (at) =>
      new Promise((resolve, reject) => {
        server.once('error', reject).listen(at, () => {
          server.off('error', reject)
          // What cannot be accepted now is one connection less, and no reason to end.
          server.on('error', (error) => crowded?.(error))
          resolve()
        })
      }),
    leave(times, others) {
      door.leave()
      return leave(times, others)
    },
  }
}

/** Puts back what was read, for whoever listens next. The caller resumes. */
function unread(socket: Socket, bytes: Buffer): void {
  socket.pause()
  if (bytes.length > 0) socket.unshift(bytes)
}

/** Ready documents are answered before anybody else is asked: routing costs as much again. */
function readyFirst(find: ListenerParts['find'], otherwise: RequestListener): RequestListener {
  return (request, response) => {
    const document = isPlain(request) ? find(request.url ?? '') : undefined
    if (!document) return otherwise(request, response)
    const { status, headers, body } = writtenFor(document, request)
    response.writeHead(status, headers)
    response.end(body)
  }
}

interface Written {
  readonly status: number
  /** Names and values in turn: Node need not look through an object for each request. */
  readonly headers: string[]
  readonly body: Buffer | undefined
}

/**
 * By the manner in which a document was asked for: visitors have few, and none that is long. Whoever makes up others fills
 * no memory with them, however many documents there are.
 */
let written = new WeakMap<Document, Map<string, Written>>()
let remembered = 0
const longestManner = 512
const mostManners = 4096

function writtenFor(document: Document, { method, headers: asked }: IncomingMessage): Written {
  const acceptEncoding = asked['accept-encoding']?.toString()
  const ifNoneMatch = asked['if-none-match']
  const manner = `${method} ${acceptEncoding ?? ''}\n${ifNoneMatch ?? ''}`
  const before = written.get(document)?.get(manner)
  if (before) return before
  const { status, headers, body } = replyTo(document, { acceptEncoding, ifNoneMatch })
  const isHead = method === 'HEAD'
  const all = status === 304 && !isHead ? headers : { ...headers, 'content-length': String(body.length) }
  const reply: Written = {
    status,
    headers: Object.entries(all).flat(),
    body: status === 304 || isHead ? undefined : body,
  }
  if (manner.length <= longestManner) remember(document, manner, reply)
  return reply
}

function remember(document: Document, manner: string, reply: Written): void {
  if (remembered++ === mostManners) {
    written = new WeakMap()
    remembered = 1
  }
  const known = written.get(document) ?? new Map<string, Written>()
  written.set(document, known.set(manner, reply))
}

/** Asks for a document, brings no body, and does not rather want it in another form. */
function isPlain({ method, headers }: IncomingMessage): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false
  if ('content-length' in headers || 'transfer-encoding' in headers) return false
  return !headers.accept?.includes('markdown')
}

/** Before there is a handler: what is ready, and for everything else a word that it will be. */
function whileStarting(find: ListenerParts['find'], otherwise: RequestListener): RequestListener {
  const ready = readyFirst(find, otherwise)
  return (request, response) => {
    // Links in letters have a query, and Fastify is not there yet to ignore it.
    const [path = ''] = request.url?.split('?') ?? []
    request.url = path
    ready(request, response)
  }
}

export const comeBackWords = 'This page is starting. Please try again in a moment.\n'

/** A word that it will be there. */
const comeBack: RequestListener = (_request, response) => {
  response.writeHead(503, {
    ...headersOf('text/plain'),
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'retry-after': '2',
  })
  response.end(comeBackWords)
}
