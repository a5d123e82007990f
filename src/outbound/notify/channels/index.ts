import type { ChannelKind } from '../../../domain/subscribers/channel.ts'
import type { Channel } from '../channel.ts'

/** Each is loaded by the first who sends through it: most installations use two or three. */
const channels: Partial<Record<ChannelKind, () => Promise<Channel>>> = {
  webhook: async () => (await import('./webhook.ts')).webhook,
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
