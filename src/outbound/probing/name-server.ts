import { Buffer } from 'node:buffer'
import dnsPacket, { type Answer } from 'dns-packet'
import type { NameServer, RecordType } from '../../domain/probes/kinds/dns.ts'
import { NetworkError, openSocket } from '../../lib/connection.ts'
import { openDatagrams } from '../../lib/datagrams.ts'
import { dialogue } from '../../lib/dialogue.ts'
import { type Egress, judgedAddresses } from '../../lib/egress.ts'
import { questionNumber } from '../../lib/ids.ts'

export interface Question {
  readonly name: string
  readonly type: RecordType
}

export interface Asked {
  readonly server: NameServer
  /** Ours was chosen by whoever runs this machine; where a probe sends us, the guard has a word. */
  readonly whose: 'ours' | 'theirs'
  readonly transport: 'udp' | 'tcp' | 'tls'
  readonly egress: Egress
  readonly signal: AbortSignal
}

export interface NameAnswer {
  readonly rcode: number
  /** It is responsible for the name, or looks it up for others. */
  readonly answersFor: 'its own' | 'anybody' | 'neither'
  /** Whether there was more than fits into a packet. */
  readonly cut: 'yes' | 'no'
  readonly records: readonly Answer[]
}

/** What one name server answers to one question; throws a `NetworkError` where it does not answer. */
export async function askNameServer(question: Question, asked: Asked): Promise<NameAnswer> {
  const { server, whose, egress, signal, transport } = asked
  const where = { host: server.host, family: 'any', lookUp: 'cached', signal } as const
  const addresses = whose === 'ours' ? [server.host] : await judgedAddresses(egress, where)
  if (transport !== 'udp') return overStream(question, asked, addresses)
  const answer = await overDatagrams(question, asked, addresses[0] as string)
  return answer.cut === 'yes' ? overStream(question, { ...asked, transport: 'tcp' }, addresses) : answer
}

/** A packet may get lost without anybody being down. */
const againAfterMs = [1000, 3000]

async function overDatagrams(question: Question, { server, signal }: Asked, address: string): Promise<NameAnswer> {
  const datagrams = await openDatagrams(address, server.port ?? 53, signal)
  const { id, bytes } = questionBytes(question)
  datagrams.send(bytes)
  const timers = againAfterMs.map((ms) => setTimeout(() => datagrams.send(bytes), ms))
  try {
    return await datagrams.hear((packet) => answerTo(question, id, packet))
  } finally {
    for (const timer of timers) clearTimeout(timer)
    datagrams.close()
  }
}

async function overStream(
  question: Question,
  { server, transport, signal }: Asked,
  addresses: readonly string[],
): Promise<NameAnswer> {
  const socket = await openSocket(addresses, server.port ?? (transport === 'tls' ? 853 : 53), signal)
  const talk = dialogue(socket, signal)
  try {
    if (transport === 'tls') await talk.encrypt({ host: server.host, verify: 'yes', alpn: ['dot'] })
    const { id, bytes } = questionBytes(question)
    // Over a stream each message has its length in front.
    talk.say(Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]))
    const packet = await talk.hear((heard) => {
      const length = heard.length < 2 ? Infinity : heard.readUInt16BE(0)
      return heard.length < 2 + length ? null : heard.subarray(2, 2 + length)
    })
    const answer = answerTo(question, id, packet)
    if (!answer) throw new NetworkError('protocol', new Error('It answered something that was not asked.'))
    return answer
  } finally {
    talk.end()
  }
}

function questionBytes({ name, type }: Question): { readonly id: number; readonly bytes: Buffer } {
  const id = questionNumber()
  const bytes = dnsPacket.encode({
    type: 'query',
    id,
    flags: dnsPacket.RECURSION_DESIRED,
    questions: [{ name, type, class: 'IN' }],
    // As much as passes everywhere in one piece: DNS Flag Day 2020.
    additionals: [
      {
        type: 'OPT',
        name: '.',
        udpPayloadSize: 1232,
        extendedRcode: 0,
        ednsVersion: 0,
        flags: 0,
        flag_do: false,
        options: [],
      },
    ],
  })
  return { id, bytes }
}

/** The packet as an answer to this question; null if it is another one's, so that nobody can slip us theirs. */
function answerTo({ name, type }: Question, id: number, packet: Buffer): NameAnswer | null {
  if (packet.length < 12 || packet.readUInt16BE(0) !== id) return null
  const decoded = decode(packet)
  const rcode = packet.readUInt8(3) & 15
  const [asked] = decoded.questions ?? []
  // Servers that fail may leave the question out.
  const isIt = asked ? asked.name.toLowerCase() === name && asked.type === type : rcode !== 0
  if (decoded.type !== 'response' || !isIt) return null
  return {
    rcode,
    answersFor: decoded.flag_aa ? 'its own' : decoded.flag_ra ? 'anybody' : 'neither',
    cut: decoded.flag_tc ? 'yes' : 'no',
    records: decoded.answers ?? [],
  }
}

function decode(packet: Buffer): dnsPacket.DecodedPacket {
  try {
    return dnsPacket.decode(packet)
  } catch (error) {
    throw new NetworkError('protocol', error)
  }
}

/** The records of one type as text, in the form that `plainRecord` gives to what is expected. */
export function recordsOf(answer: NameAnswer, type: RecordType): string[] {
  return answer.records.filter((record) => record.type === type).map((record) => printed(record))
}

function printed(record: Answer): string {
  if (record.type === 'MX') return words(record.data.preference, record.data.exchange)
  if (record.type === 'CAA') return words(record.data.flags, record.data.tag, record.data.value)
  if (record.type === 'TXT') return [record.data].flat().map(String).join('')
  if (record.type === 'SRV') {
    const { priority, weight, port, target } = record.data
    return words(priority, weight, port, target)
  }
  if (record.type === 'SOA') {
    const { mname, rname, serial, refresh, retry, expire, minimum } = record.data
    return words(mname, rname, serial, refresh, retry, expire, minimum)
  }
  return 'data' in record && typeof record.data === 'string' ? record.data : ''
}

function words(...parts: readonly (string | number | undefined)[]): string {
  return parts.map((part) => part ?? 0).join(' ')
}
