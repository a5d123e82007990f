import type { Letter } from '../../../src/outbound/notify/letter.ts'
import type { MailMeans } from '../../../src/outbound/notify/means.ts'
import { resolver } from '../../../src/lib/resolver.ts'
import type { SendingParts } from '../../../src/outbound/notify/channel.ts'
import { instantOf } from '../../../src/lib/clock.ts'

/** A letter about an incident, as it comes out of composing. */
export function letter(changes: Partial<Letter> = {}): Letter {
  return {
    kind: 'told',
    key: '12.ada1',
    thread: 'incident:inc1',
    isFirst: true,
    locale: 'en',
    dir: 'ltr',
    site: { id: 'site1', name: 'Northwind Status', url: 'https://status.northwind.example' },
    subject: 'Search is slow',
    preheader: 'We are looking into it.',
    heading: 'Search is slow',
    headingLang: null,
    facts: null,
    label: 'Incident · Investigating',
    tone: 'degraded_performance',
    urgency: 'normal',
    words: [
      {
        label: 'Investigating',
        at: instantOf(1_795_000_000_000),
        when: '21 November, 12:00 UTC',
        body: 'We are looking into it.',
        lang: null,
      },
    ],
    affected: [{ name: 'Search', status: 'degraded_performance', says: 'Slow' }],
    affectedTitle: 'Affected of what you follow',
    promise: 'The next update comes by 12:30.',
    button: { says: 'Read more', url: 'https://status.northwind.example/incidents/inc1' },
    why: 'You get this because you subscribed.',
    links: [],
    leave: {
      url: 'https://status.northwind.example/subscriptions/leave/ada1.0.xyz',
      mailto: 'mailto:leave@northwind.example?subject=ada1.0.xyz',
    },
    told: [],
    ...changes,
  }
}

export function mailMeans(smtpUrl: string, more: Partial<MailMeans> = {}): MailMeans {
  return { smtpUrl, from: 'status@northwind.example', replyTo: null, leaveTo: null, dkim: null, ...more }
}

export function sendingParts(mail: MailMeans | null): SendingParts {
  return {
    egress: { resolver: resolver({ servers: [] }), allow: [] },
    means: {
      mail,
      sms: null,
      telegram: null,
      push: { publicKey: '', privateKey: '', subject: null },
    } as SendingParts['means'],
    signal: new AbortController().signal,
  }
}
