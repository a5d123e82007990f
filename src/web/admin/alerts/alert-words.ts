import { type AlertKind, alertKinds, aboutKinds } from '../../../domain/alerts/alert.ts'
import type { AlertChannel, LastSent } from '../../../domain/alerts/queries.ts'
import type { Role } from '../../../domain/accounts/account.ts'
import { may } from '../../../domain/accounts/account.ts'
import type { ChannelKind } from '../../../domain/subscribers/channel.ts'
import type { Choice } from '../choices.ts'

/** A field that says where a way leads. */
interface WayField {
  readonly name: string
  readonly label: string
  readonly hint: string
  readonly placeholder?: string
  readonly type?: 'tel' | 'url'
}

export interface ChannelWords {
  readonly label: string
  /** What has to be done elsewhere first; empty: nothing. */
  readonly how: string
  readonly fields: readonly WayField[]
}

const hook = (hint: string, placeholder: string): WayField[] => [
  { name: 'url', label: 'Address of the webhook', hint, placeholder, type: 'url' },
]

/** How each channel is called, and what it has to know. Where a browser takes its messages only itself can say. */
export const channelWords: Readonly<Record<ChannelKind, ChannelWords>> = {
  email: { label: 'Mail', how: 'Goes to the address of your account.', fields: [] },
  webhook: {
    label: 'Webhook',
    how: 'JSON is posted to an address of yours, signed as Standard Webhooks prescribes.',
    fields: hook('Begins with https://.', 'https://example.org/hook'),
  },
  slack: {
    label: 'Slack',
    how: 'Make an incoming webhook in Slack, for a channel or for yourself.',
    fields: hook('As Slack shows it.', 'https://hooks.slack.com/services/…'),
  },
  discord: {
    label: 'Discord',
    how: 'Make a webhook in the settings of a channel.',
    fields: hook('As Discord shows it.', 'https://discord.com/api/webhooks/…'),
  },
  teams: {
    label: 'Microsoft Teams',
    how: 'Add the workflow “Post to a channel when a webhook request is received”.',
    fields: hook('As Teams shows it.', 'https://….logic.azure.com/workflows/…'),
  },
  'google-chat': {
    label: 'Google Chat',
    how: 'Add a webhook under “Apps and integrations” of a space.',
    fields: hook('As Google Chat shows it.', 'https://chat.googleapis.com/v1/spaces/…'),
  },
  mattermost: {
    label: 'Mattermost',
    how: 'Make an incoming webhook under “Integrations”.',
    fields: hook('As Mattermost shows it.', 'https://chat.example.org/hooks/…'),
  },
  telegram: {
    label: 'Telegram',
    how: 'Write a word to the bot first: it may not write to strangers.',
    fields: [{ name: 'chat', label: 'Number of the chat', hint: 'The bot @userinfobot tells you yours.' }],
  },
  sms: {
    label: 'Text message',
    how: 'Through the gateway of this installation.',
    fields: [
      { name: 'number', label: 'Phone number', hint: 'With the country.', placeholder: '+351912345678', type: 'tel' },
    ],
  },
  'web-push': {
    label: 'This browser',
    how: 'It shows what happened, also while no page of Candor is open. It asks you first.',
    fields: [],
  },
  ntfy: {
    label: 'ntfy',
    how: 'Subscribe to a topic in the app of ntfy. Whoever knows its name can read it: choose one that nobody guesses.',
    fields: [
      {
        name: 'url',
        label: 'Address of the topic',
        hint: 'Server and topic.',
        placeholder: 'https://ntfy.sh/…',
        type: 'url',
      },
    ],
  },
}

/** `mail`, `this browser`, `Slack`: after “by”. */
export function meansInWords(channel: ChannelKind): string {
  const { label } = channelWords[channel]
  return ['email', 'webhook', 'sms', 'web-push'].includes(channel) ? label.toLowerCase() : label
}

export function isChannel(channel: string): channel is ChannelKind {
  return Object.hasOwn(channelWords, channel)
}

/** What somebody of this role can be called for: nobody else could do anything about it. */
export function kindsFor(role: Role): { readonly value: AlertKind; readonly label: string }[] {
  return alertKinds
    .filter((kind) => may(role, aboutKinds[kind].deed))
    .map((kind) => ({ value: kind, label: aboutKinds[kind].label }))
}

const minutes = [0, 2, 5, 10, 15, 30, 60, 120]

/** When one is called; also where somebody chose other minutes by other means. */
export function delays(chosen: number): Choice[] {
  const all = minutes.includes(chosen) ? minutes : [...minutes, chosen].toSorted((a, b) => a - b)
  return all.map((minute) => ({ value: String(minute), label: capital(afterInWords(minute)) }))
}

/** `at once`, `after 10 minutes without a reaction` */
export function afterInWords(minute: number): string {
  return minute === 0 ? 'at once' : `after ${minute} minutes without a reaction`
}

export function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** What one is called for, as the end of a sentence. */
export function kindsInWords({ kinds }: Pick<AlertChannel, 'kinds'>, role: Role): string {
  const open = kindsFor(role).map(({ value }) => value)
  const chosen = open.filter((kind) => kinds.includes(kind))
  const left = open.filter((kind) => !kinds.includes(kind))
  if (left.length === 0) return 'everything that waits for you'
  if (chosen.length === 0) return 'nothing that you could do anything about'
  return chosen.length > left.length ? `everything but ${thingsInWords(left)}` : thingsInWords(chosen)
}

/** `a missed promise, a draft that waits and a failed backup` */
export function thingsInWords(kinds: readonly AlertKind[]): string {
  return and.format(kinds.map((kind) => aboutKinds[kind].thing))
}

const and = new Intl.ListFormat('en-GB', { type: 'conjunction' })

/** What became of what was last sent there. */
export function sentInWords(sent: LastSent | null, at: (instant: LastSent['at']) => string): string {
  if (!sent) return 'Nothing was sent there yet'
  const what = sent.isTest ? 'The test' : 'The last call'
  if (sent.outcome === 'accepted') return `${what} was taken at ${at(sent.at)}`
  if (sent.outcome === 'failed')
    return `${what} failed: ${sent.reason ?? 'nobody knows why'}${sent.code ? ` (${sent.code})` : ''}`
  return sent.reason ? `${what} is tried again: ${sent.reason}` : `${what} is on its way`
}
