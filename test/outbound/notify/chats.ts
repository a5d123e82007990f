import { expect } from 'vitest'
import type { Outcome } from '../../../src/outbound/notify/channel.ts'
import { channelOf } from '../../../src/outbound/notify/channels/index.ts'
import type { Letter } from '../../../src/outbound/notify/letter.ts'
import { receiver, sendingParts } from './receiver.ts'
import { letter } from './sample-letter.ts'

export const chats = ['slack', 'discord', 'teams', 'google-chat', 'mattermost', 'ntfy'] as const
export type Chat = (typeof chats)[number]

/** A chat that takes messages at an address of its own. */
export async function chat(kind: Chat, more: Readonly<Record<string, string>> = {}) {
  const server = await receiver()
  const channel = await channelOf(kind)
  return {
    ...server,
    send: (what: Partial<Letter> = {}): Promise<Outcome> =>
      channel.send(letter(what), { url: `${server.url}/topic`, ...more }, sendingParts({})),
    /** The message that came last. */
    shown: () => JSON.parse(server.received.at(-1)?.body.toString() ?? '{}') as unknown,
  }
}

/** Every text in a message, with the way to it. */
export function textsOf(message: unknown, path = ''): [path: string, text: string][] {
  if (typeof message === 'string') return [[path, message]]
  if (typeof message !== 'object' || message === null) return []
  return Object.entries(message).flatMap(([key, value]) => textsOf(value, path === '' ? key : `${path}.${key}`))
}

const at = (message: unknown, path: RegExp): string[] =>
  textsOf(message)
    .filter(([where]) => path.test(where))
    .map(([, text]) => text)

const bytes = (message: unknown): number => Buffer.byteLength(JSON.stringify(message))

/** What each service documents of its messages: [where, most characters]. */
const limits: Readonly<Record<Chat, { readonly bytes: number; readonly texts: readonly [RegExp, number][] }>> = {
  slack: {
    bytes: 60_000,
    texts: [
      [/^text$/, 4000],
      [/^blocks\.0\.text\.text$/, 150],
      [/^blocks\.\d+\.text\.text$/, 3000],
      [/elements\.\d+\.text\.text$/, 75],
      [/elements\.\d+\.url$/, 3000],
      [/elements\.\d+\.text$/, 2000],
    ],
  },
  discord: {
    bytes: 60_000,
    texts: [
      [/embeds\.0\.title$/, 256],
      [/embeds\.0\.description$/, 4096],
      [/fields\.\d+\.name$/, 256],
      [/fields\.\d+\.value$/, 1024],
      [/footer\.text$/, 2048],
      [/author\.name$/, 256],
    ],
  },
  teams: { bytes: 28_000, texts: [] },
  'google-chat': { bytes: 32_000, texts: [[/fallbackText/, 4096]] },
  mattermost: { bytes: 100_000, texts: [[/attachments\.0\.text$/, 16_383]] },
  ntfy: { bytes: 20_000, texts: [[/^topic$/, 64]] },
}

export function expectWithin(kind: Chat, message: unknown, about: string): void {
  expect(bytes(message), about).toBeLessThanOrEqual(limits[kind].bytes)
  for (const [where, most] of limits[kind].texts) {
    for (const text of at(message, where)) expect(text.length, `${about} ${where.source}`).toBeLessThanOrEqual(most)
  }
  for (const [where, text] of textsOf(message)) {
    expect(text.isWellFormed(), `${about} ${where}`).toBe(true)
    // No block may be empty: services refuse the whole message for one.
    expect(text, `${about} ${where}`).not.toBe('')
  }
  if (kind === 'discord') {
    const counted = at(message, /title$|description$|\.name$|\.value$|footer\.text$/).join('')
    expect(counted.length, about).toBeLessThanOrEqual(6000)
  }
  if (kind === 'ntfy') {
    expect(Buffer.byteLength(at(message, /^message$/)[0] ?? ''), about).toBeLessThanOrEqual(4096)
    expect((message as { actions: unknown[] }).actions.length, about).toBeLessThanOrEqual(3)
  }
}
