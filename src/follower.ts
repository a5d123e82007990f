import { Server, Socket } from 'node:net'
import type { Said, Told } from './followers.ts'
import { type Crowd, createCrowd } from './lib/connection-caps.ts'
import type { DrainTimes } from './lib/drain.ts'
import { keepTicksQuick } from './lib/lasting-ticks.ts'
import { readAgain, stopReading } from './lib/stop-reading.ts'
import type { Document } from './web/shared/document.ts'
import { createFrontDoor, usualPatience } from './web/shared/front-door.ts'

// A process behind the port of the writer, its parent: it answers ready documents, and passes all other connections on.

/** If the writer dies there is nobody to follow. */
const orphaned: DrainTimes = { keepListening: 0, idle: 4000, underWay: 25_000 }

keepTicksQuick()

const documents = new Map<string, Document>()
const coming = new Map<string, Document>()
const open = new Set<Socket>()
let server: Server | null = null
let leaving = false
let crowd: Crowd | null = null
const nobodyThere =
  'HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'

const door = createFrontDoor({
  find: (path) => documents.get(path),
  passOn,
  refuseSilent: (socket) => socket.destroy(),
  answered: (socket) => crowd?.asked(socket),
  patience: usualPatience,
})

process.on('message', (told: Told, handle) => {
  if (told.type === 'document') coming.set(told.path, ownCopy(told.document))
  else if (told.type === 'show') {
    // All of one version in one step, like everywhere.
    for (const path of told.gone) documents.delete(path)
    for (const [path, document] of coming) documents.set(path, document)
    coming.clear()
  } else if (told.type === 'listen' && handle instanceof Server) listen(handle, told)
  else if (told.type === 'meet') {
    // Null: the client has gone meanwhile.
    const socket = handle instanceof Socket ? handle : null
    // What is read of it before the writer can know would be lost with this process.
    if (socket) stopReading(socket)
    const met: Said = { type: 'met', number: told.number }
    process.send?.(met, undefined, {}, () => {
      if (!socket) return
      readAgain(socket)
      meet(socket)
    })
  } else if (told.type === 'leave') leave(told.times)
})
process.on('disconnect', () => leave(orphaned))
// A terminal and systemd send their signals to every process: the writer says when to go.
process.on('SIGTERM', () => undefined)
process.on('SIGINT', () => undefined)

function listen(handle: Server, { trustProxy, caps }: Extract<Told, { type: 'listen' }>): void {
  crowd = createCrowd({ proxies: trustProxy, caps, isAtWork: ({ writableLength }) => writableLength > 0 })
  server = handle
  server.on('connection', meet)
  process.send?.({ type: 'listening' } satisfies Said)
}

function meet(socket: Socket): void {
  if (!crowd?.admit(socket)) {
    socket.destroy()
    return
  }
  open.add(socket)
  socket.once('close', () => closed(socket))
  socket.setNoDelay(true)
  door.meet(socket)
}

function passOn(socket: Socket, bytes: Buffer): void {
  socket.pause()
  const more = socket.read() as Buffer | null
  stopReading(socket)
  socket.on('error', () => undefined)
  if (!process.connected) {
    socket.end(nobodyThere)
    return
  }
  const passed: Said = { type: 'passed', bytes: more ? Buffer.concat([bytes, more]) : bytes }
  // Sent, a socket is empty but not closed, and what counts it would count it for ever.
  const send = (): void => void process.send?.(passed, socket, {}, () => socket.destroy())
  // What was answered must be on its way before somebody else goes on.
  if (socket.writableLength > 0) socket.write('', send)
  else send()
}

function leave({ keepListening, idle, underWay }: DrainTimes): void {
  if (leaving) return
  leaving = true
  door.leave()
  setTimeout(
    () => {
      server?.close()
      setTimeout(() => door.closeIdle(), idle).unref()
      setTimeout(() => process.exit(), underWay).unref()
      endIfDone()
    },
    open.size > 0 ? keepListening : 0,
  )
}

function closed(socket: Socket): void {
  open.delete(socket)
  endIfDone()
}

function endIfDone(): void {
  if (server?.listening || open.size > 0 || !leaving) return
  if (process.connected) process.disconnect?.()
}

/** A message is one piece of memory: who keeps a part of it keeps all of it. */
function ownCopy(document: Document): Document {
  const { br, gzip, identity } = document.encodings
  const copy = <T extends { readonly body: Buffer }>(one: T): T => ({ ...one, body: Buffer.from(one.body) })
  return { ...document, encodings: { br: copy(br), gzip: copy(gzip), identity: copy(identity) } }
}
