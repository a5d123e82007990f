import { expect, test } from 'vitest'
import { readVisit } from '../../../src/domain/probes/visit.ts'

test('a visit is read, a step a line', () => {
  const text = [
    '# sign in',
    'open /sign-in?from=probe',
    '',
    '  FILL “E-mail” with "a \\"quoted\\" one"  ',
    'click ".button > a"',
    'expect "Your orders"',
    'expect title "Shop"',
  ].join('\n')
  expect(readVisit(text)).toEqual([
    { do: 'open', path: '/sign-in?from=probe', line: 2 },
    { do: 'fill', what: 'E-mail', value: 'a "quoted" one', line: 4 },
    { do: 'click', what: '.button > a', line: 5 },
    { do: 'expect', text: 'Your orders', line: 6 },
    { do: 'expect title', text: 'Shop', line: 7 },
  ])
})

test.each([
  'open shop.test',
  'open https://evil.test/',
  'open //evil.test/',
  'click it',
  'click ""',
  'fill "a"',
  'fill "a" with b',
  'expect title',
  'expect "a" "b"',
  'evaluate "alert(1)"',
  'alert(1)',
])('“%s” is no step', (line) => {
  expect(readVisit(`expect "a"\n${line}`)).toMatchObject({ line: 2 })
})

test('a visit has an end', () => {
  expect(readVisit('expect "a"\n'.repeat(30))).toHaveLength(30)
  expect(readVisit('expect "a"\n'.repeat(31))).toMatchObject({ line: 31 })
})
