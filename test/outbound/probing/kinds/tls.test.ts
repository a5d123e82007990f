import { once } from 'node:events'
import { type Socket, createServer as createPlain } from 'node:net'
import { type SecureVersion, TLSSocket, createServer } from 'node:tls'
import { expect, test } from 'vitest'
import { parseAssertions } from '../../../../src/domain/probes/assertions/parse.ts'
import { judged } from '../../../../src/domain/probes/verdicts/judging.ts'
import { tls as rules } from '../../../../src/domain/probes/kinds/tls.ts'
import { wallClock } from '../../../../src/lib/clock.ts'
import { tls } from '../../../../src/outbound/probing/kinds/tls.ts'
import { type Identity, type Wishes, authority } from '../../../lib/authority.ts'
import { selfSigned } from '../../../lib/certificate.ts'
import { circumstances, closedPort, portOf, verdictOf } from '../circumstances.ts'

const ca = authority()
const trusted = ca.cert.trim().replaceAll('\r', '')

async function serving(identity: Identity): Promise<number> {
  return portOf(createServer({ ...identity, minVersion: 'TLSv1.2' satisfies SecureVersion }))
}

test.each<[string, Wishes, string | undefined, string, string | null, string | null]>([
  ['valid', { names: ['shop.test'] }, trusted, 'pass', null, null],
  ['of an address', { names: ['127.0.0.1'] }, trusted, 'fail', 'tls', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ['of another name', { names: ['other.test'] }, trusted, 'fail', 'tls', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ['expired', { names: ['shop.test'], from: -30, until: -1 }, trusted, 'fail', 'tls', 'CERT_HAS_EXPIRED'],
  ['not valid yet', { names: ['shop.test'], from: 1 }, trusted, 'fail', 'tls', 'CERT_NOT_YET_VALID'],
  [
    'of an authority nobody knows',
    { names: ['shop.test'] },
    undefined,
    'fail',
    'tls',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  ],
  ['about to end', { names: ['shop.test'], until: 5 }, trusted, 'pass', 'expiring', null],
])('a certificate that is %s', async (_name, wishes, authority, outcome, reason, fault) => {
  const port = await serving(ca.issue(wishes))
  const spec = rules.read({
    host: '127.0.0.1',
    port,
    serverName: 'shop.test',
    warnDays: 14,
    ...(authority && { authority }),
  })
  const found = await verdictOf(tls, spec)
  expect(found).toMatchObject({ outcome, reason, certificate: { fault } })
})

test('a certificate that nobody vouches for', async () => {
  const port = await serving(selfSigned)
  const found = await verdictOf(tls, rules.read({ host: '127.0.0.1', port, serverName: 'shop.test' }))
  expect(found).toMatchObject({ outcome: 'fail', reason: 'tls', certificate: { fault: 'DEPTH_ZERO_SELF_SIGNED_CERT' } })
})

test('the days that are left can be asserted, and then count', async () => {
  const port = await serving(ca.issue({ names: ['127.0.0.1'], until: 5 }))
  const finding = await tls.check(
    rules.read({ host: '127.0.0.1', port, authority: trusted, warnDays: 14 }),
    circumstances(),
  )
  const assertions = parseAssertions('certificate.days > 7')
  const found = judged(finding, { latencyLimitMs: null, assertions }, wallClock.now())
  expect(found).toMatchObject({ outcome: 'fail', reason: 'certificate' })
})

test.each([
  ['smtp', '220 mail.test\r\n', 'EHLO candor.invalid\r\n', '250 well\r\n', 'STARTTLS\r\n', '220 go\r\n'],
  ['imap', '* OK hello\r\n', 'a1 STARTTLS\r\n', 'a1 OK go\r\n'],
  ['pop3', '+OK hello\r\n', 'STLS\r\n', '+OK go\r\n'],
  ['ftp', '220 hello\r\n', 'AUTH TLS\r\n', '234 go\r\n'],
  ['postgres', '', '\0\0\0\b\u0004Ò\u0016/', 'S'],
] as const)('the certificate behind %s is found', async (starttls, hello, ...turns) => {
  const identity = ca.issue({ names: ['127.0.0.1'] })
  const answer = async (socket: Socket): Promise<void> => {
    socket.write(hello)
    for (let turn = 0; turn < turns.length; turn += 2) {
      const [heard] = (await once(socket, 'data')) as [Buffer]
      if (heard.toString('latin1') !== turns[turn]) return void socket.end('what?')
      if (turn === turns.length - 2) socket.pause()
      socket.write(turns[turn + 1] ?? '')
    }
    new TLSSocket(socket, { isServer: true, ...identity }).on('error', () => undefined)
  }
  const port = await portOf(createPlain((socket) => void answer(socket)))
  const found = await verdictOf(tls, rules.read({ host: '127.0.0.1', port, starttls, authority: trusted }))
  expect(found).toMatchObject({ outcome: 'pass', certificate: { subject: '127.0.0.1' } })
})

test.each([
  ['refuses', closedPort, 'refused'],
  ['does not speak TLS', () => portOf(createPlain((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))), 'tls'],
  ['is silent', () => portOf(createPlain()), 'timeout'],
])('a port that %s has no certificate', async (_name, at, reason) => {
  const spec = rules.read({ host: '127.0.0.1', port: await at() })
  expect(await verdictOf(tls, spec)).toMatchObject({ outcome: 'fail', reason, certificate: null })
})
