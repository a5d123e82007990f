import type { Egress } from '../../lib/egress.ts'
import { safeFetch } from '../../lib/safe-fetch.ts'

/** Nobody waits longer than this for a page that says who they are. */
const timeoutMs = 8_000

/** The guard forbade it, or there was no answer. */
export class NoAnswerError extends Error {}

/** What `openid-client` asks over HTTP, asked through the guard. It follows no redirect, and reads at most a mebibyte. */
export function guardedFetch(egress: Egress): (url: string, options: FetchOptions) => Promise<Response> {
  return async (url, { method, headers, body, signal }) => {
    const answer = await safeFetch(egress, {
      url,
      method,
      headers,
      body: bodyOf(body),
      timeoutMs,
      followRedirects: 'no',
      verifyTls: 'yes',
      lookUp: 'cached',
      ...(signal ? { signal } : {}),
    })
    if ('fault' in answer) throw new NoAnswerError(`${new URL(url).origin}: ${answer.fault}`)
    const { status, body: bytes } = answer
    const type = answer.headers['content-type']
    const hasNone = status === 204 || status === 205 || status === 304
    return new Response(hasNone ? null : new Uint8Array(bytes), {
      status,
      headers: type === undefined ? {} : { 'content-type': type },
    })
  }
}

interface FetchOptions {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly signal?: AbortSignal | undefined
}

function bodyOf(body: unknown): string | null {
  if (body === undefined || body === null) return null
  if (typeof body === 'string') return body
  if (body instanceof URLSearchParams) return body.toString()
  throw new Error('A provider is sent forms only.')
}
