import { connect } from 'node:net'
import type { Chance } from './chance.ts'
import { nastyWord } from './nasty.ts'

/** Bytes for the socket, in the pieces in which they are sent. */
export interface Raw {
  readonly of: string
  readonly pieces: readonly Buffer[]
}

const plain = 'GET / HTTP/1.1\r\nHost: status.example\r\n\r\n'

/** What no client library would send. Each kind is one that hit somebody's server. */
const kinds: Readonly<Record<string, (by: Chance) => string>> = {
  'length and chunks': () =>
    'POST /v1/pages HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /admin HTTP/1.1\r\nHost: a\r\n\r\n',
  'two lengths': () => 'POST /report HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef',
  'chunked twice': () =>
    'POST /report HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n',
  'a chunk that is none': (by) =>
    `POST /report HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${by.of(['zz', '-1', 'ffffffffffffffff', '5;a=b', ' 5', '0x5'])}\r\nabcde\r\n0\r\n\r\n`,
  'a length that is none': (by) =>
    `POST /report HTTP/1.1\r\nHost: a\r\nContent-Length: ${by.of(['-1', '+5', '5 5', '0x5', '99999999999999999999', 'a', ''])}\r\n\r\nabcde`,
  'a deep array': () => {
    const body = '['.repeat(40_000)
    return `POST /v1/pages/a/incidents HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  },
  'a long address': (by) =>
    `GET /${by.of(['a', '%41', '/', '../', '?a=b&'])}${'a'.repeat(by.of([2000, 16_000, 70_000]))} HTTP/1.1\r\nHost: a\r\n\r\n`,
  'a long header': (by) => `GET / HTTP/1.1\r\nHost: a\r\nX-A: ${'a'.repeat(by.of([8000, 16_500, 70_000]))}\r\n\r\n`,
  'many headers': (by) => `GET / HTTP/1.1\r\nHost: a\r\n${'X: y\r\n'.repeat(by.of([60, 150, 3000]))}\r\n`,
  'two hosts': () => 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
  'no host': () => 'GET / HTTP/1.1\r\n\r\n',
  'HTTP of long ago': (by) => by.of(['GET /\r\n', 'GET / HTTP/0.9\r\n\r\n', 'GET / HTTP/1.0\r\n\r\n', 'GET /\n\n']),
  'HTTP of tomorrow': () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  upgrade: (by) =>
    `GET ${by.of(['/', '/admin', '/v1/pages'])} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: ${by.of(['websocket', 'h2c', 'TLS/1.2'])}\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n`,
  'another method': (by) =>
    `${by.of(['TRACE', 'CONNECT', 'OPTIONS', 'PROPFIND', 'SEARCH', 'PURGE', 'QUERY', 'get', 'G\u0000T', 'M-SEARCH'])} ${by.of(['/', '*', 'a:1', '/admin'])} HTTP/1.1\r\nHost: a\r\n\r\n`,
  'an address that is none': (by) =>
    `GET ${by.of(['http://evil.example/', '//evil.example', '*', 'a', '/\u0000', '/a b', '/%', '/\u00ff', '/a\tb', '/#a', '\\\\a', `/${nastyWord(by)}`])} HTTP/1.1\r\nHost: a\r\n\r\n`,
  'a folded header': () => 'GET / HTTP/1.1\r\nHost: a\r\nX-A: b\r\n c\r\n\r\n',
  'a header that is none': (by) =>
    `GET / HTTP/1.1\r\nHost: a\r\n${by.of([': b', 'X A: b', 'X-A : b', 'X-A', '\u0000: a', 'X-A: \u0000', 'X-\u00ff: a', 'X-A: a\rb'])}\r\n\r\n`,
  'ends of lines': (by) => plain.replaceAll('\r\n', by.of(['\n', '\r', '\r\r\n', '\n\r', '\r\n\r\n'])),
  TLS: () => '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
  'another language': (by) =>
    by.of(['SSH-2.0-x\r\n', 'EHLO a\r\n', '\u0000\u0000\u0000\u0000', '*1\r\n$4\r\nPING\r\n', '{"jsonrpc":"2.0"}\n']),
  'two at once': (by) =>
    plain + by.of([plain, 'GET /admin HTTP/1.1\r\nHost: a\r\n\r\n', 'X / HTTP/9\r\n\r\n', 'GET / HTTP/1.1\r\n']),
  'an expectation': (by) =>
    `POST /report HTTP/1.1\r\nHost: a\r\nExpect: ${by.of(['100-continue', '200-ok', ''])}\r\nContent-Length: 3\r\n\r\na=b`,
  'a range': (by) =>
    `GET ${by.of(['/', '/ledger.jsonl'])} HTTP/1.1\r\nHost: a\r\nRange: bytes=${by.of(['0-', '-1', '5-2', '0-0,1-1', '99999999999999999999-', 'a-b', Array(2000).fill('0-1').join()])}\r\n\r\n`,
  'a body that is not asked for': (by) =>
    `${by.of(['GET', 'HEAD', 'DELETE'])} /summary.json HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcde`,
  'a body without end': () => 'POST /report HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\nabc',
  'cookies without end': (by) =>
    `GET /admin HTTP/1.1\r\nHost: a\r\nCookie: ${by.of(['a=b; '.repeat(2000), 'candor_session', '=;=;=', 'candor_session=%', '__proto__=a', `a="${'\\'.repeat(500)}`])}\r\n\r\n`,
  'what is asked to be accepted': (by) =>
    `GET ${by.of(['/', '/history', '/metrics'])} HTTP/1.1\r\nHost: a\r\nAccept: ${by.of([',,,;q=', '*/*;q=-1', 'text/markdown;q=9', 'a'.repeat(3000)])}\r\nAccept-Encoding: ${by.of(['br;q=0', '*;q=0', 'gzip,gzip', ';;', 'identity;q=0'])}\r\nIf-None-Match: ${by.of(['*', '"', 'W/', '"a'.repeat(1000)])}\r\n\r\n`,
  chance: (by) => String.fromCharCode(...Array.from({ length: by.below(300) }, () => by.below(256))),
}

export function fromRaw(by: Chance): Raw {
  const name = by.of(Object.keys(kinds))
  let bytes = Buffer.from(kinds[name]!(by), 'latin1')
  if (by.is(0.2) && bytes.length > 0) {
    bytes = Buffer.from(bytes)
    bytes[by.below(bytes.length)] = by.below(256)
  }
  const at = by.is(0.3) ? by.below(bytes.length + 1) : bytes.length
  return { of: name, pieces: [bytes.subarray(0, at), bytes.subarray(at)].filter(({ length }) => length > 0) }
}

/** Sends it, then nothing more; answers what came back before the other side had done. */
export function sendRaw(port: number, { pieces }: Raw): Promise<string> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true })
    const done = (): void => {
      socket.destroy()
      resolve(Buffer.concat(parts).toString('latin1'))
    }
    socket.setNoDelay()
    socket.setTimeout(20_000, () => {
      socket.destroy()
      reject(new Error('The connection was neither answered nor closed within 20 seconds.'))
    })
    socket.on('data', (part: Buffer) => parts.push(part))
    socket.on('end', done)
    // It is the other side's right to hang up on such a client.
    socket.on('error', done)
    socket.on('close', done)
    socket.on('connect', () => {
      const [first = Buffer.alloc(0), second] = pieces
      socket.write(first)
      if (second) setImmediate(() => socket.end(second))
      else socket.end()
    })
  })
}

/** The status lines in what came back: there can be several. */
export function statusesIn(text: string): number[] {
  return Array.from(text.matchAll(/HTTP\/1\.1 (\d{3})/g), ([, status]) => Number(status))
}
