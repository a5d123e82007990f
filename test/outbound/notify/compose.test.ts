import { expect, test } from 'vitest'
import { sealedLink } from '../../../src/domain/deliveries/sealed-link.ts'
import type { Told, ToldComponent } from '../../../src/domain/deliveries/told.ts'
import { locales } from '../../../src/domain/site/site.ts'
import { linkFault } from '../../../src/domain/subscribers/links.ts'
import type { Scope } from '../../../src/domain/subscribers/subscriber.ts'
import { type Instant, later } from '../../../src/lib/clock.ts'
import { patterns } from '../../../src/lib/messages.ts'
import { compose } from '../../../src/outbound/notify/compose.ts'
import type { Letter } from '../../../src/outbound/notify/letter.ts'
import { sampleTold } from './sample-told.ts'
import { sampleAbout, sampleMessages, sampleRecipient, sampleVault, toldMessage, wholeSite } from './samples.ts'

const opened = sampleTold['incident.opened']

function letterOf(told: Told, recipient = sampleRecipient('en'), about = sampleAbout): Letter {
  return compose([toldMessage(told)], recipient, about)
}

/** Everything of ours that a reader reads, and what is theirs only where it is in their language. */
function ownWords(letter: Letter): string[] {
  const { subject, heading, headingLang, label, facts, promise, affectedTitle, button, why, links, words, affected } =
    letter
  return [
    ...(headingLang === null ? [subject, heading] : []),
    label,
    facts,
    promise,
    affectedTitle,
    button?.says,
    why,
    ...links.map(({ says }) => says),
    ...affected.map(({ says }) => says),
    ...words.flatMap(({ label: stage, when, body, lang }) => [stage, when, lang === null ? body : '']),
  ].flatMap((text) => text || [])
}

/** What nobody translated, or what is the same everywhere. */
const names = [
  'It was about another system\\.',
  'Card payments',
  'Webhooks',
  'Northwind',
  'Say something',
  'WET',
  'UTC',
  'Ada',
]

test.each(locales)('%s: every letter is complete and in the language', (locale) => {
  const samples = sampleMessages([locale])
  expect(samples.length).toBeGreaterThan(20)
  for (const { name, letter } of samples) {
    const { subject, preheader, heading, words } = letter
    const where = `${name} in ${locale}`
    expect(
      [subject, preheader, heading].filter((text) => text.trim() === ''),
      where,
    ).toEqual([])
    if (name !== 'alert') expect(words.map(({ body }) => body.trim()).filter(Boolean).length, where).toBeGreaterThan(0)
    const own = ownWords(letter)
    expect(
      own.filter((text) => /[{}]|undefined|\bnull\b|\[object/.test(text)),
      where,
    ).toEqual([])
    const keys = [...patterns('en').keys()].filter((key) => own.some((text) => text.includes(key)))
    expect(keys, where).toEqual([])
    const foreign = new RegExp(String.raw`\b(?:${[...english].join('|')})\b`)
    if (locale !== 'en')
      expect(
        own.filter((text) => foreign.test(withoutNames(text))),
        where,
      ).toEqual([])
    if (/-X[AB]$/.test(locale))
      expect(own.flatMap((text) => withoutNames(text).match(/[A-Za-z]{2,}.{0,30}/g) ?? [])).toEqual([])
  }
})

/** Words that English has and none of the others. */
const english = [
  'the',
  'you',
  'it',
  'is',
  'this',
  'that',
  'Began',
  'Affected',
  'Down',
  'Works',
  'by',
  'from',
  'Unsubscribe',
]

function withoutNames(text: string): string {
  return names.reduce((rest, name) => rest.replaceAll(name, ''), text)
}

test('a mail keeps its subject while it goes on, and any other letter says in it where things are', () => {
  const told = [opened, sampleTold['incident.updated'], sampleTold['incident.resolved']]
  const subjects = (channel: 'email' | 'web-push'): string[] =>
    told.map((one) => letterOf(one, sampleRecipient('en', { channel })).subject)
  expect(new Set(subjects('email'))).toEqual(new Set(['[Northwind] Payments are failing']))
  expect(subjects('web-push')).toEqual([
    '[Northwind] Payments are failing · Investigating',
    '[Northwind] Payments are failing · Identified',
    '[Northwind] Payments are failing · Resolved',
  ])
  expect(letterOf(sampleTold['incident.resolved']).preheader).toMatch(/^Resolved · Payments work again/)
})

test('several words become one letter: the newest is last and says how things are', () => {
  const told = [opened, sampleTold['incident.updated'], sampleTold['incident.resolved']]
  const letter = compose(
    told.map((one, index) => toldMessage(one, 7 + index)),
    sampleRecipient('en'),
    sampleAbout,
  )
  expect(letter.key).toBe('7.mwqhpbc0.sub1')
  expect(letter.words.map(({ label }) => label)).toEqual(['Investigating', 'Identified', 'Resolved'])
  expect([letter.label, letter.tone, letter.promise]).toEqual(['Incident · Resolved', 'operational', null])
  expect(letter.facts).toBe('It lasted 57 minutes: 21 November 2026, 13:05–14:02 WET')
  expect(letter.affected.map(({ name, says }) => [name, says])).toEqual([
    ['Card payments', 'Works'],
    ['Webhooks', 'Works'],
  ])
  expect(letter.told).toEqual(told)
})

test('a database that was brought back counts anew, and yet no letter has the key of one that went out before', () => {
  const message = toldMessage(opened)
  const keyAt = (at: string): string =>
    compose([{ ...message, at: at as Instant }], sampleRecipient('en'), sampleAbout).key
  expect(keyAt('2026-11-21T14:15:00.001Z')).not.toBe(keyAt('2026-11-21T14:15:00.000Z'))
  expect(keyAt('2026-11-21T14:15:00.000Z')).toBe(keyAt('2026-11-21T14:15:00.000Z'))
})

test('what nobody translated stands as it was written, and says in which language', () => {
  const word = opened.word && { ...opened.word, translations: {} }
  const untold = { ...opened, subject: { ...opened.subject, translations: {} }, word }
  const { heading, headingLang, words } = letterOf(untold, sampleRecipient('fa'))
  expect([heading, headingLang, words[0]?.lang]).toEqual(['Payments are failing', 'en', 'en'])
})

test('a correction shows what was said before, and a reader of another text that stayed sees no two of the same', () => {
  const corrected = sampleTold['update.corrected']
  expect(letterOf(corrected).words[0]?.body).toMatch(/^About one[^]*\*Before, it said:\*\n\n> Payments work again/)
  const translations = { ...corrected.wordBefore.translations, fr: corrected.word?.translations['fr'] ?? {} }
  const french = letterOf(
    { ...corrected, wordBefore: { ...corrected.wordBefore, translations } },
    sampleRecipient('fr'),
  )
  expect(french.words[0]?.body).not.toContain('>')
  expect(french.label).toBe('Incident · Corrigé')
})

test('a word that was corrected before it went out is read once, as it reads now', () => {
  const body = 'One in four payments is refused.'
  const corrected = sampleTold['update.corrected']
  const word = corrected.word && { ...corrected.word, body }
  const messages = [opened, { ...corrected, word }].map((told, index) => toldMessage(told, 7 + index))
  const letter = compose(messages, sampleRecipient('en'), sampleAbout)
  expect(letter.words.map(({ label, body: said }) => [label, said])).toEqual([['Investigating', body]])
})

test('links are the recipient’s own, each for its purpose and its time', () => {
  const letter = letterOf(opened)
  const recipient = sampleRecipient('en')
  const [manage = '', leave = ''] = letter.links.map(({ url }) => url.split('/').at(-1) ?? '')
  const sent = toldMessage(opened).at
  const fault = (purpose: 'manage' | 'leave', token: string, days: number) =>
    linkFault(sampleVault, { purpose, token, now: later(sent, days * 86_400) }, recipient)
  expect([fault('manage', manage, 29), fault('manage', manage, 31), fault('leave', manage, 1)]).toEqual([
    null,
    'too late',
    'forged',
  ])
  expect([fault('leave', leave, 5000), fault('manage', leave, 1)]).toEqual([null, 'forged'])
  expect(letter.leave).toEqual({ url: letter.links[1]?.url, mailto: `mailto:leave@northwind.example?subject=${leave}` })
})

test('the letter that asks has nothing in it of whoever typed the address, and is for a day', () => {
  const target = { address: 'buy-pills@spam.example', name: 'Buy pills' }
  const message = { number: 3, thread: 'confirm:sub1', at: sampleAbout.now, payload: { kind: 'confirm' } as const }
  const about = { ...sampleAbout, site: { ...sampleAbout.site, description: 'Cheap pills' } }
  const letter = compose([message], sampleRecipient('en', { target, id: 'sub1' }), about)
  expect(JSON.stringify(letter)).not.toMatch(/pills|spam/i)
  expect([letter.links, letter.leave, letter.why]).toEqual([[], null, null])
  const token = letter.button?.url.split('/').at(-1) ?? ''
  const fault = (hours: number) =>
    linkFault(
      sampleVault,
      { purpose: 'confirm', token, now: later(sampleAbout.now, hours * 3600) },
      sampleRecipient('en'),
    )
  expect([fault(23), fault(25)]).toEqual([null, 'too late'])
})

test('an operator is called by the sentence of the alert and sent to where something can be done', () => {
  const data = { kind: 'promise-missed', path: '/admin/incidents/inc1', deed: 'Say something', urgency: 'critical' }
  const name = 'The update promised for 14:00 on\n“Cards” was missed.'
  const alert = (urgency: string, more: { detail?: string } = {}) => {
    const payload = { kind: 'alert', alert: 'a1', name, data: { ...data, urgency, ...more } } as const
    const message = { number: 3, thread: 'alert:a1', at: sampleAbout.now, payload }
    return compose([message], sampleRecipient('fr', { audience: 'operator', scope: null }), sampleAbout)
  }
  const letter = alert('critical')
  expect([letter.heading, letter.headingLang]).toEqual(['The update promised for 14:00 on “Cards” was missed.', 'en'])
  expect(letter.words).toEqual([])
  expect(letter.button).toEqual({ says: 'Say something', url: 'https://status.northwind.example/admin/incidents/inc1' })
  expect([letter.leave, letter.links]).toEqual([null, []])
  expect(alert('critical', { detail: 'Our checks of Cards have failed.' }).words).toMatchObject([
    { body: 'Our checks of Cards have failed.' },
  ])
  expect(['critical', 'normal', 'low', 'shrill'].map((one) => alert(one).urgency)).toEqual([
    'critical',
    'normal',
    'low',
    'normal',
  ])
})

test('a link of a letter to an account is opened for that account only', () => {
  const sealed = sealedLink(sampleVault, 'ben', 'https://status.northwind.example/admin/reset/secret')
  const payload = { kind: 'reset', sealedLink: sealed, until: later(sampleAbout.now, 1800) } as const
  const message = { number: 3, thread: 'reset:ben', at: sampleAbout.now, payload }
  const to = (id: string) =>
    compose([message], sampleRecipient('en', { id, audience: 'account', scope: null }), sampleAbout)
  expect(to('ben').button?.url).toBe('https://status.northwind.example/admin/reset/secret')
  expect(to('ben').facts).toBe('The link works until 21 November 2026 at 14:50 WET.')
  expect(() => to('eve')).toThrow('authenticate')
})

test('names that want to be markup or lines of their own are one harmless line', () => {
  for (const name of hostile) {
    const subject = { ...opened.subject, name, translations: {} }
    const components = [{ ...opened.components[0], name, translations: {} } as ToldComponent]
    const site = { ...sampleAbout.site, name, translations: {} }
    const scope: Scope = { ...wholeSite, everything: 'no', components: ['cards'] }
    const letter = letterOf({ ...opened, subject, components }, sampleRecipient('en', { scope }), {
      ...sampleAbout,
      site,
    })
    for (const text of [
      letter.subject,
      letter.heading,
      letter.site.name,
      letter.why ?? '',
      letter.affected[0]?.name ?? '',
    ]) {
      expect(text).toContain(
        name
          .replaceAll(/[\s\u202e\u202c]+/g, ' ')
          .trim()
          .slice(0, 8),
      )
      expect(text).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e]/u)
    }
  }
})

const hostile = [
  '{{constructor.constructor("return process")()}}',
  '<%= process.env %>',
  '{% include "/etc/passwd" %}',
  '</style><script>alert(1)</script>',
  'Cards\r\nBcc: eve@evil.example\r\n\r\nBuy',
  'Cards\u2028 and lines',
  '\u202eslenac era sdraC\u202c fail',
  '{name, plural, one {#} other {#}}',
]

test('only what is critical and begins rings; a review waits', () => {
  expect(letterOf(opened).urgency).toBe('critical')
  expect(letterOf(sampleTold['incident.updated']).urgency).toBe('normal')
  expect(letterOf({ ...opened, subject: { ...opened.subject, severity: 'major' } }).urgency).toBe('normal')
  for (const one of ['review.published', 'action.done'] as const) expect(letterOf(sampleTold[one]).urgency).toBe('low')
})
