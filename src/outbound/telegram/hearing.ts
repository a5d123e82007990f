import type { Deps } from '../../deps.ts'
import { type Heard, localeOfTag, lookAtChat, startInChat, stopInChat } from '../../domain/subscribers/chats.ts'
import { readSite } from '../../domain/site/queries.ts'
import { type Locale, inLocale, locales } from '../../domain/site/site.ts'
import { messages } from '../../lib/messages.ts'

type Parts = Pick<Deps, 'db' | 'clock' | 'ids' | 'vault'> & { readonly url: string }

/** Somebody wrote to the bot. */
export interface Said {
  readonly chat: string
  readonly word: 'start' | 'stop' | 'something else'
  /** Of the page; empty: none. */
  readonly code: string
  /** Of the program of whoever wrote: `pt-br`. */
  readonly language: string
}

/** `/start`, with the code of the page behind it, and `/stop`; in groups with the name of the bot that is meant. */
const command = /^\/(start|stop)(?:@(\w+))?(?:\s+([\w-]{1,64}))?\s*$/i

/** Without the stroke, in any of our languages. */
const stopWords = new Set(locales.flatMap((locale) => messages(locale)('telegram.stopWords').split(/[,،、]\s*/)))

/** What an update of Telegram holds for this bot; null: nothing. */
export function saidIn(update: unknown, bot: string): Said | null {
  const { chat, text, from } = fieldsOf(fieldsOf(update)['message'])
  const { id, type } = fieldsOf(chat)
  const { language_code: language } = fieldsOf(from)
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || typeof text !== 'string') return null
  const [, named, whom = bot, code = ''] = command.exec(text) ?? []
  if (whom.toLowerCase() !== bot.toLowerCase()) return null
  const known = named?.toLowerCase()
  const word = known === 'start' || known === 'stop' ? known : stopWords.has(bare(text)) ? 'stop' : 'something else'
  // In groups many write, and not to us: nobody begins for all of them, and only the command ends it.
  if (type !== 'private' && known !== 'stop') return null
  return { chat: String(id), word, code, language: typeof language === 'string' ? language : '' }
}

const bare = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replace(/[.!。！]$/, '')

/** As far as it has any. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

/** Does what somebody says; answers what became of it, and how they are told in their language. */
export async function hear(parts: Parts, said: Said): Promise<Pick<Heard, 'became'> & { readonly text: string }> {
  const heard = await done(parts, said)
  return { became: heard.became, text: await answerTo(parts, said, heard) }
}

function done(parts: Parts, { chat, word, code }: Said): Promise<Heard> {
  if (word === 'start') return startInChat(parts, { chat, code })
  return word === 'stop' ? stopInChat(parts, chat) : lookAtChat(parts, chat)
}

async function answerTo({ db, url }: Parts, { language }: Said, { became, locale, manage }: Heard): Promise<string> {
  const site = await readSite(db)
  const inWhich: Locale = locale ?? localeOfTag(language) ?? site.locale
  const say = messages(inWhich)
  const name = inLocale(site, 'name', inWhich, site.locale).text
  const page = `${url}${inWhich === site.locale ? '' : `/${inWhich}`}/subscribe`
  const own = `${url}/subscriptions/manage/${manage ?? ''}`
  switch (became) {
    case 'started':
      return say('telegram.started', { site: name, link: own })
    case 'told':
      return say('telegram.told', { site: name, link: own })
    case 'barred':
      return say('telegram.barred', { site: name, link: url })
    case 'no code':
      return say('telegram.noCode', { site: name, link: page })
    case 'stopped':
      return say('telegram.stopped', { site: name, link: page })
    case 'not told':
      return say('telegram.notTold', { site: name, link: page })
  }
}
