import { readFileSync, readdirSync } from 'node:fs'
import { IntlMessageFormat } from 'intl-messageformat'
import { expect, test } from 'vitest'
import { locales } from '../src/domain/site/site.ts'
import { patterns } from '../src/lib/messages.ts'

type Element = ReturnType<IntlMessageFormat['getAst']>[number]

/** Values that only serve grammar: a language without plural or case need not use them. */
const grammar = ['number', 'place', 'form', 'amount', 'titled']

test('there is one catalogue a language', () => {
  const files = readdirSync(new URL('../locales', import.meta.url))
  // Beside them: what the coach looks for, which no language has to have.
  expect(files.filter((name) => name !== 'coach').toSorted()).toEqual(
    locales.map((locale) => `${locale}.json`).toSorted(),
  )
})

test.each(locales.slice(1))('%s has exactly the messages that English has, in the same order', (locale) => {
  expect([...patterns(locale).keys()]).toEqual([...patterns('en').keys()])
})

test.each(locales)('every message of %s compiles, and needs what the English one needs', (locale) => {
  for (const [key, pattern] of patterns(locale)) {
    const needed = placeholders(pattern, locale)
    const english = placeholders(patterns('en').get(key) ?? '', 'en')
    expect(needed, key).toEqual(english)
  }
})

test.each(locales)('%s has no ends of words that nobody sees', (locale) => {
  for (const [key, pattern] of patterns(locale)) {
    if (key.startsWith('language.')) continue
    expect(pattern, key).not.toMatch(/^\s|\s$| {2}|"|'/)
    expect(pattern.normalize('NFC'), key).toBe(pattern)
  }
})

test('French puts a space that does not break before its high punctuation, and none of the other kind', () => {
  for (const [key, pattern] of patterns('fr')) expect(pattern, key).not.toMatch(/ [:;!?»%]|« /)
})

test('Persian is written with Persian letters and digits', () => {
  for (const [key, pattern] of patterns('fa')) {
    if (key.startsWith('language.')) continue
    // Arabic kaf and yeh look alike and are not the same; digits of other scripts stand out.
    expect(pattern.replaceAll(/=0|\{[^{}]*\}/g, ''), key).not.toMatch(/[كيى٠-٩0-9]/)
  }
})

test('a catalogue is readable: two spaces, one message a line', () => {
  for (const locale of locales) {
    const text = readFileSync(new URL(`../locales/${locale}.json`, import.meta.url), 'utf8')
    expect(text).toBe(`${JSON.stringify(JSON.parse(text), null, 2)}\n`)
  }
})

function placeholders(pattern: string, locale: string): string[] {
  const names = new Set<string>()
  const walk = (elements: readonly Element[]): void => {
    for (const element of elements) {
      if (element.type === 0 || element.type === 7 || element.type === 8) continue
      if (!grammar.includes(element.value)) names.add(element.value)
      if ('options' in element) Object.values(element.options).forEach((option) => walk(option.value))
    }
  }
  walk(new IntlMessageFormat(pattern, locale, undefined, { ignoreTag: true }).getAst())
  return [...names].toSorted()
}
