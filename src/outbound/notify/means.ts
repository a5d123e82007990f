import { type MailConfig, dkimOf } from '../../config/mail.ts'
import type { SmsConfig } from '../../config/sms.ts'
import type { TelegramConfig } from '../../config/telegram.ts'
import { type PushKeys, pushKeys } from '../../lib/push-keys.ts'

/** With what this installation can send, from its settings: a channel without its means is not offered. */
export interface Means {
  readonly mail: MailMeans | null
  readonly sms: SmsMeans | null
  readonly telegram: TelegramMeans | null
  /** RFC 8292; from the key in the data folder. */
  readonly push: PushMeans
}

export interface MailMeans {
  /** `smtps://user:password@host:465` */
  readonly smtpUrl: string
  /** `Northwind Status <status@northwind.example>` */
  readonly from: string
  readonly replyTo: string | null
  /** Where mail to leave is taken in; null: not at all. */
  readonly leaveTo: string | null
  readonly dkim: { readonly domain: string; readonly selector: string; readonly privateKey: string } | null
}

export interface TelegramMeans {
  /** Of the bot. */
  readonly token: string
  /** Telegram's own server for bots, or one that the operator runs. */
  readonly api: string
}

export interface PushMeans extends PushKeys {
  /** Whom a push service may ask: a site with https. Null where there is none. */
  readonly subject: string | null
}

export interface SmsMeans {
  readonly url: string
  readonly authorization: string | null
  /** JSON or a form, with `{to}` and `{text}` in it. */
  readonly body: string
}

/** What the settings make possible, and the key of the installation. */
export function meansOf(
  config: MailConfig & SmsConfig & TelegramConfig & { readonly url: string },
  key: string,
): Means {
  // Push services want somebody to turn to, which an address without https is to none of them.
  const subject = config.url.startsWith('https://') ? config.url : null
  return {
    mail: mailMeans(config),
    sms: smsMeans(config),
    telegram: telegramMeans(config),
    push: { ...pushKeys(key), subject },
  }
}

/** Null: no server sends mail for us. */
export function mailMeans(config: MailConfig): MailMeans | null {
  const { smtpUrl, mailFrom: from, mailReplyTo: replyTo, mailLeaveTo: leaveTo } = config
  return smtpUrl === null || from === null ? null : { smtpUrl, from, replyTo, leaveTo, dkim: dkimOf(config) }
}

/** Null: no gateway sends text messages for us. */
export function smsMeans({ smsUrl: url, smsBody: body, smsAuthorization: authorization }: SmsConfig): SmsMeans | null {
  return url === null ? null : { url, body, authorization }
}

/** Null: there is no bot. */
export function telegramMeans({ telegramToken: token, telegramApi: api }: TelegramConfig): TelegramMeans | null {
  return token === null ? null : { token, api }
}
