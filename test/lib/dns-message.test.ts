import dnsPacket from 'dns-packet'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dnsQuestion, readDnsMessage, recordTypes } from '../../src/lib/dns-message.ts'

test.each(Object.entries(recordTypes))('a question about %s is one that others understand', (type, number) => {
  const { id, questions, flag_rd: isRecursive } = dnsPacket.decode(dnsQuestion(4711, '_dmarc.shop.test', number))
  expect({ id, questions, isRecursive }).toEqual({
    id: 4711,
    questions: [{ name: '_dmarc.shop.test', type, class: 'IN' }],
    isRecursive: true,
  })
})

test('the root can be asked about', () => {
  expect(dnsPacket.decode(dnsQuestion(1, '.', recordTypes.NS)).questions?.[0]).toMatchObject({ name: '.', type: 'NS' })
})

const whole = dnsPacket.encode({
  type: 'response',
  id: 7,
  flags: dnsPacket.AUTHORITATIVE_ANSWER,
  questions: [{ type: 'MX', name: 'Shop.test' }],
  answers: [
    { type: 'CNAME', name: 'shop.test', data: 'edge.shop.test' },
    { type: 'TXT', name: 'shop.test', data: ['a', 'é'] },
    { type: 'AAAA', name: 'shop.test', data: '2001:db8:0:0:0:0:0:7' },
  ],
})

test('an answer is read as it was written', () => {
  expect(readDnsMessage(whole)).toMatchObject({
    id: 7,
    isResponse: true,
    isAuthoritative: true,
    isCut: false,
    question: { name: 'shop.test', type: 15 },
    answers: [{ text: 'edge.shop.test' }, { text: 'aé' }, { text: '2001:db8::7' }],
  })
})

test('a name that points at itself is an error, and so is one that points ahead', () => {
  const header = Buffer.from([0, 1, 0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0])
  for (const pointer of [12, 14]) {
    const packet = Buffer.concat([header, Buffer.from([0xc0, pointer, 0, 1, 0, 1])])
    expect(() => readDnsMessage(packet)).toThrow(RangeError)
  }
})

test('whatever a stranger sends is read in no time, or is an error', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 8 }),
      fc.nat(whole.length),
      (changes, length) => {
        const packet = Buffer.from(whole)
        for (const [at, byte] of changes) packet[at] = byte
        try {
          readDnsMessage(packet.subarray(0, length))
        } catch (error) {
          expect(error instanceof RangeError || (error as Error).message.startsWith('ipaddr:')).toBe(true)
        }
      },
    ),
    { numRuns: 10_000 },
  )
})
