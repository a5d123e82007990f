import type { Socket } from 'node:net'
import { createServer } from 'node:tls'
import { expect, test } from 'vitest'
import { redis as rules } from '../../../../src/domain/probes/kinds/redis.ts'
import { redis } from '../../../../src/outbound/probing/kinds/redis.ts'
import { authority } from '../../../lib/authority.ts'
import { closedPort, listening, portOf, verdictOf } from '../circumstances.ts'

type Asked = Omit<Parameters<typeof rules.read>[0], 'host' | 'port'>

/** Speaks RESP as Redis 7 does, as far as signing in and PING go. */
function server({ password = null as string | null, answer = '+PONG' } = {}) {
  return (socket: Socket): void => {
    let isIn = password === null
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => {
      const words = chunk
        .toString()
        .split('\r\n')
        .filter((_part, index) => index % 2 === 0 && index > 0)
      if (words[0] === 'AUTH') {
        if (password === null)
          return socket.write('-ERR AUTH <password> called without any password configured for the default user.\r\n')
        isIn = words.at(-1) === password && (words.length === 2 || words[1] === 'probe')
        return socket.write(isIn ? '+OK\r\n' : '-WRONGPASS invalid username-password pair or user is disabled.\r\n')
      }
      return socket.write(isIn ? `${answer}\r\n` : '-NOAUTH Authentication required.\r\n')
    })
  }
}

async function check(asked: Asked, onConnection: (socket: Socket) => void) {
  return verdictOf(redis, rules.read({ host: '127.0.0.1', port: await listening(onConnection), ...asked }))
}

test.each<[string, Asked, (socket: Socket) => void, string, string | null]>([
  ['PONG', {}, server(), 'pass', null],
  ['PONG behind a password', { password: 'sesame' }, server({ password: 'sesame' }), 'pass', null],
  ['PONG behind a user', { user: 'probe', password: 'sésame' }, server({ password: 'sésame' }), 'pass', null],
  ['a password that is missing', {}, server({ password: 'sesame' }), 'fail', 'auth_missing'],
  ['a wrong password', { password: 'open' }, server({ password: 'sesame' }), 'fail', 'auth'],
  ['a password that nobody wants', { password: 'open' }, server(), 'fail', 'auth'],
  ['loading', {}, server({ answer: '-LOADING Redis is loading the dataset in memory' }), 'fail', 'loading'],
  [
    'another protocol',
    {},
    (socket) => void socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    'fail',
    'protocol',
  ],
  ['something else', {}, server({ answer: '+PANG' }), 'fail', 'unexpected'],
  ['an error that nobody knows', {}, server({ answer: '-constructor' }), 'fail', 'unexpected'],
  ['a connection that is broken off', {}, (socket) => socket.destroy(), 'fail', 'reset'],
])('%s', async (_name, asked, onConnection, outcome, reason) => {
  expect(await check(asked, onConnection)).toMatchObject({ outcome, reason })
})

test('over TLS it has to prove who it is', async () => {
  const ca = authority()
  const port = await portOf(createServer(ca.issue({ names: ['127.0.0.1'] }), server()))
  const asked = { host: '127.0.0.1', port, tls: 'yes' } as const
  expect(await verdictOf(redis, rules.read(asked))).toMatchObject({ outcome: 'fail', reason: 'tls' })
  const trusting = rules.read({ ...asked, authority: ca.cert.trim().replaceAll('\r', '') })
  expect(await verdictOf(redis, trusting)).toMatchObject({ outcome: 'pass', certificate: { subject: '127.0.0.1' } })
})

test('a port without a listener refuses', async () => {
  const spec = rules.read({ host: '127.0.0.1', port: await closedPort() })
  expect(await verdictOf(redis, spec)).toMatchObject({ outcome: 'fail', reason: 'refused' })
})
