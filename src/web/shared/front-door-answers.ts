import { STATUS_CODES } from 'node:http'
import { millisecondsOf, wallClock } from '../../lib/clock.ts'
import { type Document, type Reply, replyTo } from './document.ts'
import { type PlainRequest, readPlainRequest } from './front-door-request.ts'

/** What is written, but for the end of its head. */
export interface Answer {
  readonly head: string
  readonly body: Buffer | null
  readonly isNotModified: boolean
  /** Head and body in one piece, as of `date`. */
  bytes: Buffer
  date: string
}

interface Prepared {
  /** By method, status and entity tag. */
  readonly answers: Map<string, Answer>
  /** By the exact bytes of a request: browsers send few distinct ones. */
  readonly byHead: Map<string, Answer>
}

const longestRemembered = 2048
const mostRemembered = 4096

/** Answers the exact bytes of one request for a ready document; null where it is none, or needs judgement. */
export function frontDoorAnswers(find: (path: string) => Document | undefined): (head: string) => Answer | null {
  let prepared = new WeakMap<Document, Prepared>()
  let remembered = 0
  return (head) => {
    const document = find(head.slice(head.indexOf(' ') + 1, head.indexOf(' ', 5)))
    if (!document) return null
    let ready = prepared.get(document)
    const known = ready?.byHead.get(head)
    if (known) return known
    const request = readPlainRequest(head)
    if (!request) return null
    if (head.length <= longestRemembered && remembered++ === mostRemembered) {
      prepared = new WeakMap()
      remembered = 1
      ready = undefined
    }
    if (!ready) prepared.set(document, (ready = { answers: new Map(), byHead: new Map() }))
    const reply = replyTo(document, request)
    const key = `${request.method} ${reply.status} ${reply.headers['etag']}`
    let answer = ready.answers.get(key)
    if (!answer) ready.answers.set(key, (answer = toAnswer(request.method, reply)))
    if (head.length <= longestRemembered) ready.byHead.set(head, answer)
    return answer
  }
}

/** Made anew each second, because of `Date`. */
export function bytesOf(answer: Answer, keepAlive: number): Buffer {
  const date = httpDate()
  if (answer.date !== date) {
    answer.bytes = written(answer, `Connection: keep-alive\r\nKeep-Alive: timeout=${keepAlive}`)
    answer.date = date
  }
  return answer.bytes
}

export function lastBytesOf(answer: Answer): Buffer {
  return written(answer, 'Connection: close')
}

function written({ head, body }: Answer, connection: string): Buffer {
  const whole = Buffer.from(`${head}Date: ${httpDate()}\r\n${connection}\r\n\r\n`, 'latin1')
  return body ? Buffer.concat([whole, body]) : whole
}

function toAnswer(method: PlainRequest['method'], { status, headers, body }: Reply): Answer {
  const isNotModified = status === 304
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  if (method === 'HEAD' || !isNotModified) lines.push(`content-length: ${body.length}\r\n`)
  return {
    head: `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}`,
    body: method === 'HEAD' || isNotModified ? null : body,
    isNotModified,
    bytes: Buffer.alloc(0),
    date: '',
  }
}

let cachedDate = ''

function httpDate(): string {
  if (cachedDate === '') {
    const now = millisecondsOf(wallClock.now())
    cachedDate = new Date(now).toUTCString()
    setTimeout(() => (cachedDate = ''), 1000 - (now % 1000)).unref()
  }
  return cachedDate
}
