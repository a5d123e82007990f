import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { isIP } from 'node:net'
import dnsPacket from 'dns-packet'
import { onTestFinished } from 'vitest'

export interface NameServer {
  /** As `CANDOR_DNS_SERVERS` takes it. */
  readonly address: string
  /** Names that were asked for, in order. */
  readonly asked: string[]
}

/** What to answer: addresses and texts, `broken` (SERVFAIL), `absent` (NXDOMAIN) or `silent`. Asked anew each time, so answers may change. */
export type Zone = (name: string, times: number) => readonly string[] | 'broken' | 'absent' | 'silent'

/** A real DNS server on loopback. */
export async function nameServer(zone: Zone): Promise<NameServer> {
  const socket = createSocket('udp4')
  const asked: string[] = []
  socket.on('message', (message, from) => {
    const query = dnsPacket.decode(message)
    const question = query.questions?.[0]
    if (!question) return
    const { name, type } = question
    const times = asked.filter((before) => before === name).length
    const answer = zone(name, times)
    if (type === 'A') asked.push(name)
    if (answer === 'silent') return
    const rcode = answer === 'broken' ? 2 : answer === 'absent' ? 3 : 0
    const records = typeof answer === 'string' ? [] : answer.filter((one) => typeOf(one) === type)
    const reply = dnsPacket.encode({
      type: 'response',
      id: query.id ?? 0,
      flags: dnsPacket.RECURSION_DESIRED | dnsPacket.RECURSION_AVAILABLE | rcode,
      questions: [question],
      answers: records.map((data) => recordOf(name, data)),
    })
    socket.send(reply, from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  onTestFinished(() => void socket.close())
  return { address: `127.0.0.1:${socket.address().port}`, asked }
}

function typeOf(record: string): 'A' | 'AAAA' | 'TXT' {
  const version = isIP(record)
  return version === 0 ? 'TXT' : version === 4 ? 'A' : 'AAAA'
}

function recordOf(name: string, data: string): dnsPacket.Answer {
  const type = typeOf(data)
  return type === 'TXT' ? { type, name, ttl: 0, data: pieces(data) } : { type, name, ttl: 0, data }
}

/** A text of more than 255 bytes stands there in several. */
function pieces(text: string): string[] {
  return text.match(/.{1,255}/g) ?? ['']
}
