import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Snapshot } from '../../../src/domain/status/snapshot-types.ts'
import { overall } from '../../../src/domain/status/overall.ts'
import { isPlural } from '../../../src/web/public/grammar.ts'
import { verdictOf } from '../../../src/web/public/verdict.ts'
import { plain, readerOf } from '../../../src/domain/site/reader.ts'
import { states } from './states.ts'

// `verdicts.json` was read by eye, in every language; a change of words belongs into it after being read again:
// `CANDOR_READ=1 vitest run test/web/public/verdict.test.ts` writes it.
const file = new URL('verdicts.json', import.meta.url)
const languages = ['en', 'fr', 'pt-BR', 'fa', 'zh-Hant']
const composed = Object.fromEntries(
  Object.entries(states).map(([name, snapshot]) => [
    name,
    Object.fromEntries(languages.map((locale) => [locale, sentencesOf(snapshot, locale)])),
  ]),
)
if (process.env['CANDOR_READ']) writeFileSync(file, `${JSON.stringify(composed, null, 2)}\n`)
const read = JSON.parse(readFileSync(file, 'utf8')) as typeof composed

function sentencesOf(snapshot: Snapshot, locale: string): string {
  const reader = readerOf(snapshot, locale)
  const { sentence, rest } = verdictOf(snapshot, reader)
  return [sentence, ...rest]
    .map((words) => plain(words).replaceAll(/[\u2068\u2069]/g, ''))
    .join(reader.say('language.gap'))
}

test.each(Object.keys(states).flatMap((name) => languages.map((locale) => ({ name, locale }))))(
  '$name: $locale',
  ({ name, locale }) => {
    expect(composed[name]?.[locale]).toBe(read[name]?.[locale])
  },
)

test('there is a sentence read by eye for each state, and no other', () => {
  expect(Object.keys(read)).toEqual(Object.keys(states))
  expect(Object.keys(read).length).toBeGreaterThanOrEqual(40)
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

test('where directions meet, a name moves nothing else in plain text', () => {
  const sentenceIn = (locale: string, state: keyof typeof states): string =>
    plain(verdictOf(states[state], readerOf(states[state], locale)).sentence)
  expect(sentenceIn('fa', 'one singular name is down')).toBe('\u2068API\u2069 از کار افتاده است.')
  expect(sentenceIn('en', 'a name in Persian and one in Chinese')).toBe(
    '\u2068درگاه پرداخت\u2069 and \u2068台北機房\u2069 are partly down.',
  )
  expect(sentenceIn('en', 'one singular name is down')).toBe('API is down.')
})

test('nothing is ever said of some systems', () => {
  expect(Object.values(read).flatMap(({ en = '' }) => en.match(/\bsome\b|certain|various|several/i) ?? [])).toEqual([])
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
  ['پرداخت‌ها', 'fa', true],
  ['پرداخت‌های کارتی', 'fa', true],
  ['پرداخت با کارت', 'fa', false],
  ['راه', 'fa', false],
  ['付款', 'zh-Hant', false],
] as const)('%s takes a plural verb in %s: %s', (name, locale, plural) => {
  expect(isPlural({ text: name, lang: null }, locale)).toBe(plural)
})

test('a name that is not translated keeps the number of its own language', () => {
  expect(isPlural({ text: 'Card payments', lang: 'en' }, 'fr')).toBe(true)
  expect(isPlural({ text: 'Card payments', lang: 'en' }, 'fa')).toBe(false)
})
