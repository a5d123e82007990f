import { Buffer } from 'node:buffer'
import ipaddr from 'ipaddr.js'

/** What DNS says in one packet, of RFC 1035: one question, and the answers to it. */
export interface DnsMessage {
  readonly id: number
  readonly isResponse: boolean
  readonly isAuthoritative: boolean
  readonly isCut: boolean
  readonly isRecursive: boolean
  readonly rcode: number
  readonly question: { readonly name: string; readonly type: number } | null
  readonly answers: readonly DnsRecord[]
}

export interface DnsRecord {
  readonly type: number
  /** As it would stand in a zone, with names in lower case and without their last dot. */
  readonly text: string
}

/** Numbers of the registry, for the types that are understood here. */
// prettier-ignore
export const recordTypes = { A: 1, NS: 2, CNAME: 5, SOA: 6, PTR: 12, MX: 15, TXT: 16, AAAA: 28, SRV: 33, CAA: 257 } as const

const wishesRecursion = 0x0100
/** EDNS, with as much as passes everywhere in one piece: DNS Flag Day 2020. */
const largerPackets = Buffer.from([0, 0, 41, 1232 >> 8, 1232 & 255, 0, 0, 0, 0, 0, 0])

export function dnsQuestion(id: number, name: string, type: number): Buffer {
  const labels = name.split('.').filter((label) => label !== '')
  const header = Buffer.alloc(12)
  for (const [index, word] of [id, wishesRecursion, 1, 0, 0, 1].entries()) header.writeUInt16BE(word, index * 2)
  const written = labels.map((label) => Buffer.from([label.length, ...Buffer.from(label, 'latin1')]))
  return Buffer.concat([header, ...written, Buffer.from([0, type >> 8, type & 255, 0, 1]), largerPackets])
}

/** Reads a packet of a stranger; throws a `RangeError` where it says more than it holds, or leads in circles. */
export function readDnsMessage(packet: Buffer): DnsMessage {
  const flags = packet.readUInt16BE(2)
  let at = 12
  let question: DnsMessage['question'] = null
  for (let left = packet.readUInt16BE(4); left > 0; left -= 1) {
    const { name, end } = readName(packet, at)
    question ??= { name, type: packet.readUInt16BE(end) }
    at = end + 4
  }
  const answers: DnsRecord[] = []
  for (let left = packet.readUInt16BE(6); left > 0; left -= 1) {
    const { end } = readName(packet, at)
    const type = packet.readUInt16BE(end)
    const from = end + 10
    at = from + packet.readUInt16BE(end + 8)
    if (at > packet.length) throw new RangeError('A record ends outside of its packet.')
    answers.push({ type, text: textOf(packet, type, from, at) })
  }
  return {
    id: packet.readUInt16BE(0),
    isResponse: (flags & 0x8000) !== 0,
    isAuthoritative: (flags & 0x0400) !== 0,
    isCut: (flags & 0x0200) !== 0,
    isRecursive: (flags & 0x0080) !== 0,
    rcode: flags & 15,
    question,
    answers,
  }
}

function textOf(packet: Buffer, type: number, from: number, end: number): string {
  const name = (at: number): string => readName(packet, at).name
  const word = (at: number): number => packet.readUInt16BE(at)
  switch (type) {
    case recordTypes.A:
    case recordTypes.AAAA:
      return ipaddr.fromByteArray([...packet.subarray(from, end)]).toString()
    case recordTypes.NS:
    case recordTypes.CNAME:
    case recordTypes.PTR:
      return name(from)
    case recordTypes.MX:
      return `${word(from)} ${name(from + 2)}`
    case recordTypes.SRV:
      return `${word(from)} ${word(from + 2)} ${word(from + 4)} ${name(from + 6)}`
    case recordTypes.SOA: {
      const main = readName(packet, from)
      const mailbox = readName(packet, main.end)
      const times = [0, 4, 8, 12, 16].map((offset) => packet.readUInt32BE(mailbox.end + offset))
      return [main.name, mailbox.name, ...times].join(' ')
    }
    case recordTypes.TXT:
      return strings(packet.subarray(from, end)).join('')
    case recordTypes.CAA: {
      const length = packet.readUInt8(from + 1)
      const tag = packet.toString('latin1', from + 2, from + 2 + length)
      return `${packet.readUInt8(from)} ${tag} ${packet.toString('utf8', from + 2 + length, end)}`
    }
    default:
      return ''
  }
}

function strings(bytes: Buffer): string[] {
  const found: string[] = []
  for (let at = 0; at < bytes.length; at += 1 + bytes.readUInt8(at)) {
    found.push(bytes.toString('utf8', at + 1, at + 1 + bytes.readUInt8(at)))
  }
  return found
}

/** A name has at most 127 labels. */
const mostJumps = 127

/** A name may go on somewhere before itself; it never leads forward, so it comes to an end. */
function readName(packet: Buffer, from: number): { readonly name: string; readonly end: number } {
  const labels: string[] = []
  let at = from
  let end: number | null = null
  let lowest = from
  let jumps = 0
  for (let length = packet.readUInt8(at); length !== 0; length = packet.readUInt8(at)) {
    if (length >= 0xc0) {
      end ??= at + 2
      at = packet.readUInt16BE(at) & 0x3fff
      jumps += 1
      if (at >= lowest || jumps > mostJumps) throw new RangeError('A name leads in circles.')
      lowest = at
    } else {
      if (length > 63 || at + 1 + length > packet.length) throw new RangeError('A label ends outside of its packet.')
      labels.push(packet.toString('latin1', at + 1, at + 1 + length))
      at += 1 + length
    }
  }
  return { name: labels.join('.').toLowerCase(), end: end ?? at + 1 }
}
