import { once } from 'node:events'
import { type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export const token = `123456:${'A'.repeat(35)}`

interface Sent {
  readonly chat: string
  readonly text: string
}

/**
 * A server for bots on loopback that behaves as https://core.telegram.org/bots/api says: `getUpdates` stays open until
 * somebody writes, what is confirmed by `offset` does not come again, and of two who ask at once one is refused.
 */
export async function botServer() {
  const updates: { update_id: number; message?: object }[] = []
  const sent: Sent[] = []
  const blocked = new Set<string>()
  const calls: string[] = []
  let username = 'northwind_status_bot'
  let hasWebhook = false
  let isAway = false
  let open: { readonly response: ServerResponse; readonly timer: NodeJS.Timeout; readonly limit: number } | null = null

  const answer = (response: ServerResponse, status: number, body: object): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
  const refuse = (response: ServerResponse, code: number, description: string, parameters?: object): void =>
    answer(response, code, { ok: false, error_code: code, description, ...(parameters ? { parameters } : {}) })
  const close = (): typeof open => {
    const was = open
    if (was) clearTimeout(was.timer)
    open = null
    return was
  }
  const hand = (): void => {
    const asked = updates.length > 0 ? close() : null
    if (asked) answer(asked.response, 200, { ok: true, result: updates.slice(0, asked.limit) })
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const [, bot = '', method = ''] = (request.url ?? '').split('/')
      const params = JSON.parse(Buffer.concat(chunks).toString() || '{}') as Record<string, unknown>
      calls.push(method)
      if (isAway) return void request.socket.destroy()
      if (bot !== `bot${token}`) return refuse(response, 401, 'Unauthorized')
      if (method === 'getMe') {
        return answer(response, 200, { ok: true, result: { id: 123_456, is_bot: true, first_name: 'N', username } })
      }
      if (method === 'sendMessage') {
        const chat = String(params['chat_id'])
        if (blocked.has(chat)) return refuse(response, 403, 'Forbidden: bot was blocked by the user')
        sent.push({ chat, text: String(params['text']) })
        return answer(response, 200, { ok: true, result: { message_id: sent.length } })
      }
      if (method !== 'getUpdates') return refuse(response, 404, 'Not Found')
      if (hasWebhook) return refuse(response, 409, 'Conflict: can’t use getUpdates method while webhook is active')
      const before = close()
      if (before) refuse(before.response, 409, 'Conflict: terminated by other getUpdates request')
      while (updates[0] && updates[0].update_id < Number(params['offset'] ?? 0)) updates.shift()
      const timer = setTimeout(
        () => {
          open = null
          answer(response, 200, { ok: true, result: [] })
        },
        Number(params['timeout'] ?? 0) * 1000,
      )
      open = { response, timer, limit: Number(params['limit'] ?? 100) }
      request.socket.on('close', () => open?.response === response && close())
      hand()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    close()
    server.closeAllConnections()
    server.close()
  })
  let last = 1000
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent,
    blocked,
    calls,
    /** What was confirmed is gone from here. */
    waiting: updates,
    /** Whatever comes from Telegram. */
    gives(update: object) {
      updates.push({ update_id: (last += 1), ...update })
      hand()
    },
    /** Somebody writes to the bot. */
    writes(chat: number, text: string, { type = 'private', language = 'en' } = {}) {
      const from = { id: 7, is_bot: false, first_name: 'Ada', language_code: language }
      this.gives({ message: { message_id: last, date: 0, chat: { id: chat, type }, from, text } })
    },
    isListenedTo: () => open !== null,
    hasWebhook: (now: boolean) => (hasWebhook = now),
    isAway: (now: boolean) => (isAway = now),
    isCalled: (name: string) => (username = name),
  }
}
