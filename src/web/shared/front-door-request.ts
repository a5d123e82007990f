import type { Asked } from './document.ts'

export interface PlainRequest extends Asked {
  readonly method: 'GET' | 'HEAD'
}

const requestLine = /^(GET|HEAD) \/[!-~]* HTTP\/1\.1$/
/** No control character but the tab, nothing above ASCII, no space before the colon, no line that goes on in the next. */
const headerLine = /^([!#$%&'*+.^_`|~\w-]+):([\t -~]*)$/
const mostHeaders = 64

/** What gives a message a body or another end, or an answer other bytes. `llhttp` reads Proxy-Connection as Connection. */
// prettier-ignore
const judged = new Set([
  'content-length', 'transfer-encoding', 'upgrade', 'expect', 'proxy-connection',
  'range', 'if-range', 'if-match', 'if-modified-since', 'if-unmodified-since',
])
/** What we read; said twice it would have to be weighed. */
const single = ['host', 'connection', 'accept', 'accept-encoding', 'if-none-match'] as const
type Single = (typeof single)[number]

/**
 * Reads a head, its empty line included, that needs no judgement: every parser agrees on what it says and where it ends.
 * Null: it is not the front door's business.
 */
export function readPlainRequest(head: string): PlainRequest | null {
  const [first = '', ...lines] = head.slice(0, -4).split('\r\n')
  const method = requestLine.exec(first)?.[1]
  if (method === undefined || lines.length > mostHeaders) return null
  const said = new Map<Single, string>()
  for (const line of lines) {
    const [, written, value = ''] = headerLine.exec(line) ?? []
    if (written === undefined) return null
    const name = written.toLowerCase()
    if (judged.has(name)) return null
    if (!isSingle(name)) continue
    if (said.has(name)) return null
    said.set(name, value.trim())
  }
  if (!said.has('host') || (said.get('connection') ?? 'keep-alive').toLowerCase() !== 'keep-alive') return null
  // A page has a twin in Markdown under the same address.
  if (said.get('accept')?.includes('markdown')) return null
  return {
    method: method as PlainRequest['method'],
    acceptEncoding: said.get('accept-encoding'),
    ifNoneMatch: said.get('if-none-match'),
  }
}

function isSingle(name: string): name is Single {
  return (single as readonly string[]).includes(name)
}
