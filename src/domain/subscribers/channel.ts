/** The ways in which somebody can be told, each in a file of `outbound/notify/channels/`. */
export const channelKinds = [
  'email',
  'webhook',
  'slack',
  'discord',
  'teams',
  'google-chat',
  'mattermost',
  'telegram',
  'web-push',
  'sms',
  'ntfy',
] as const
export type ChannelKind = (typeof channelKinds)[number]

/** Whose address says which host is asked, and any host may be meant. */
export const anyHost: ReadonlySet<ChannelKind> = new Set(['webhook', 'mattermost', 'ntfy'])

/**
 * Where a channel leads, by the names of its fields: `{ address }` of a mail, `{ url, secret, format }` of a webhook. Kept
 * sealed, because it says who somebody is or lets others write to them.
 */
export type Target = Readonly<Record<string, string>>

/** What this installation has been given to send with. */
export interface Given {
  readonly mail: boolean
  readonly sms: boolean
  readonly telegram: boolean
}

/** What the settings of an installation give it. */
export function givenBy(settings: {
  readonly smtpUrl: string | null
  readonly mailFrom: string | null
  readonly smsUrl: string | null
  readonly telegramToken: string | null
}): Given {
  return {
    mail: settings.smtpUrl !== null && settings.mailFrom !== null,
    sms: settings.smsUrl !== null,
    telegram: settings.telegramToken !== null,
  }
}

/** The channels that work here: no other is shown to anybody. */
export function offeredChannels(given: Given): readonly ChannelKind[] {
  const needs: Partial<Record<ChannelKind, boolean>> = {
    email: given.mail,
    sms: given.sms,
    telegram: given.telegram,
  }
  return channelKinds.filter((kind) => needs[kind] ?? true)
}
