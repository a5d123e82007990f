import { expect, test } from 'vitest'
import { plain, readerOf } from '../../../src/domain/site/reader.ts'
import { sampleSnapshot } from '../../sample-snapshot.ts'

test('Chinese has thin spaces around amounts, in texts and in sentences of pieces', () => {
  const reader = readerOf(sampleSnapshot(), 'zh-Hant')
  expect(plain(reader.phrase('fact.lasted', { duration: '5 分鐘' }))).toBe('歷時 5 分鐘')
  expect(reader.say('lost.major_outage', { duration: '5 分鐘' })).toBe('中斷 5 分鐘')
})

test('a Persian list has no comma before its last "and"', () => {
  const reader = readerOf(sampleSnapshot(), 'fa')
  expect(plain(reader.list([['الف'], ['ب'], ['پ']])).replaceAll('\u200f', '')).toBe('الف، ب و پ')
})

test('each language lists and names in its own way, whoever read before', () => {
  const said = ['en', 'fr', 'en'].map((locale) => {
    const reader = readerOf(sampleSnapshot(), locale)
    return `${plain(reader.list([['A'], ['B']]))}: ${reader.languageName('fa')}`
  })
  expect(said).toEqual(['A and B: Persian', 'A et B: persan', 'A and B: Persian'])
})
