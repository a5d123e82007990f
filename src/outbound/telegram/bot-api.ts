import type { Egress } from '../../lib/egress.ts'
import { safeFetch } from '../../lib/safe-fetch.ts'

/** What Telegram's server for bots answered, or why it did not. */
export type Answered =
  | { readonly ok: true; readonly result: unknown }
  | {
      readonly ok: false
      /** Null: there was no answer at all. */
      readonly status: number | null
      /** As it asks to be left alone. */
      readonly retryAfterSeconds: number | null
    }

export interface Calling {
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

export type BotApi = (method: string, params: object, calling: Calling) => Promise<Answered>

/** Ten messages, each of 4096 characters and a hundred links, and as much of what it answers. */
const mostBytes = 8 * 1024 * 1024

/** https://core.telegram.org/bots/api: every call is a POST of JSON, and the token stands in its address. */
export function botApi(egress: Egress, { api, token }: { readonly api: string; readonly token: string }): BotApi {
  return async (method, params, { timeoutMs, signal }) => {
    const answer = await safeFetch(egress, {
      url: `${api}/bot${token}/${method}`,
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'Candor (notifications)' },
      body: JSON.stringify(params),
      timeoutMs,
      followRedirects: 'no',
      verifyTls: 'yes',
      lookUp: 'cached',
      signal,
      most: mostBytes,
    })
    if ('fault' in answer) return { ok: false, status: null, retryAfterSeconds: null }
    const { status } = answer
    try {
      const { ok, result, parameters } = JSON.parse(answer.body.toString('utf8')) as Record<string, unknown>
      return ok === true && status === 200 ? { ok, result } : { ok: false, status, retryAfterSeconds: wait(parameters) }
    } catch {
      return { ok: false, status, retryAfterSeconds: null }
    }
  }
}

function wait(parameters: unknown): number | null {
  const seconds = (parameters as { retry_after?: unknown } | null | undefined)?.retry_after
  return typeof seconds === 'number' && seconds >= 0 ? seconds : null
}
