import { type Setting, matching, refuse } from '../lib/settings.ts'

/** The bot that writes to Telegram. */
export interface TelegramConfig {
  readonly telegramToken: string | null
  readonly telegramApi: string
}

export const telegramOtherwise: TelegramConfig = { telegramToken: null, telegramApi: 'https://api.telegram.org' }

export const telegramSettings: { readonly [Key in keyof TelegramConfig]: Setting<TelegramConfig[Key]> } = {
  telegramToken: {
    name: 'CANDOR_TELEGRAM_TOKEN',
    otherwise: 'none',
    meaning: 'The token of a bot of yours, from @BotFather. Without it Telegram is not offered.',
    accepts: 'digits, a colon and the rest of it',
    read: (text) => matching(text, /^\d{3,20}:[\w-]{20,100}$/.test(text)),
  },
  telegramApi: {
    name: 'CANDOR_TELEGRAM_API',
    otherwise: telegramOtherwise.telegramApi,
    meaning: 'The server that takes what the bot writes: Telegram’s, or one that you run yourself.',
    accepts: 'https:// or http:// with a host and, if need be, a port',
    read: (text) => {
      const url = URL.parse(text)
      if (url?.protocol !== 'https:' && url?.protocol !== 'http:') return refuse()
      return matching(url.origin, url.pathname === '/' && url.search === '' && url.username === '')
    },
  },
}
