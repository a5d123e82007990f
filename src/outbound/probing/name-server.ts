import { Buffer } from 'node:buffer'
import type { NameServer, RecordType } from '../../domain/probes/kinds/dns.ts'
import { NetworkError, openSocket } from '../../lib/connection.ts'
import { openDatagrams } from '../../lib/datagrams.ts'
import { dialogue } from '../../lib/dialogue.ts'
import { type DnsMessage, type DnsRecord, dnsQuestion, readDnsMessage, recordTypes } from '../../lib/dns-message.ts'
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
  readonly records: readonly DnsRecord[]
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
  return { id, bytes: dnsQuestion(id, name, recordTypes[type]) }
}

/** The packet as an answer to this question; null if it is another one's, so that nobody can slip us theirs. */
function answerTo({ name, type }: Question, id: number, packet: Buffer): NameAnswer | null {
  if (packet.length < 12 || packet.readUInt16BE(0) !== id) return null
  const { isResponse, question, rcode, isAuthoritative, isRecursive, isCut, answers } = read(packet)
  // Servers that fail may leave the question out. The root is called nothing.
  const isIt = question ? question.name === name.replace(/\.$/, '') && question.type === recordTypes[type] : rcode !== 0
  if (!isResponse || !isIt) return null
  return {
    rcode,
    answersFor: isAuthoritative ? 'its own' : isRecursive ? 'anybody' : 'neither',
    cut: isCut ? 'yes' : 'no',
    records: answers,
  }
}

function read(packet: Buffer): DnsMessage {
  try {
    return readDnsMessage(packet)
  } catch (error) {
    throw new NetworkError('protocol', error)
  }
}

/** The records of one type as text, in the form that `plainRecord` gives to what is expected. */
export function recordsOf(answer: NameAnswer, type: RecordType): string[] {
  return answer.records.filter((record) => record.type === recordTypes[type]).map(({ text }) => text)
}
