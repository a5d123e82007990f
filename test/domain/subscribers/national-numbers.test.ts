import { expect, test } from 'vitest'
import { numberIn } from '../../../src/domain/subscribers/national-numbers.ts'

test.each([
  ['0170 1234567', 'DE', '+491701234567'],
  ['06 12 34 56 78', 'FR', '+33612345678'],
  ['(415) 555-2671', 'us', '+14155552671'],
  ['1 415 555 2671', 'CA', '+14155552671'],
  ['07700 900123', 'GB', '+447700900123'],
  ['۰۹۱۲۳۴۵۶۷۸۹', 'IR', '+989123456789'],
  ['139 1234 5678', 'CN', '+8613912345678'],
  // Italy's have no zero before them, and Spain's none at all.
  ['333 1234567', 'IT', '+393331234567'],
  ['612 345 678', 'ES', '+34612345678'],
])('%s in %s is %s', (written, country, number) => {
  expect(numberIn(written, country)).toBe(number)
})

test('what is whole stays as it is, whatever country is named', () => {
  expect(numberIn('+351 912 345 678', 'US')).toBe('+351 912 345 678')
  expect(numberIn('0044 7700 900123', 'PT')).toBe('0044 7700 900123')
})

test.each([
  ['020 7946 0958', 'GB'],
  ['030 123456', 'DE'],
  ['115 555 2671', 'US'],
  ['912345678', 'ZZ'],
  ['hello', 'PT'],
  ['', 'PT'],
])('%s in %s is refused: no text message would arrive, or it is not known where', (written, country) => {
  expect(() => numberIn(written, country)).toThrow('phone_country')
})
