import type { ChannelKind } from './channel.ts'

/** What the address of a channel looks like that its service gave somebody. */
interface Shape {
  /** With a dot, whatever lies below it; null: it may stand with anybody. */
  readonly hosts: readonly string[] | null
  readonly path: RegExp
  /** As it is told to whoever gave another. */
  readonly such: string
}

const shapes: Partial<Record<ChannelKind, Shape>> = {
  slack: {
    hosts: ['hooks.slack.com'],
    // Those of Slack's workflows take other messages.
    path: /^\/services\/./,
    such: 'https://hooks.slack.com/services/…',
  },
  discord: {
    hosts: ['discord.com', 'discordapp.com', 'canary.discord.com', 'ptb.discord.com'],
    path: /^\/api\/(?:v\d+\/)?webhooks\/\d+\/[\w-]+$/,
    such: 'https://discord.com/api/webhooks/…',
  },
  teams: {
    hosts: ['.webhook.office.com', '.logic.azure.com', '.powerplatform.com'],
    path: /./,
    such: 'that of a workflow, https://….logic.azure.com/…',
  },
  'google-chat': {
    hosts: ['chat.googleapis.com'],
    path: /^\/v1\/spaces\/[^/]+\/messages$/,
    such: 'https://chat.googleapis.com/v1/spaces/…',
  },
  ntfy: { hosts: null, path: /^\/[\w-]{1,64}\/?$/, such: 'that of a topic, https://ntfy.sh/…' },
}

/** Why an address cannot be one of this channel's; null: it can. Looked at when somebody signs up, not when it is used. */
export function hostFault(kind: ChannelKind, url: URL): string | null {
  const shape = shapes[kind]
  if (!shape) return null
  const { hosts, path, such } = shape
  const host = url.hostname.replace(/\.$/, '')
  const isTheirs =
    hosts === null ||
    (url.port === '' && hosts.some((one) => (one.startsWith('.') ? host.endsWith(one) : host === one)))
  return isTheirs && path.test(url.pathname) ? null : `must be the address that the service gave, ${such}`
}
