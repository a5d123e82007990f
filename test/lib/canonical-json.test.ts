import canonicalize from 'canonicalize'
import { expect, test } from 'vitest'
import { type Json, canonicalJson } from '../../src/lib/canonical-json.ts'

test('the example of RFC 8785 is written as the RFC writes it', () => {
  const text = String.raw`{
    "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    "literals": [null, true, false]
  }`
  const value = JSON.parse(text) as Json
  expect(canonicalJson(value)).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  )
})

test('members stand in the order of their UTF-16 code units', () => {
  const value = {
    '\u20ac': 'Euro Sign',
    '\r': 'Carriage Return',
    '\ufb33': 'Hebrew Letter Dalet With Dagesh',
    '1': 'One',
    '\ud83d\ude00': 'Emoji: Grinning Face',
    '\u0080': 'Control',
    '\u00f6': 'Latin Small Letter O With Diaeresis',
  }
  expect(Object.values(JSON.parse(canonicalJson(value)) as object).length).toBe(7)
  const order = ['\\r', '1', '\u0080', 'ö', '€', '😀', '\ufb33']
  const places = order.map((name) => canonicalJson(value).indexOf(`"${name}":`))
  expect(places).toEqual(places.toSorted((a, b) => a - b))
  expect(places).not.toContain(-1)
})

test.each<[number, string]>([
  [0, '0'],
  [-0, '0'],
  [5e-324, '5e-324'],
  [-1.7976931348623157e308, '-1.7976931348623157e+308'],
  [9007199254740992, '9007199254740992'],
  [295147905179352830000, '295147905179352830000'],
  [9.999999999999997e22, '9.999999999999997e+22'],
  [1e23, '1e+23'],
  [999999999999999700000, '999999999999999700000'],
  [333333333.33333325, '333333333.33333325'],
  [0.0000033333333333333333, '0.0000033333333333333333'],
])('the number %s is written as %s', (number, text) => {
  expect(canonicalJson(number)).toBe(text)
})

test.each<[string, unknown]>([
  ['what is not a number', Number.NaN],
  ['infinity', Number.POSITIVE_INFINITY],
  ['half of a character', 'a\ud800'],
  ['half of a character in a name', { '\udead': 1 }],
  ['a member that is not there', { a: undefined }],
  ['a function', [() => 1]],
  ['a number without end', 1n],
])('%s is refused', (_, value) => {
  expect(() => canonicalJson(value as Json)).toThrow(/JSON/)
})

test('another implementation writes the same', () => {
  const values: Json[] = [
    { b: [1, -0.0, 1e21, 1e-7, 123456789.125], a: { ü: null, u: true, U: false, '': '' } },
    ['\u2028\u2029\u007f\u0000', '😀 سلام 你好', '</script>'],
    [[], {}, [[{}]], { __proto__: 1, constructor: 2 }],
  ]
  for (const value of values) expect(canonicalJson(value)).toBe(canonicalize(value))
})
