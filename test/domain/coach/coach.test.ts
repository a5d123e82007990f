import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Draft, coached } from '../../../src/domain/coach/coach.ts'
import { type RuleFile, rulesOf, unwanted, wanted } from '../../../src/domain/coach/rules.ts'
import { locales } from '../../../src/domain/site/site.ts'
import { chinese } from './texts/zh-hant.ts'
import { english } from './texts/en.ts'
import { french } from './texts/fr.ts'
import { persian } from './texts/fa.ts'
import { portuguese } from './texts/pt-br.ts'
import type { Row } from './texts/table.ts'

const texts: Readonly<Record<string, readonly Row[]>> = {
  en: english,
  fr: french,
  'pt-BR': portuguese,
  fa: persian,
  'zh-Hant': chinese,
}
const folder = new URL('../../../locales/coach/', import.meta.url)
const coachedLanguages = readdirSync(folder).map((file) => file.slice(0, -'.json'.length))

const draft = (locale: string, stage: string, body: string): Draft => ({ locale, stage, body, promise: 'none' })
const rulesIn = (outcome: 'done' | 'hint', of: Draft): string =>
  coached(of)
    .filter((finding) => finding.outcome === outcome)
    .map(({ rule }) => rule)
    .join(' ')

describe.each(Object.entries(texts))('%s', (locale, rows) => {
  test.each(rows)('%s: %s', (stage, body, done, hints) => {
    const found = {
      done: rulesIn('done', draft(locale, stage, body)),
      hints: rulesIn('hint', draft(locale, stage, body)),
    }
    const sorted = (names: string) => names.split(' ').toSorted().join(' ')
    expect({ done: sorted(found.done), hints: sorted(found.hints) }).toEqual({
      done: sorted(done),
      hints: sorted(hints),
    })
  })

  test('is held against at least fifteen texts', () => {
    expect(rows.length).toBeGreaterThanOrEqual(15)
  })
})

describe.each(coachedLanguages)('the rules in %s', (locale) => {
  const { file } = rulesOf(locale)!
  const stages = {
    who: 'identified',
    act: 'identified',
    since: 'resolved',
    again: 'monitoring',
    data: 'resolved',
    next: 'monitoring',
  }

  test('are all there, each with its reason and an example', () => {
    expect(Object.keys(file)).toEqual([...wanted, ...unwanted])
    for (const name of [...wanted, ...unwanted]) {
      for (const field of ['hint', 'reason', 'before', 'after'] as const)
        expect(file[name][field], `${name}.${field}`).not.toBe('')
    }
    for (const name of [...wanted, 'empty', 'passive'] as const)
      expect(new Set(file[name].phrases).size, name).toBe(file[name].phrases.length)
    for (const name of ['empty', 'passive', 'jargon'] as const) expect(file[name].hint).toContain('{words}')
    expect(file.long.hint).toContain('{count}')
    expect(file.jargon.instead).toMatch(/\{words\}.*\{instead\}/)
  })

  test.each([...wanted, ...unwanted])('%s: the example before trips it, and the one after does not', (name) => {
    const stage = name in stages ? stages[name as keyof typeof stages] : 'update'
    const hints = (body: string) => rulesIn('hint', draft(locale, stage, body)).split(' ')
    expect(hints(file[name].before)).toContain(name)
    expect(hints(file[name].after)).not.toContain(name)
    // Nor does what we hold up as good offend against another rule.
    expect(rulesIn('hint', { ...draft(locale, 'update', file[name].after) })).toBe('')
  })

  test('no way of writing a phrase is beyond its reader: each is found in itself', () => {
    for (const phrase of phrasesOf(file)) {
      const body = phrase
        .split(' ')
        .filter((place) => place !== '~' && !place.startsWith('!'))
        .map((place) => place.split('|')[0]!.replaceAll('*', '').replace('#time', '13:42').replace('#', '20'))
        .join(locale.startsWith('zh') ? '' : ' ')
      const all = [...wanted.map((name) => stages[name]), 'update'].flatMap((stage) =>
        coached(draft(locale, stage, body)),
      )
      const isFound = all.some(
        ({ outcome, rule }) => outcome === 'done' || ['jargon', 'empty', 'passive'].includes(rule),
      )
      expect(isFound, `${phrase} in “${body}”`).toBe(true)
    }
  })
})

function* phrasesOf(file: RuleFile): Generator<string> {
  for (const name of [...wanted, 'empty', 'passive'] as const) yield* file[name].phrases
  yield* Object.keys(file.jargon.words)
}

test('a language that has no rules has no coach, and those that have are held against texts', () => {
  expect(coached(draft('en-XA', 'investigating', 'Some users may experience issues.'))).toEqual([])
  for (const tag of coachedLanguages) expect(locales).toContain(tag)
  expect(coachedLanguages.toSorted()).toEqual(Object.keys(texts).toSorted())
})

test('a text without words is not coached', () => {
  for (const body of ['', ' \n ', '**', '…', 'https://example.com/some-users']) {
    expect(coached(draft('en', 'investigating', body))).toEqual([])
  }
})

test('a promise that stands beside the text need not stand in it', () => {
  const body = 'Customers in Italy cannot pay.'
  expect(rulesIn('hint', draft('en', 'identified', body))).toContain('next')
  expect(rulesIn('done', { ...draft('en', 'identified', body), promise: 'made' })).toContain('next')
})

test('a hint quotes the words as they stand in the text, each once, without their marks', () => {
  const hints = coached(draft('en', 'update', '**Some** users had *Latency*. Some users had latency.'))
  expect(hints.map(({ words }) => words)).toEqual([
    '“Latency” may be jargon to them: say “delays”',
    '“Some users” says nothing',
  ])
})

test('the site’s own words come first, in the language they belong to, and with any ending where a star stands', () => {
  const own = [
    { word: 'Ledgerbot*', instead: 'our accounting', locale: null },
    { word: 'API gateway', instead: 'the way programs reach us', locale: 'en' },
    { word: 'passerelle', instead: null, locale: 'fr' },
  ]
  const words = (locale: string, body: string) =>
    coached(draft(locale, 'update', body), own).map((finding) => finding.words)
  expect(words('en', 'The API gateway and the Ledgerbots are slow; passerelle.')).toEqual([
    '“API gateway” may be jargon to them: say “the way programs reach us”',
    '“Ledgerbots” may be jargon to them: say “our accounting”',
  ])
  expect(words('fr', 'La passerelle est lente.')).toEqual([
    '«\u00a0passerelle\u00a0»\u00a0: du jargon pour eux, peut-être',
  ])
})

test('own words that no text could hold are passed over', () => {
  const own = [{ word: '***', instead: '$& $1', locale: null }]
  expect(coached(draft('en', 'update', 'All is well.'), own)).toEqual([])
})

describe('whatever is written', () => {
  const seeds = [
    'a ',
    'some ',
    'since ',
    'try again ',
    'was ',
    '13:42',
    '1 ',
    '9 h ',
    'a.m. ',
    '!',
    '！',
    '*',
    '](',
    'https://',
    '\u200c',
    'می ',
    'ها ',
    '客戶',
    '受',
    '，',
    '\ud800',
    '\u0000',
    '👩‍👩‍👧 ',
    'ي',
    'é',
    'nothing nothing nothing ',
  ]
  test.each(locales)('%s: no text stops it, and the same text gets the same answer', (locale) => {
    for (const first of seeds) {
      for (const second of seeds) {
        const of = draft(locale, 'resolved', (first + second).repeat(20))
        expect(coached(of)).toEqual(coached(of))
      }
    }
  })

  test.each(locales)('%s: the longest text comes to its end', (locale) => {
    for (const seed of seeds) {
      const body = seed.repeat(Math.ceil(25_000 / seed.length)).slice(0, 25_000)
      // What grew with the square of the length would take minutes, and a test has twenty seconds.
      expect(coached(draft(locale, 'resolved', body)), JSON.stringify(seed)).toBeDefined()
    }
  })
})

test('the rules stand in files that people can read', () => {
  for (const locale of coachedLanguages) {
    const text = readFileSync(new URL(`${locale}.json`, folder), 'utf8')
    expect(text.normalize('NFC'), locale).toBe(text)
  }
})
