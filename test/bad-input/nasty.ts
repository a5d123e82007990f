import type { Chance } from './chance.ts'

/** What people and programs send who mean harm, or who do not know better. */
const texts: readonly string[] = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x\udfffy',
  '\u202egnp.exe',
  '\u2028',
  '\ufeff',
  '\uffff',
  '👩‍👩‍👧‍👦'.repeat(40),
  'e\u0301'.repeat(300),
  'Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L',
  'x'.repeat(300),
  'x'.repeat(30_000),
  '9'.repeat(60),
  '__proto__',
  'constructor',
  'toString',
  `' or 1=1 --`,
  `"; drop table incidents; --`,
  `1; select pg_sleep(10)`,
  `name desc, (select 1)`,
  `%27%20union%20select%20password_hash%20from%20accounts`,
  '%00',
  '%',
  '%zz',
  '%c0%ae%c0%ae/',
  '../../../../etc/passwd',
  '..\\..\\windows\\win.ini',
  '/dev/stdin',
  'file:///etc/passwd',
  'http://169.254.169.254/latest/meta-data/',
  'javascript' + ':alert(1)',
  '//evil.example/',
  'https://evil.example\\@status.example/',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '<%= process.env %>',
  '${7*7}{{7*7}}#{7*7}',
  `=cmd|' /C calc'!A0`,
  'a\r\nSet-Cookie: candor=1',
  'a\r\n\r\n<html>',
  '(a+)+$',
  '[[[[[[[[[[',
  '*'.repeat(200),
  '\\'.repeat(200),
  '2026-02-30T00:00:00Z',
  '2026-11-21T25:61:61Z',
  '0000-00-00',
  '9999-12-31T23:59:59.999999999Z',
  '-1',
  '0',
  '1e309',
  '0x10',
  'NaN',
  'Infinity',
  '-0',
  '9007199254740993',
  '99999999999999999999999',
  'null',
  'undefined',
  'true',
  '[]',
  '{}',
  '{"a":1}',
  'a,b,,c',
  'Europe/Nowhere',
  'xx-YY-zz',
  '١٢٣',
  'ﬁ',
  'İ',
]

export function nastyText(by: Chance): string {
  if (by.is(0.1)) return String.fromCodePoint(...Array.from({ length: by.below(30) + 1 }, () => by.below(0x10ffff)))
  return by.of(texts)
}

/** A text that can stand in an address or in a header, whatever it means there. */
export function nastyWord(by: Chance): string {
  return encodeURIComponent(nastyText(by).toWellFormed()).slice(0, by.is(0.02) ? 9000 : 600)
}

/** Anything that JSON can say. */
export function nastyValue(by: Chance, depth = 0): unknown {
  switch (by.below(depth > 3 ? 6 : 10)) {
    case 0:
      return null
    case 1:
      return by.is(0.5)
    case 2:
      return by.of([-1, 0, 1, 0.5, 1e308, -1e308, 2 ** 31, 2 ** 53, -(2 ** 63), 1e-300])
    case 6:
      return Array.from({ length: by.of([0, 1, 2, 40]) }, () => nastyValue(by, depth + 1))
    case 7:
      return { [nastyText(by)]: nastyValue(by, depth + 1) }
    case 8:
      return Array.from({ length: 3000 }, () => by.below(9))
    default:
      return nastyText(by)
  }
}

/** Another text in the place of this: a piece cut, doubled, or exchanged. */
export function mangled(text: string, by: Chance): string {
  const at = by.below(text.length + 1)
  switch (by.below(5)) {
    case 0:
      return text.slice(0, at)
    case 1:
      return text.slice(0, at) + nastyText(by) + text.slice(at)
    case 2:
      return text.slice(0, at) + text.slice(at + 1 + by.below(8))
    case 3:
      return text + text
    default:
      return text.slice(0, at) + String.fromCodePoint(by.below(256)) + text.slice(at + 1)
  }
}

/** Bytes that are not quite what they were. */
export function mangledBytes(text: string, by: Chance): Buffer {
  const bytes = Buffer.from(mangled(text, by))
  for (let flips = by.below(3); flips > 0 && bytes.length > 0; flips -= 1) bytes[by.below(bytes.length)] = by.below(256)
  return bytes
}
