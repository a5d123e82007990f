/** Numbers that look random and are the same in every run. */
export class Dice {
  private state: number

  constructor(seed: number) {
    this.state = seed
  }

  /** From 0 to below `sides`. */
  roll(sides: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * sides)
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.roll(choices.length)] as T
  }

  isOneIn(sides: number): boolean {
    return this.roll(sides) === 0
  }
}

/** What a visitor sends on one connection, in pieces as they arrive. */
export interface Conversation {
  readonly requests: number
  readonly pieces: readonly Buffer[]
}

/** Paths and entity tags that there are, so that some of what is sent makes sense. */
export interface Known {
  readonly paths: readonly string[]
  readonly etags: readonly string[]
}

const plainHeaders = [
  'User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'Accept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.8',
  'Accept-Encoding: gzip, deflate, br, zstd',
  'accept-encoding:br;q=0, gzip;q=0.5',
  'ACCEPT-ENCODING: identity',
  'Accept-Encoding:',
  'Accept-Language: fa,en;q=0.7',
  'Connection: keep-alive',
  'connection: Keep-Alive',
  'Cookie: candor=1; b="c"',
  'Cache-Control: no-cache',
  'Empty:',
  'Tabbed:\ta\tb\t',
  "!#$%&'*+-.^_`|~: token",
  'X-Forwarded-For: 1.2.3.4',
  'Referer: http://status.example/?a=b:c',
  'TE: trailers',
  'Origin: null',
]

const oddHeaders = [
  'Connection: close',
  'Connection: keep-alive, close',
  'Connection: upgrade',
  'Proxy-Connection: close',
  'Upgrade: websocket',
  'Expect: 100-continue',
  'Expect: nonsense',
  'Range: bytes=0-3',
  'If-Match: "x"',
  'If-Modified-Since: Sat, 21 Nov 2026 12:00:00 GMT',
  'If-Range: "x"',
  'Accept: text/markdown',
  'Content-Length: 0',
  'Content-Length: 5',
  'Content-Length: 5, 5',
  'Content-Length: -1',
  'Content-Length : 3',
  'Content-Type: application/json',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: xchunked',
  'Transfer-Encoding : chunked',
  ' Transfer-Encoding: chunked',
  'Host: other.example',
  'Host:',
  'Keep-Alive: timeout=1',
  'Folded: a\r\n b',
  'Folded: a\r\n\tContent-Length: 5',
  'Latin: é',
  'Control: \x01',
  'Null: \0',
  'Delete: \x7f',
  'Lone: a\rb',
  'Bare: a\nContent-Length: 5',
  'NoColon',
  ': no name',
  'Na me: x',
  'N\x80me: x',
  'Accept-Version: 1.0.0',
  'X-HTTP-Method-Override: DELETE',
]

/** Lines of which each alone decides what a request is, or which answer it gets: the same name twice, a space, a mark. */
const decisive = [
  'Accept-Language : fa',
  'Accept-Encoding : br',
  'Connection: x',
  'Connection: keep-alive, x',
  'Connection:',
  'Proxy-Connection: keep-alive',
  'Accept: text/html, text/markdown',
  'Accept: text/markdown;q=0.5, text/html;q=0.4',
  'Accept: text/html\r\nAccept: text/markdown',
  'Accept: text/markdown\r\nAccept: text/plain',
  'Accept-Encoding: br\r\nAccept-Encoding: identity',
  'Accept-Encoding: br\r\nX: y\r\nAccept-Encoding: br;q=0',
  'If-None-Match: ETAG\r\nIf-None-Match: "none"',
  'If-None-Match: "none"\r\nX: y\r\nIf-None-Match: ETAG',
  'Connection: close\r\nConnection: keep-alive',
  'Connection: keep-alive\r\nConnection: close',
  'Host: status.example',
]

export class Generator {
  private readonly dice: Dice
  private readonly known: Known

  constructor(seed: number, known: Known) {
    this.dice = new Dice(seed)
    this.known = known
  }

  conversation(): Conversation {
    const { dice } = this
    const requests = 1 + dice.roll(14)
    // What is odd goes to the server behind for good, and what is refused ends it: they come last.
    const odd = dice.roll(2) * dice.roll(4)
    const last = odd === 0 && dice.roll(4) > 0 ? 1 : odd
    const texts = Array.from({ length: requests }, (_, index) => {
      if (index < requests - last) return this.request('plain')
      return odd === 0 ? this.nearlyPlain() : this.request(dice.pick(['odd', 'hostile']))
    })
    return { requests, pieces: this.cut(texts) }
  }

  request(kind: 'plain' | 'odd' | 'hostile'): Buffer {
    const { dice } = this
    const method = kind === 'plain' || dice.roll(3) ? dice.pick(['GET', 'GET', 'GET', 'HEAD']) : dice.pick(methods)
    const target = kind === 'plain' || dice.roll(3) ? dice.pick(this.known.paths) : dice.pick(targets)
    const version = kind === 'plain' || dice.roll(6) ? 'HTTP/1.1' : dice.pick(versions)
    const headers = kind === 'plain' || dice.roll(8) ? ['Host: status.example'] : []
    const count = kind === 'plain' || !dice.isOneIn(12) ? dice.roll(7) : 50 + dice.roll(30)
    for (let index = 0; index < count; index += 1) {
      const header = this.header(kind)
      if (kind !== 'plain' || !headers.some((other) => nameOf(other) === nameOf(header))) {
        headers.splice(dice.roll(headers.length + 1), 0, header)
      }
    }
    if (kind !== 'plain' && dice.isOneIn(40)) headers.push(`Long: ${'x'.repeat(15_000 + dice.roll(3000))}`)
    const body = kind === 'plain' || dice.roll(3) ? '' : dice.pick(bodies)
    const text = `${method} ${target} ${version}\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n${body}`
    const bytes = Buffer.from(text, 'latin1')
    return kind === 'hostile' ? this.mutated(bytes) : bytes
  }

  /** Plain but for one thing: what should be left to the server behind because of it alone is seen only so. */
  private nearlyPlain(): Buffer {
    const { dice } = this
    const text = this.request('plain').toString('latin1')
    const begins = text.indexOf('\r\n') + 2
    const [first, rest] = [text.slice(0, begins), text.slice(begins)]
    const [method = '', target = ''] = first.split(' ')
    const more = (lines: string): string => `${first}${lines.replace('ETAG', dice.pick(this.known.etags))}\r\n${rest}`
    const changed = dice.pick([
      () => more(dice.pick(oddHeaders)),
      () => more(dice.pick(oddHeaders)),
      () => more(dice.pick(oddHeaders)),
      () => more(dice.pick(decisive)),
      () => more(dice.pick(decisive)),
      () => more(Array.from({ length: 60 + dice.roll(50) }, (_, at) => `X-${at}: y`).join('\r\n')),
      // Node reads two thousand lines, and what comes after them it has not heard.
      () => more('a:\r\n'.repeat(2010).slice(0, -2)),
      () => more(`Long: ${'x'.repeat(16_000 + dice.roll(2000))}`),
      () => `${method} ${target} ${dice.pick(versions)}\r\n${rest}`,
      () => `${method} ${dice.pick(targets)} HTTP/1.1\r\n${rest}`,
      () => `${dice.pick(methods)} ${target} HTTP/1.1\r\n${rest}`,
      () => text.replace(/^host:[^\r]*\r\n/im, ''),
      () => this.mutated(Buffer.from(text, 'latin1')).toString('latin1'),
    ])()
    return Buffer.from(changed, 'latin1')
  }

  private header(kind: 'plain' | 'odd' | 'hostile'): string {
    const { dice } = this
    if (dice.isOneIn(5)) return this.ifNoneMatch()
    return kind === 'plain' || dice.isOneIn(2) ? dice.pick(plainHeaders) : dice.pick(oddHeaders)
  }

  private ifNoneMatch(): string {
    const tag = this.dice.pick([...this.known.etags, '"none"', '*', 'W/"x"', ''])
    const weak = this.dice.isOneIn(4) ? `W/${tag}` : tag
    return `If-None-Match: ${this.dice.isOneIn(4) ? `"a", ${weak} ,"b"` : weak}`
  }

  private mutated(bytes: Buffer): Buffer {
    const { dice } = this
    let now = bytes
    for (let times = dice.roll(3); times >= 0; times -= 1) {
      const at = dice.roll(now.length)
      const to = at + dice.roll(Math.min(20, now.length - at))
      const [before, middle, after] = [now.subarray(0, at), now.subarray(at, to), now.subarray(to)]
      now = dice.pick([
        () => Buffer.concat([before, after]),
        () => Buffer.concat([before, middle, middle, after]),
        () => Buffer.concat([before, Buffer.from(dice.pick(splinters), 'latin1'), now.subarray(at)]),
        () => Buffer.concat([before, Buffer.from([dice.roll(256)]), now.subarray(at + 1)]),
        () =>
          Buffer.from(now.toString('latin1').replace('\r\n', dice.pick(['\n', '\r', '\r\r\n', '\r\n\r\n'])), 'latin1'),
        () => before,
      ])()
      if (now.length === 0) return Buffer.from('\r\n')
    }
    return now
  }

  private cut(texts: readonly Buffer[]): Buffer[] {
    const { dice } = this
    // As a browser sends them: one, then the next.
    if (dice.roll(3)) return [...texts]
    const all = Buffer.concat(texts)
    if (dice.isOneIn(3)) return [all]
    // Every byte by itself, or a few pieces.
    if (all.length < 1000 && dice.isOneIn(12)) return Array.from(all, (byte) => Buffer.from([byte]))
    const cuts = Array.from({ length: 1 + dice.roll(8) }, () => dice.roll(all.length)).toSorted((a, b) => a - b)
    return [0, ...cuts]
      .map((from, index) => all.subarray(from, cuts[index] ?? all.length))
      .filter(({ length }) => length)
  }
}

const methods = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'OPTIONS',
  'PATCH',
  'CONNECT',
  'PRI',
  'get',
  'GETT',
  'G\tT',
  '',
]
const targets = [
  '/nowhere',
  '/?a=b',
  '//',
  '/..',
  '/%2e%2e/',
  '/%',
  '/\0',
  '/é',
  '/#a',
  '/ x',
  '*',
  '',
  'http://status.example/',
  'status.example:443',
  `/${'x'.repeat(3000)}`,
]
const versions = ['HTTP/1.1', 'HTTP/1.0', 'HTTP/0.9', 'HTTP/2.0', 'HTTP/1.12', 'http/1.1', 'HTTP/1.1 ', 'HTTP/1.', '']
const bodies = ['hello', '5\r\nhello\r\n0\r\n\r\n', '0\r\n\r\n', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', '\r\n', '\0']
const splinters = [
  '\r\n',
  '\n',
  '\r',
  '\0',
  ' ',
  '\t',
  ':',
  '\r\n\r\n',
  '\x7f',
  '\xff',
  'Content-Length: 3\r\n',
  'Transfer-Encoding: chunked\r\n',
]

function nameOf(header: string): string {
  return header.split(':')[0]?.toLowerCase() ?? ''
}
