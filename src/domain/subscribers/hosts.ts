import type { ChannelKind } from './channel.ts'

/** Whose addresses a channel's may be; with a dot, whatever lies below it. What is not here may stand with anybody. */
const hosts: Partial<Record<ChannelKind, readonly string[]>> = {
  slack: ['hooks.slack.com'],
  discord: ['discord.com', 'discordapp.com', 'canary.discord.com', 'ptb.discord.com'],
  teams: ['.webhook.office.com', '.logic.azure.com', '.powerplatform.com'],
  'google-chat': ['chat.googleapis.com'],
}

/** Why an address cannot be one of this channel's; null: it can. Looked at when somebody signs up, not when it is used. */
export function hostFault(kind: ChannelKind, url: URL): string | null {
  const allowed = hosts[kind]
  if (!allowed) return null
  const host = url.hostname.replace(/\.$/, '')
  const fits = allowed.some((one) => (one.startsWith('.') ? host.endsWith(one) : host === one))
  return fits && url.port === ''
    ? null
    : `must be an address at ${allowed[0]?.replace(/^\./, '')}, as the service gave it`
}
