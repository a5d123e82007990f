import { TLSSocket } from 'node:tls'
import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { tcp as rules } from '../../../../src/domain/probes/kinds/tcp.ts'
import { tcp } from '../../../../src/outbound/probing/kinds/tcp.ts'
import { type Identity, authority } from '../../../lib/authority.ts'
import { circumstances, closedPort, listening, verdictOf } from '../circumstances.ts'

const ca = authority()
const identity = ca.issue({ names: ['127.0.0.1'] })

type Asked = Omit<Parameters<typeof rules.read>[0], 'host' | 'port'>

async function check(asked: Asked, onConnection: (socket: Socket) => void) {
  const port = await listening(onConnection)
  return verdictOf(tcp, rules.read({ host: '127.0.0.1', port, ...asked }))
}

/** Answers lines as a table says, until one is encrypted. */
function mailServer(socket: Socket, answers: Readonly<Record<string, string>>, secret: Identity = identity): void {
  socket.write('220-wait\r\n')
  setImmediate(() => socket.write('220 mail.test ESMTP\r\n'))
  answerLines(socket, (line) => {
    const word = line.split(' ')[0] ?? ''
    if (word === 'STARTTLS') {
      socket.removeAllListeners('data')
      socket.write('220 go ahead\r\n')
      const secured = new TLSSocket(socket, { isServer: true, ...secret })
      secured.on('error', () => undefined)
      answerLines(secured, (again) => void secured.write(again.startsWith('EHLO') ? '250 safe\r\n' : '221 bye\r\n'))
      return
    }
    socket.write(answers[word] ?? '500 what?\r\n')
  })
}

function answerLines(socket: Socket, onLine: (line: string) => void): void {
  let rest = ''
  socket.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\r\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  })
}

const well = { EHLO: '250-mail.test\r\n250-STARTTLS\r\n250 SIZE\r\n', QUIT: '221 bye\r\n' }

test('a port that is open is enough where nothing is said', async () => {
  expect(await check({}, () => undefined)).toMatchObject({ outcome: 'pass', reason: null })
})

test('a port that nobody listens on refuses', async () => {
  const spec = rules.read({ host: '127.0.0.1', port: await closedPort() })
  expect(await verdictOf(tcp, spec)).toMatchObject({ outcome: 'fail', reason: 'refused' })
})

test.each<[string, Asked, (socket: Socket) => void, string, string | null]>([
  ['a mail server that is well', { speaks: 'smtp' }, (socket) => mailServer(socket, well), 'pass', null],
  ['a mail server that turns us away', { speaks: 'smtp' }, (socket) => socket.end('554 no\r\n'), 'fail', 'unexpected'],
  [
    'a mail server that does not know EHLO',
    { speaks: 'smtp' },
    (socket) => mailServer(socket, {}),
    'fail',
    'unexpected',
  ],
  ['a silent server', { speaks: 'ssh' }, () => undefined, 'fail', 'timeout'],
  ['a server that hangs up', { speaks: 'ssh' }, (socket) => socket.end(), 'fail', 'reset'],
  ['SSH', { speaks: 'ssh' }, (socket) => socket.write('SSH-2.0-OpenSSH_9.9\r\n'), 'pass', null],
  [
    'POP3',
    { speaks: 'pop3' },
    (socket) => {
      socket.write('+OK hello\r\n')
      answerLines(socket, () => socket.write('+OK bye\r\n'))
    },
    'pass',
    null,
  ],
  [
    'IMAP',
    { speaks: 'imap' },
    (socket) => {
      socket.write('* OK hello\r\n')
      answerLines(socket, (line) => socket.write(`* CAPABILITY IMAP4rev1\r\n${line.split(' ')[0]} OK done\r\n`))
    },
    'pass',
    null,
  ],
  [
    'text that never ends',
    { dialogue: 'expect ready' },
    (socket) => void socket.write('x'.repeat(100_000)),
    'fail',
    'too_large',
  ],
  [
    'bytes',
    { dialogue: 'send \\x01\\xff\\nexpect \\x02\\0'.replace('\\n', '\n') },
    (socket) => {
      socket.once('data', (heard: Buffer) => socket.write(heard.equals(Buffer.from([1, 255])) ? '\u0002\0' : 'no'))
    },
    'pass',
    null,
  ],
  [
    'a mail server without STARTTLS',
    { speaks: 'submission' },
    (socket) => mailServer(socket, { EHLO: '250 mail.test\r\n' }),
    'fail',
    'unexpected',
  ],
  [
    'STARTTLS, trusted',
    { speaks: 'submission', authority: ca.cert.trim().replaceAll('\r', '') },
    (socket) => mailServer(socket, well),
    'pass',
    null,
  ],
  ['STARTTLS, not trusted', { speaks: 'submission' }, (socket) => mailServer(socket, well), 'fail', 'tls'],
  [
    'STARTTLS, not looked at',
    { speaks: 'submission', verifyTls: 'no' },
    (socket) => mailServer(socket, well),
    'pass',
    null,
  ],
  [
    'STARTTLS with nothing behind it',
    { dialogue: 'expect 220\nsend STARTTLS\\r\\n\nexpect 220\nstarttls' },
    (socket) => {
      socket.write('220 hello\r\n')
      answerLines(socket, () => socket.end('220 go ahead\r\n220 gone'))
    },
    'fail',
    'reset',
  ],
])('%s', async (_name, asked, onConnection, outcome, reason) => {
  expect(await check(asked, onConnection)).toMatchObject({ outcome, reason })
})

test('what is said in the open after STARTTLS is not taken for what is said in secret', async () => {
  const injecting = (socket: Socket): void => {
    socket.write('220 hello\r\n')
    answerLines(socket, () => {
      socket.removeAllListeners('data')
      socket.write('220 go ahead\r\n250 all is well\r\n')
      const secured = new TLSSocket(socket, { isServer: true, ...identity })
      secured.on('error', () => undefined)
    })
  }
  const dialogue = 'expect 220\nsend STARTTLS\\r\\n\nexpect 220\nstarttls\nexpect 250'
  expect((await check({ dialogue, verifyTls: 'no' }, injecting)).outcome).toBe('fail')
})

test('a check ends when the prober does, and counts for nothing', async () => {
  const stopping = new AbortController()
  const port = await listening(() => stopping.abort(new Error('The prober stops.')))
  const spec = rules.read({ host: '127.0.0.1', port, speaks: 'ssh' })
  const found = await verdictOf(tcp, spec, { ...circumstances(), signal: stopping.signal })
  expect(found).toMatchObject({ outcome: 'inconclusive', reason: 'stopped' })
})
