/** With what this installation can send, from its settings: a channel without its means is not offered. */
export interface Means {
  readonly mail: MailMeans | null
  readonly sms: SmsMeans | null
  /** Token of the bot. */
  readonly telegram: { readonly token: string; readonly bot: string } | null
  /** RFC 8292; made by itself, kept in the data folder. */
  readonly push: { readonly publicKey: string; readonly privateKey: string; readonly subject: string }
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

export interface SmsMeans {
  readonly url: string
  readonly authorization: string | null
  /** JSON or form, with `{to}` and `{text}` in it. */
  readonly body: string
  readonly contentType: string
}
