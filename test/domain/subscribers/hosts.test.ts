import { expect, test } from 'vitest'
import type { ChannelKind } from '../../../src/domain/subscribers/channel.ts'
import { hostFault } from '../../../src/domain/subscribers/hosts.ts'

test.each<[ChannelKind, string]>([
  ['slack', 'https://hooks.slack.com/services/T0/B0/secret'],
  ['discord', 'https://discord.com/api/webhooks/12/ab-c_D'],
  ['discord', 'https://discordapp.com/api/v10/webhooks/12/abc?thread_id=7'],
  ['teams', 'https://prod-1.westus.logic.azure.com:443/workflows/1/triggers/manual/paths/invoke?sig=s'],
  ['teams', 'https://northwind.webhook.office.com/webhookb2/1'],
  ['teams', 'https://default1.environment.api.powerplatform.com:443/powerautomate/automations/1'],
  ['google-chat', 'https://chat.googleapis.com/v1/spaces/A/messages?key=k&token=t'],
  ['mattermost', 'https://chat.northwind.example/hooks/1'],
  ['ntfy', 'https://ntfy.sh/northwind'],
  ['ntfy', 'https://push.northwind.example:8443/northwind-1?auth=QmVhcmVyIHRr'],
  ['webhook', 'https://northwind.example/'],
])('%s may lead to %s', (kind, url) => {
  expect(hostFault(kind, new URL(url))).toBeNull()
})

test.each<[ChannelKind, string]>([
  ['slack', 'https://hooks.slack.com.evil.example/services/T0/B0/secret'],
  ['slack', 'https://evil.example/hooks.slack.com/services/1'],
  ['slack', 'https://slack.com/services/1'],
  ['slack', 'https://hooks.slack.com:8443/services/1'],
  ['slack', 'https://hooks.slack.com/workflows/1'],
  ['discord', 'https://discord.com/api/v10/users/@me'],
  ['discord', 'https://discord.com/api/webhooks/12/abc/slack'],
  ['discord', 'https://notdiscord.com/api/webhooks/12/abc'],
  ['teams', 'https://evillogic.azure.com/workflows/1'],
  ['teams', 'https://logic.azure.com.evil.example/workflows/1'],
  ['google-chat', 'https://chat.googleapis.com/v1/spaces/A/members'],
  ['ntfy', 'https://ntfy.sh/'],
  ['ntfy', 'https://ntfy.sh/v1/account'],
])('%s may not lead to %s', (kind, url) => {
  expect(hostFault(kind, new URL(url))).toMatch(/^must be the address that the service gave, /)
})
