import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { ServerClock } from './agent-clock.ts'
import { type RefusalCode, headers, nowHeader, signatureOf } from './place-wire.ts'

/** The server answered, and does not listen to us; with its own words. */
export class Refused extends Error {
  readonly code: RefusalCode

  constructor(code: RefusalCode, words: string) {
    super(words)
    this.code = code
  }
}

export interface LinkParts {
  readonly server: URL
  readonly number: number
  readonly key: string
  readonly clock: ServerClock
  readonly steady: () => number
  /** What this machine believes the time to be, until the server has said it. */
  readonly wall: () => number
  signal(): AbortSignal
}

export interface Answer {
  readonly status: number
  readonly etag: string | null
  readonly json: unknown
}

/** Signed requests to the server over one connection that is kept. Throws `Refused`, or what the network did. */
export interface Link {
  ask(
    method: 'GET' | 'POST',
    path: string,
    given?: { readonly body?: unknown; readonly etag?: string },
  ): Promise<Answer>
  close(): void
}

const timeoutMs = 10_000
const mostBytes = 64 * 1024 * 1024

/** Goes to the one address that the operator of this machine named, and to no other: it follows no redirect. */
export function openLink(parts: LinkParts): Link {
  const { server, clock, steady } = parts
  const isSecure = server.protocol === 'https:'
  const agent = isSecure
    ? new HttpsAgent({ keepAlive: true, maxSockets: 1 })
    : new HttpAgent({ keepAlive: true, maxSockets: 1 })

  async function once(
    method: 'GET' | 'POST',
    path: string,
    { body, etag }: { readonly body?: unknown; readonly etag?: string },
  ): Promise<Answer> {
    const url = new URL(`/api/places/v1/${path}`, server)
    const text = body === undefined ? '' : JSON.stringify(body)
    const asked = steady()
    const time = String(Math.round(clock.at(asked) ?? parts.wall()))
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = (isSecure ? httpsRequest : httpRequest)(url, {
        method,
        agent,
        signal: AbortSignal.any([parts.signal(), AbortSignal.timeout(timeoutMs)]),
        headers: {
          [headers.place]: String(parts.number),
          [headers.time]: time,
          [headers.signature]: signatureOf(parts.key, { method, path: url.pathname, time, body: text }),
          ...(etag === undefined ? {} : { 'if-none-match': etag }),
          ...(text === '' ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
        },
      })
      request.on('response', resolve)
      request.on('error', reject)
      request.end(text)
    })
    const answered = steady()
    const said = Number(answer.headers[nowHeader])
    if (Number.isFinite(said) && said > 0) clock.heard(said, asked, answered)
    const json = readJson(await textOf(answer))
    const status = answer.statusCode ?? 0
    if (status >= 400) throw refusal(status, json)
    return { status, etag: answer.headers.etag ?? null, json }
  }

  return {
    async ask(method, path, given = {}) {
      try {
        return await once(method, path, given)
      } catch (error) {
        // Now we know what time it is there.
        if (error instanceof Refused && error.code === 'time') return once(method, path, given)
        throw error
      }
    },
    close: () => agent.destroy(),
  }
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of answer as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > mostBytes) throw new Error('The server’s answer is too large.')
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

function readJson(text: string): unknown {
  try {
    return text === '' ? null : (JSON.parse(text) as unknown)
  } catch {
    // Something else than Candor answers there: told by its status.
    return null
  }
}

const codes: readonly RefusalCode[] = ['stranger', 'time', 'session']

function refusal(status: number, json: unknown): Error {
  const { detail, code } = (json ?? {}) as { readonly detail?: unknown; readonly code?: unknown }
  const words = typeof detail === 'string' ? detail : `It answered ${status}.`
  const known = codes.find((one) => one === code)
  if (known) return new Refused(known, words)
  return status < 500 && status !== 429 && status !== 408 ? new Refused('other', words) : new Error(words)
}
