import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { udp as rules } from '../../../../src/domain/probes/kinds/udp.ts'
import { udp } from '../../../../src/outbound/probing/kinds/udp.ts'
import { circumstances, verdictOf } from '../circumstances.ts'

type Asked = Omit<Parameters<typeof rules.read>[0], 'host' | 'port'>

/** A real socket on loopback that answers what a function says; null is silence. */
async function answering(answer: (packet: Buffer, times: number) => string | null): Promise<number> {
  const socket = createSocket('udp4')
  let times = 0
  socket.on('message', (packet, from) => {
    const said = answer(packet, times++)
    if (said !== null) socket.send(said, from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  onTestFinished(() => void socket.close())
  return socket.address().port
}

async function nobody(): Promise<number> {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  await once(socket, 'close')
  return port
}

function check(port: number, asked: Asked, timeoutMs = 1800) {
  return verdictOf(udp, rules.read({ host: '127.0.0.1', port, ...asked }), circumstances({ timeoutMs }))
}

test.each<[string, Asked, (packet: Buffer, times: number) => string | null, string, string | null]>([
  [
    'what is expected',
    { send: 'ping\\n', expect: 'pong' },
    (heard) => (heard.equals(Buffer.from('ping\n')) ? 'pong!' : 'what?'),
    'pass',
    null,
  ],
  ['a pattern', { send: '00ff', format: 'hex', expect: '/^[0-9]+$/' }, (heard) => String(heard.length), 'pass', null],
  ['something else', { send: 'ping', expect: 'pong' }, () => 'pang', 'fail', 'unexpected'],
  ['silence', { send: 'ping', expect: 'pong' }, () => null, 'fail', 'timeout'],
  [
    'an answer to the second packet',
    { send: 'ping', expect: 'pong' },
    (_heard, times) => (times === 0 ? null : 'pong'),
    'pass',
    null,
  ],
  ['silence where nothing is expected', { send: 'ping' }, () => null, 'pass', null],
])('%s', async (_name, asked, answer, outcome, reason) => {
  expect(await check(await answering(answer), asked)).toMatchObject({ outcome, reason })
})

test.each<Asked>([{ send: 'ping' }, { send: 'ping', expect: 'pong' }, {}])(
  'a port without a listener refuses %j',
  async (asked) => {
    expect(await check(await nobody(), asked)).toMatchObject({ outcome: 'fail', reason: 'refused' })
  },
)

test('the answer of a stranger is not heard', async () => {
  const stranger = createSocket('udp4')
  onTestFinished(() => void stranger.close())
  const socket = createSocket('udp4')
  socket.on('message', (_packet, from) => stranger.send('pong', from.port, from.address))
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  onTestFinished(() => void socket.close())
  expect(await check(socket.address().port, { send: 'ping', expect: 'pong' }, 400)).toMatchObject({ reason: 'timeout' })
})

test.each([
  [{ host: 'a.test' }, 'port'],
  [{ host: 'a.test', port: 1, send: '0', format: 'hex' }, 'send'],
  [{ host: 'a.test', port: 1, send: '\\q' }, 'send'],
  [{ host: 'a.test', port: 1, expect: '/(/' }, 'expect'],
] as const)('%j is refused at its %s', (given, field) => {
  expect(() => rules.read(given)).toThrow(expect.objectContaining({ field }) as Error)
})
