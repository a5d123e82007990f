import { expect, test } from 'vitest'
import { locales } from '../../../src/domain/site/site.ts'
import { overall } from '../../../src/domain/status/overall.ts'
import { isPlural } from '../../../src/web/public/grammar.ts'
import { verdictOf } from '../../../src/web/public/verdict.ts'
import { plain, readerOf } from '../../../src/web/shared/i18n.ts'
import { states } from './states.ts'
import sentences from './verdicts.json' with { type: 'json' }

// `verdicts.json` was read by eye, in every language; a change of words belongs into it after being read again.
const cases = Object.entries(states).flatMap(([name, snapshot]) =>
  locales.map((locale) => ({ name, locale, snapshot })),
)

test.each(cases)('$name: $locale', ({ name, locale, snapshot }) => {
  const { sentence, rest } = verdictOf(snapshot, readerOf(snapshot, locale))
  expect([sentence, ...rest].map(plain).join(' ')).toBe(sentences[name as keyof typeof sentences][locale])
})

test('there is a sentence read by eye for each state, and no other', () => {
  expect(Object.keys(sentences)).toEqual(Object.keys(states))
})

test.each(Object.entries(states))('%s: the sentence is as severe as badge, feeds and JSON say', (_, snapshot) => {
  const { state } = overall(snapshot.components.map(({ status }) => status))
  const { status } = verdictOf(snapshot, readerOf(snapshot, 'en'))
  const agreeing = {
    operational: ['none'],
    unknown: ['unknown'],
    under_maintenance: ['maintenance'],
    degraded_performance: ['minor'],
    partial_outage: ['minor', 'major'],
    major_outage: ['major', 'critical'],
  }
  expect(agreeing[status]).toContain(state)
})

test('a name in another language than the sentence says so', () => {
  const snapshot = states['one singular name is down']
  const [name] = verdictOf(snapshot, readerOf(snapshot, 'fa')).sentence
  expect(name).toEqual({ kind: 'name', text: 'API', lang: 'en', dir: 'ltr' })
})

test.each([
  ['Card payments', 'en', true],
  ['Payments in Europe', 'en', true],
  ['Website', 'en', false],
  ['Git operations', 'en', true],
  ['Access', 'en', false],
  ['Status', 'en', false],
  ['DNS', 'en', false],
  ['APIs', 'en', true],
  ['Redis', 'en', false],
  ['Paiements par carte', 'fr', true],
  ['Réseaux', 'fr', true],
  ['Accès', 'fr', false],
  ['Connexion', 'fr', false],
  ['Pagamentos com cartão', 'pt-BR', true],
  ['Canais', 'pt-BR', true],
  ['Status', 'pt-BR', false],
  ['پرداخت‌ها', 'fa', false],
] as const)('%s takes a plural verb in %s: %s', (name, locale, plural) => {
  expect(isPlural({ text: name, lang: null }, locale)).toBe(plural)
})

test('a name that is not translated keeps the number of its own language', () => {
  expect(isPlural({ text: 'Card payments', lang: 'en' }, 'fr')).toBe(true)
  expect(isPlural({ text: 'Card payments', lang: 'en' }, 'fa')).toBe(false)
})
