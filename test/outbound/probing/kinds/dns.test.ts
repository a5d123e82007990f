import dnsPacket, { type Answer } from 'dns-packet'
import { expect, test } from 'vitest'
import { dns as rules } from '../../../../src/domain/probes/kinds/dns.ts'
import { dns } from '../../../../src/outbound/probing/kinds/dns.ts'
import { authority } from '../../../lib/authority.ts'
import { circumstances, closedPort, verdictOf } from '../circumstances.ts'
import { type Reply, type Says, dnsOverTls, dnsServer } from '../dns-server.ts'

type Asked = Partial<Parameters<typeof rules.read>[0]>

/** What is found where the operator names the server. */
async function check(asked: Asked, says: Says) {
  const port = await dnsServer(says)
  const spec = rules.read({ lookUp: 'shop.test', servers: `127.0.0.1:${port}`, ...asked })
  return verdictOf(dns, spec, circumstances({ timeoutMs: 1200 }))
}

/** What is found where our own name server is asked. */
async function checkOwn(asked: Asked, says: Says) {
  const port = await dnsServer(says)
  const where = circumstances({ dnsServers: [`127.0.0.1:${port}`], allow: [], timeoutMs: 1200 })
  return verdictOf(dns, rules.read({ lookUp: 'shop.test', ...asked }), where)
}

const a = (data: string): Answer => ({ type: 'A', name: 'shop.test', data })
const two: Says = () => ({ answers: [a('192.0.2.7'), a('192.0.2.8')] })
const says =
  (reply: Reply): Says =>
  () =>
    reply
const referral: Reply = { flags: 0, authorities: [{ type: 'NS', name: 'test', data: 'ns.elsewhere.test' }] }

test.each<[string, Asked, Says, string, string | null]>([
  ['any record', {}, two, 'pass', null],
  ['all records, in any order', { values: '192.0.2.8\n192.0.2.7' }, two, 'pass', null],
  ['a record too many', { values: '192.0.2.7' }, two, 'fail', 'records'],
  ['one of them', { values: '192.0.2.7\n192.0.2.9', match: 'any' }, two, 'pass', null],
  ['none of them', { values: '192.0.2.9', match: 'any' }, two, 'fail', 'records'],
  ['no record', {}, says({}), 'fail', 'records'],
  ['no such name', {}, says({ rcode: 3 }), 'fail', 'rcode'],
  ['no such name, as it should be', { rcode: 'NXDOMAIN' }, says({ rcode: 3 }), 'pass', null],
  ['a name that should not be', { rcode: 'NXDOMAIN' }, two, 'fail', 'rcode'],
  ['a server that fails', {}, says({ rcode: 2, questions: 'none' }), 'fail', 'rcode'],
  ['a server that refuses', {}, says({ rcode: 5 }), 'fail', 'rcode'],
  ['a server that is lame', {}, says(referral), 'fail', 'lame'],
  ['a server that is silent', {}, () => null, 'fail', 'timeout'],
  ['a server that babbles', {}, says({ raw: (packet) => packet.subarray(0, 20) }), 'fail', 'protocol'],
  ['an answer to another question', {}, says({ answers: [a('192.0.2.7')], questions: 'another' }), 'fail', 'timeout'],
  [
    'an answer with another number',
    {},
    says({ raw: (packet) => (packet.writeUInt16BE(1 ^ packet.readUInt16BE(0)), packet) }),
    'fail',
    'timeout',
  ],
])('%s', async (_name, asked, answers, outcome, reason) => {
  expect(await check(asked, answers)).toMatchObject({ outcome, reason })
})

test.each<[string, Says, string, string | null]>([
  ['an answer', two, 'pass', null],
  ['no such name', says({ rcode: 3 }), 'fail', 'rcode'],
  ['silence', () => null, 'inconclusive', 'resolver'],
  ['a refusal', says({ rcode: 5 }), 'inconclusive', 'resolver'],
  ['a failure with everything', says({ rcode: 2 }), 'inconclusive', 'resolver'],
  [
    'a failure with this name alone',
    ({ name }) => (name === '.' ? { answers: [{ type: 'NS', name: '.', data: 'a.root-servers.net' }] } : { rcode: 2 }),
    'fail',
    'rcode',
  ],
])('of our own name server, %s', async (_name, answers, outcome, reason) => {
  expect(await checkOwn({}, answers)).toMatchObject({ outcome, reason })
})

test('a name server that is not there refuses, and ours is then at fault itself', async () => {
  const server = `127.0.0.1:${await closedPort()}`
  expect(await verdictOf(dns, rules.read({ lookUp: 'shop.test', servers: server }))).toMatchObject({
    outcome: 'fail',
    reason: 'refused',
  })
  const where = circumstances({ dnsServers: [server] })
  expect(await verdictOf(dns, rules.read({ lookUp: 'shop.test' }), where)).toMatchObject({
    outcome: 'inconclusive',
    reason: 'resolver',
  })
})

test('what does not fit into a packet is asked for over TCP', async () => {
  const long: Says = (_question, over) =>
    over === 'udp' ? { flags: dnsPacket.TRUNCATED_RESPONSE } : { answers: [a('192.0.2.7')] }
  expect(await check({ values: '192.0.2.7' }, long)).toMatchObject({ outcome: 'pass' })
})

test('a packet that got lost is sent again', async () => {
  let asked = 0
  const forgetful: Says = () => (asked++ === 0 ? null : { answers: [a('192.0.2.7')] })
  expect(await check({}, forgetful)).toMatchObject({ outcome: 'pass' })
})

test('every one of several servers has to answer so', async () => {
  const well = await dnsServer(two)
  const stale = await dnsServer(says({ answers: [a('192.0.2.7')] }))
  const spec = rules.read({
    lookUp: 'shop.test',
    values: '192.0.2.7\n192.0.2.8',
    servers: `127.0.0.1:${well}, 127.0.0.1:${stale}`,
  })
  expect(await verdictOf(dns, spec)).toMatchObject({ outcome: 'fail', reason: 'records' })
})

test('over TLS a name server has to prove who it is', async () => {
  const port = await dnsOverTls(authority().issue({ names: ['127.0.0.1'] }), two)
  const spec = rules.read({ lookUp: 'shop.test', transport: 'tls', servers: `127.0.0.1:${port}` })
  expect(await verdictOf(dns, spec)).toMatchObject({ outcome: 'fail', reason: 'tls' })
})

test.each<[Asked, Answer, string]>([
  [{ type: 'AAAA' }, { type: 'AAAA', name: 'shop.test', data: '2001:db8::7' }, '2001:DB8::7'],
  [{ type: 'CNAME' }, { type: 'CNAME', name: 'shop.test', data: 'Edge.example.net' }, 'edge.example.net.'],
  [
    { type: 'MX' },
    { type: 'MX', name: 'shop.test', data: { preference: 10, exchange: 'mail.test' } },
    '10  mail.test.',
  ],
  [{ type: 'TXT' }, { type: 'TXT', name: 'shop.test', data: ['v=spf1 ', '-all'] }, '"v=spf1 -all"'],
  [{ type: 'NS' }, { type: 'NS', name: 'shop.test', data: 'ns1.test' }, 'ns1.test'],
  [
    { type: 'CAA' },
    { type: 'CAA', name: 'shop.test', data: { flags: 0, tag: 'issue', value: 'letsencrypt.org' } },
    '0 issue "letsencrypt.org"',
  ],
  [
    { type: 'SRV' },
    { type: 'SRV', name: 'shop.test', data: { priority: 1, weight: 2, port: 443, target: 'a.test' } },
    '1 2 443 a.test',
  ],
  [
    { type: 'SOA' },
    {
      type: 'SOA',
      name: 'shop.test',
      data: { mname: 'ns.test', rname: 'me.test', serial: 7, refresh: 1, retry: 2, expire: 3, minimum: 4 },
    },
    'ns.test. me.test. 7 1 2 3 4',
  ],
  [
    { type: 'PTR', lookUp: '192.0.2.7' },
    { type: 'PTR', name: '7.2.0.192.in-addr.arpa', data: 'shop.test' },
    'shop.test',
  ],
])('%j is compared as it is written', async (asked, answer, values) => {
  expect(await check({ ...asked, values }, says({ answers: [answer] }))).toMatchObject({
    outcome: 'pass',
    reason: null,
  })
})

test.each([
  [{ lookUp: '192.0.2.7' }, 'type'],
  [{ lookUp: 'a..b' }, 'lookUp'],
  [{ lookUp: 'shop test' }, 'lookUp'],
  [{ lookUp: 'a.test', rcode: 'NXDOMAIN', values: '192.0.2.7' }, 'values'],
  [{ lookUp: 'a.test', servers: '1.1.1.1:0' }, 'servers'],
  [{ lookUp: 'a.test', servers: '1.1.1.1 1.1.1.2 1.1.1.3 1.1.1.4 1.1.1.5' }, 'servers'],
  [{ lookUp: 'a.test', transport: 'tls' }, 'servers'],
] as const)('%j is refused at its %s', (given, field) => {
  expect(() => rules.read(given)).toThrow(expect.objectContaining({ field }) as Error)
})

test('an address stands backwards in the tree of names', () => {
  expect(rules.read({ lookUp: '2001:db8::7', type: 'PTR' }).name).toBe(`7.${'0.'.repeat(23)}8.b.d.0.1.0.0.2.ip6.arpa`)
})
