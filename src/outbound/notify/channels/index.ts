import type { ChannelKind } from '../../../domain/subscribers/channel.ts'
import type { Channel } from '../channel.ts'

/** Each is loaded by the first who sends through it: most installations use two or three. */
const channels: Partial<Record<ChannelKind, () => Promise<Channel>>> = {
  email: async () => (await import('./email.ts')).email,
  webhook: async () => (await import('./webhook.ts')).webhook,
  slack: async () => (await import('./slack.ts')).slack,
  discord: async () => (await import('./discord.ts')).discord,
  teams: async () => (await import('./teams.ts')).teams,
  'google-chat': async () => (await import('./google-chat.ts')).googleChat,
  mattermost: async () => (await import('./mattermost.ts')).mattermost,
  ntfy: async () => (await import('./ntfy.ts')).ntfy,
  telegram: async () => (await import('./telegram.ts')).telegram,
  'web-push': async () => (await import('./web-push.ts')).webPush,
  sms: async () => (await import('./sms.ts')).sms,
}

/** The way to tell somebody through this channel. */
export async function channelOf(kind: ChannelKind): Promise<Channel> {
  const load = channels[kind]
  if (!load) throw new Error(`Nothing can be sent by ${kind}.`)
  return load()
}
