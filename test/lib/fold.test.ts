import { expect, test } from 'vitest'
import { folded } from '../../src/lib/fold.ts'

test.each([
  ['ÉLÈVE Ça', 'eleve ca'],
  ['Straße, Œuvre, Łódź', 'strasse, oeuvre, lodz'],
  ['۱۴۰۵ ٣٤ ４２ १२', '1405 34 42 12'],
  ['می‌خواهم كتاب علي', 'میخواهم کتاب علی'],
  ['ＡＰＩ 維護', 'api 維護'],
  ['', ''],
])('%s is searched as %s', (text, expected) => {
  expect(folded(text)).toBe(expected)
})

test('what is folded stays as it is when it is folded again', () => {
  for (const text of ['Ünïcödé ۱۲', 'ﬁn ½ ㈱', 'क़ 가']) expect(folded(folded(text))).toBe(folded(text))
})
