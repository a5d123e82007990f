import type { Message, Payload } from '../../../src/domain/deliveries/message.ts'
import { sealedLink } from '../../../src/domain/deliveries/sealed-link.ts'
import type { Told } from '../../../src/domain/deliveries/told.ts'
import type { Locale } from '../../../src/domain/site/site.ts'
import type { Scope } from '../../../src/domain/subscribers/subscriber.ts'
import { vault } from '../../../src/lib/vault.ts'
import type { About } from '../../../src/outbound/notify/compose-about.ts'
import { compose } from '../../../src/outbound/notify/compose.ts'
import type { Letter } from '../../../src/outbound/notify/letter.ts'
import type { Recipient } from '../../../src/outbound/notify/recipient.ts'
import { at, sampleSnapshot } from '../../sample-snapshot.ts'
import { sampleTold } from './sample-told.ts'

export const sampleVault = vault('a key of these tests')

/** On 21 November 2026 at 14:20 in the world's time. */
export const sampleAbout: About = {
  site: { ...sampleSnapshot().site, name: 'Northwind', zone: 'Europe/Lisbon' },
  url: 'https://status.northwind.example',
  vault: sampleVault,
  leaveTo: 'leave@northwind.example',
  now: at('2026-11-21T14:20:00.000Z'),
}

const zones: Readonly<Record<Locale, string>> = {
  fa: 'Asia/Tehran',
  fr: 'Europe/Paris',
  'pt-BR': 'America/Sao_Paulo',
  'zh-Hant': 'Asia/Taipei',
}

export const wholeSite: Scope = { everything: 'yes', components: [], groups: [], incidents: [] }

export function sampleRecipient(locale: Locale, more: Partial<Recipient> = {}): Recipient {
  return {
    id: 'sub1',
    links: 0,
    audience: 'subscriber',
    channel: 'email',
    target: { address: 'cy@example.org' },
    locale,
    zone: zones[locale] ?? 'Europe/Lisbon',
    scope: wholeSite,
    isFirst: true,
    ...more,
  }
}

export function toldMessage(told: Told, number = 7): Message {
  return {
    number,
    thread: `${told.subject.noun}:${told.subject.id}`,
    at: at('2026-11-21T14:15:00.000Z'),
    payload: { kind: 'told', told },
  }
}

/** Letters to one, by their kind. */
export const samplePayloads: readonly Payload[] = [
  { kind: 'confirm' },
  { kind: 'known' },
  { kind: 'test', by: 'Ada' },
  {
    kind: 'alert',
    alert: 'alert1',
    name: '“Payments are failing”: a promised update was missed.',
    data: { kind: 'promise-missed', path: '/admin/incidents/inc1', deed: 'Say something', urgency: 'critical' },
  },
  ...(['reset', 'invitation'] as const).map((kind): Payload => ({
    kind,
    sealedLink: sealedLink(sampleVault, 'sub1', `https://status.northwind.example/admin/${kind}/secret`),
    until: at('2026-11-22T14:20:00.000Z'),
  })),
]

export interface Sample {
  readonly name: string
  readonly locale: Locale
  readonly letter: Letter
}

/** Every kind of letter in every language, as it reaches a reader by mail. */
export function sampleMessages(languages: readonly Locale[]): readonly Sample[] {
  const told = Object.entries(sampleTold).map(([name, one]) => ({ name, messages: [toldMessage(one)] }))
  const joined = [sampleTold['incident.opened'], sampleTold['incident.updated'], sampleTold['incident.resolved']]
  const letters = samplePayloads.map((payload) => ({
    name: payload.kind,
    messages: [{ number: 3, thread: `${payload.kind}:sub1`, at: sampleAbout.now, payload }],
  }))
  const all = [
    ...told,
    { name: 'joined', messages: joined.map((one, index) => toldMessage(one, 7 + index)) },
    ...letters,
  ]
  return languages.flatMap((locale) =>
    all.map(({ name, messages }): Sample => {
      const recipient = sampleRecipient(locale, audienceOf(name))
      return { name, locale, letter: compose(messages, recipient, sampleAbout) }
    }),
  )
}

function audienceOf(name: string): Partial<Recipient> {
  if (name === 'alert') return { audience: 'operator', scope: null }
  return name === 'reset' || name === 'invitation' ? { audience: 'account', scope: null } : {}
}
