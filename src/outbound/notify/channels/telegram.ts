import { plainText } from '../../../lib/markdown.ts'
import type { Answer } from '../../../lib/safe-fetch.ts'
import type { Channel, Outcome, SendingParts } from '../channel.ts'
import { beside } from '../compose-line.ts'
import type { Letter } from '../letter.ts'
import { type Reading, postJsonText } from '../post.ts'
import { shortened } from '../shortened.ts'

/** A bot of the operator writes into chats that it was let into. */
export const telegram: Channel = {
  kind: 'telegram',
  joins: 'yes',
  destination: () => 'telegram',
  async send(letter, { chat = '' }, parts) {
    let movedTo: string | null = null
    const outcome = await sendTo(letter, chat, parts, (answer) => {
      movedTo = newChat(answer)
      return refusal(answer)
    })
    // A group that grew has another number, and the answer says which.
    return movedTo === null ? outcome : sendTo(letter, movedTo, parts, refusal)
  },
}

/** Telegram takes 4096 characters, counted after the marks are read. */
const mostOfWord = 1500
const mostWords = 2

async function sendTo(letter: Letter, chat: string, { means, ...rest }: SendingParts, read: Reading): Promise<Outcome> {
  if (means.telegram === null) return { became: 'later', reason: 'our own fault', code: null }
  const body = JSON.stringify({
    chat_id: chat,
    text: textOf(letter),
    parse_mode: 'HTML',
    link_preview_options: { is_disabled: true },
    disable_notification: letter.urgency === 'low',
  })
  const url = `${means.telegram.api}/bot${means.telegram.token}/sendMessage`
  return postJsonText({ means, ...rest }, { url, headers: {}, body }, read)
}

function textOf({ heading, label, words, affected, affectedTitle, promise, button, links, preheader }: Letter): string {
  const said = words.slice(-mostWords).map(({ label: stage, when, body }) => {
    const text = escaped(shortened(plainText(body), mostOfWord))
    return stage === '' ? text : `<b>${escaped(stage)}</b> · ${escaped(when)}\n${text}`
  })
  const names = affected.slice(0, 20).map(({ name, says }) => `• ${escaped(beside(shortened(name, 60), says))}`)
  const ways = [...(button ? [button] : []), ...links].map(link)
  return [
    `<b>${escaped(shortened(heading, 200))}</b>\n<i>${escaped(label)}</i>`,
    ...(said.length > 0 ? said : [escaped(shortened(preheader, mostOfWord))]),
    names.length > 0 ? `${escaped(affectedTitle)}\n${names.join('\n')}` : '',
    promise === null ? '' : escaped(promise),
    ways.join(' · '),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function link({ says, url }: { readonly says: string; readonly url: string }): string {
  return `<a href="${escaped(url)}">${escaped(says)}</a>`
}

/** What Telegram reads as marks, and nothing else: it knows no other names than these. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** Telegram says in its answer how long to wait, and in words what is wrong with a chat. */
const refusal: Reading = (answer) => {
  const code = String(answer.status)
  const { description, parameters } = saidBy(answer)
  switch (answer.status) {
    case 403:
      return { became: 'never', reason: 'gone', code, ends: 'gone' }
    case 400:
      return /chat not found|user is deactivated|PEER_ID_INVALID/i.test(description)
        ? { became: 'never', reason: 'no such address', code, ends: 'gone' }
        : { became: 'never', reason: 'refused by the receiver', code, ends: null }
    case 401:
    case 404:
      // A token that is wrong: whoever set it can set it right.
      return { became: 'later', reason: 'not allowed', code }
    case 429: {
      const seconds = parameters['retry_after']
      const wait = typeof seconds === 'number' && seconds >= 0 ? { retryAfterSeconds: Math.min(seconds, 86_400) } : {}
      return { became: 'later', reason: 'too many at once', code, ...wait }
    }
    default:
      return null
  }
}

function newChat(answer: Answer): string | null {
  const id = saidBy(answer).parameters['migrate_to_chat_id']
  return answer.status === 400 && typeof id === 'number' && Number.isSafeInteger(id) ? String(id) : null
}

function saidBy({ body }: Answer): { readonly description: string; readonly parameters: Record<string, unknown> } {
  try {
    const { description, parameters } = JSON.parse(body.toString('utf8')) as Record<string, unknown>
    // `null` has no fields to read: it is caught as what cannot be read at all.
    return {
      description: typeof description === 'string' ? description : '',
      parameters: typeof parameters === 'object' && parameters !== null ? { ...parameters } : {},
    }
  } catch {
    return { description: '', parameters: {} }
  }
}
