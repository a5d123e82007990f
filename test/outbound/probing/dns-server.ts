import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type Socket, createServer } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import dnsPacket, { type Answer } from 'dns-packet'
import { onTestFinished } from 'vitest'
import type { Identity } from '../../lib/authority.ts'
import { portOf } from './circumstances.ts'

/** What a name server says; `raw` changes the packet on its way. */
export interface Reply {
  readonly rcode?: number
  readonly flags?: number
  readonly answers?: readonly Answer[]
  readonly authorities?: readonly Answer[]
  readonly questions?: 'none' | 'another'
  readonly raw?: (packet: Buffer) => Buffer
}

export type Says = (question: { readonly name: string; readonly type: string }, over: 'udp' | 'tcp') => Reply | null

/** A real name server on loopback, over UDP and TCP on one port; null is silence. */
export async function dnsServer(says: Says): Promise<number> {
  const tcp = createServer((socket) => answerStream(socket, says))
  const port = await portOf(tcp)
  const udp = createSocket('udp4')
  udp.on('message', (message, from) => {
    const packet = answerTo(message, says, 'udp')
    if (packet) udp.send(packet, from.port, from.address)
  })
  udp.bind(port, '127.0.0.1')
  await once(udp, 'listening')
  onTestFinished(() => void udp.close())
  return port
}

/** The same over TLS. */
export async function dnsOverTls(identity: Identity, says: Says): Promise<number> {
  return portOf(createTlsServer(identity, (socket) => answerStream(socket, says)))
}

function answerStream(socket: Socket, says: Says): void {
  socket.on('error', () => undefined)
  socket.on('data', (framed) => {
    const packet = answerTo(Buffer.from(framed).subarray(2), says, 'tcp')
    if (packet) socket.write(Buffer.concat([Buffer.from([packet.length >> 8, packet.length & 255]), packet]))
  })
}

function answerTo(message: Buffer, says: Says, over: 'udp' | 'tcp'): Buffer | null {
  const query = dnsPacket.decode(message)
  const question = query.questions?.[0]
  const reply = question ? says(question, over) : null
  if (!reply || !question) return null
  const { rcode = 0, flags = dnsPacket.RECURSION_AVAILABLE, answers = [], authorities = [], questions, raw } = reply
  const packet = dnsPacket.encode({
    type: 'response',
    id: query.id ?? 0,
    flags: flags | dnsPacket.RECURSION_DESIRED | rcode,
    questions: questions === 'none' ? [] : [questions === 'another' ? { ...question, name: 'other.test' } : question],
    answers: [...answers],
    authorities: [...authorities],
  })
  return raw ? raw(packet) : packet
}
