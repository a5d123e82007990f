import type { Instant } from '../../../src/lib/clock.ts'
import type { Letter } from '../../../src/outbound/notify/letter.ts'

/** What a subscriber of a small page is told when something begins. */
export const sampleLetter: Letter = {
  kind: 'told',
  key: '7.mwqhpbc0.sub1',
  thread: 'incident:inc1',
  isFirst: true,
  locale: 'en',
  dir: 'ltr',
  site: { id: 'site1', name: 'Northwind Status', url: 'https://status.example' },
  subject: 'Search is slow',
  preheader: 'Searching takes up to a minute.',
  heading: 'Search is slow',
  headingLang: null,
  label: 'Incident · Investigating',
  tone: 'degraded_performance',
  urgency: 'normal',
  words: [
    {
      label: 'Investigating',
      at: '2026-11-21T12:00:00.000Z' as Instant,
      when: '12:00 UTC',
      body: 'Searching takes **up to a minute**. We are [looking](https://status.example/a) for why.',
      lang: null,
    },
  ],
  affected: [{ name: 'Search', status: 'degraded_performance', says: 'Degraded' }],
  affectedTitle: 'Affected',
  promise: 'We will say more by 12:30 UTC.',
  facts: null,
  button: { says: 'See it on the page', url: 'https://status.example/incidents/inc1' },
  why: 'You asked to be told.',
  links: [
    { says: 'Change', url: 'https://status.example/subscriptions/manage/sub1.0.m' },
    { says: 'Unsubscribe', url: 'https://status.example/subscriptions/leave/sub1.0.l' },
  ],
  leave: { url: 'https://status.example/subscriptions/leave/sub1.0.l', mailto: null },
  told: [],
}

export function letter(parts: Partial<Letter> = {}): Letter {
  return { ...sampleLetter, ...parts }
}

/** A word that was said, with this text. */
export function said(body: string): Pick<Letter, 'words'> {
  return { words: sampleLetter.words.map((word) => ({ ...word, body })) }
}

/** What strangers write, and what each form of a text could stumble over. */
export const hostile = [
  '<script>alert(1)</script> <b>bold</b> & "quotes" \\ back',
  '"},"to":"+15550000000","text":"',
  'a\r\nBcc: eve@example.org\r\n\r\nb',
  '{to} {text} {digits} $& $1 $`',
  '&To=%2B15550000000#?+ %00',
  '\u0000\u001b[31m\u2028\ud83d lone \u202e reversed',
  '👩‍👩‍👧‍👦'.repeat(200),
  'جستجو کند است. '.repeat(80),
  '搜尋變慢了。'.repeat(200),
  '_*[]()~`>#+-=|{}.!',
]
