import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type Assertion,
  type Claim,
  type JsonValue,
  type Source,
  rulesOfSources,
} from '../../../../src/domain/probes/assertions/assertion.ts'
import { parseAssertions } from '../../../../src/domain/probes/assertions/parse.ts'
import { printAssertion, printAssertions } from '../../../../src/domain/probes/assertions/text.ts'
import { Invalid } from '../../../../src/lib/errors.ts'

const claim = (source: Source, op: Claim['op'], value: JsonValue, path: string | null = null): Claim => ({
  source,
  path,
  op,
  value,
})

test.each<[string, Assertion]>([
  ['status in 200-299,401', claim('status', 'in', '200-299,401')],
  ['status not in 500 - 599, 429', claim('status', 'not in', '500-599,429')],
  ['status == 200', claim('status', 'in', '200')],
  ['STATUS != 503', claim('status', 'not in', '503')],
  ['latency < 500ms', claim('latency', '<', 500)],
  ['latency<=1.5s', claim('latency', '<=', 1500)],
  ['latency.firstbyte < 200 ms', claim('latency.firstbyte', '<', 200)],
  ['header(Content-Type) contains "json"', claim('header', 'contains', 'json', 'content-type')],
  ['header( x-id ) exists', claim('header', 'exists', null, 'x-id')],
  ['header(x-powered-by)  not   exists', claim('header', 'not exists', null, 'x-powered-by')],
  ['body contains "say \\"ok\\" \\u00e9"', claim('body', 'contains', 'say "ok" é')],
  ['body not contains ""', claim('body', 'not contains', '')],
  ['body matches /^a\\/b or c$/im', claim('body', 'matches', '/^a\\/b or c$/im')],
  ['json($.checks[0].status) == "up"', claim('json', '==', 'up', '$.checks[0].status')],
  ["json($['a)b'][-1]) = null", claim('json', '==', null, "$['a)b'][-1]")],
  ['json($.n) >= 3.5', claim('json', '>=', 3.5, '$.n')],
  ['json($.n) > -2e3', claim('json', '>', -2000, '$.n')],
  ['json($.a) exists', claim('json', 'exists', null, '$.a')],
  ['json($) == {"b":["]", 1], "a": true}', claim('json', '==', { b: [']', 1], a: true }, '$')],
  ['json($.tags) contains 7', claim('json', 'contains', 7, '$.tags')],
  ['certificate.days > 14', claim('certificate.days', '>', 14)],
  ['certificate.days >= 14d', claim('certificate.days', '>=', 14)],
  ['records contains "10.0.0.1"', claim('records', 'contains', '10.0.0.1')],
  ['rtt < 80ms', claim('rtt', '<', 80)],
  ['loss <= 20%', claim('loss', '<=', 20)],
  [
    'any of: status in 200 or json($.or) == " or " or body matches / or /',
    {
      anyOf: [claim('status', 'in', '200'), claim('json', '==', ' or ', '$.or'), claim('body', 'matches', '/ or /')],
    },
  ],
])('%s', (text, assertion) => {
  expect(parseAssertions(text)).toEqual([assertion])
})

test.each([
  ['speed < 3', 'at “speed < 3”: expected one of status, latency'],
  ['status', 'at its end: expected in, not in after status'],
  ['status is 200', 'at “is 200”: expected in, not in after status'],
  ['status < 300', 'at “< 300”: expected in'],
  ['status in 200-', 'at “-”: expected the end of the line'],
  ['status in many', 'at “many”: expected codes'],
  ['status in 299-200', 'at “299-200”: expected codes'],
  ['status in 9999', 'at “9999”: expected codes'],
  ['latency < 500', 'at its end: expected the unit: ms or s'],
  ['latency > 5ms', 'at “> 5ms”: expected <, <= after latency'],
  ['latency.nap < 5ms', 'at “latency.nap < 5ms”: expected one of'],
  ['header contains "a"', 'at “contains "a"”: expected a name'],
  ['header(a b) exists', 'at “b) exists”: expected “)”'],
  ['body contains ok', 'at “ok”: expected a text in double quotes'],
  ['body contains "ok', 'at “"ok”: expected a text in double quotes'],
  ['body contains "\\x"', 'at “"\\x"”: this is not a value as JSON writes it'],
  ['body exists', 'at “exists”: expected contains'],
  ['body matches ok', 'at “ok”: expected a pattern between strokes'],
  ['body matches /(/', 'at “/(/”: this is not a pattern'],
  ['body matches /(?=a)b/', 'look-ahead, look-behind and back-references cannot be used'],
  ['body matches /a/g', 'only i, m and s are known'],
  ['json($..a) exists', 'at “$..a) exists”: expected a path'],
  ['json($.a[?(@.b)]) exists', 'expected a path'],
  ['json($.a == 1', 'at “$.a == 1”: expected a path'],
  ['json($.a) == up', 'at “up”: expected a value as in JSON'],
  ['json($.a) == [1, 2', 'at “[1, 2”: expected a value as in JSON'],
  ['json($.a) == [1, oh]', 'at “[1, oh]”: this is not a value'],
  ['json($.a) > "3"', 'at “"3"”: expected a number'],
  ['json($.a) > 1e999', 'expected a number'],
  ['loss <= 20', 'at its end: expected the unit: %'],
  ['loss <= 120%', 'expected at most 100%'],
  ['certificate.days < 3', 'expected >, >= after certificate.days'],
  ['status in 200 or body contains "a"', 'at “or body contains "a"”: expected the end of the line'],
  ['any of: status in 200', 'needs two assertions'],
  ['any of: status in 200, body contains "a"', 'expected “or”'],
  ['any of:', 'at its end: expected one of'],
])('%s is refused: %s', (text, words) => {
  const fault = faultOf(`latency < 1s\n\n  ${text}`)
  expect(fault.field).toBe('assertions')
  expect(fault.message).toMatch(/^Line 3, at /)
  expect(fault.message).toContain(words)
})

test('empty lines are nothing, and too many lines are refused', () => {
  expect(parseAssertions(' \n\n')).toEqual([])
  expect(faultOf('status in 200\n'.repeat(31)).message).toContain('at most 30')
})

function faultOf(text: string): Invalid {
  try {
    parseAssertions(text)
  } catch (error) {
    if (error instanceof Invalid) return error
    throw error
  }
  throw new Error(`This was accepted: ${text}`)
}

const paths: Partial<Record<Source, fc.Arbitrary<string>>> = {
  header: fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/),
  json: fc.constantFrom('$', '$.a', '$.checks[0].status', "$['a b']", "$['(x)\"'][-1]", '$["it\'s"].é'),
}
const patterns = fc.constantFrom('/ok/', '/^a\\/b$/i', '/[a-z]+ or \\d{2,3}/ms', '/"quoted"\\s/')
const json = fc
  .jsonValue({ maxDepth: 2 })
  .map((value) => JSON.parse(JSON.stringify(value).replaceAll('-0', '0')) as JsonValue)
const number = fc.oneof(
  fc.integer({ min: 0, max: 1e6 }),
  fc.double({ min: 0, max: 1e6, noNaN: true }).map((value) => value + 0),
)
const codes = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 4095 }), fc.integer({ min: 0, max: 4095 })), {
    minLength: 1,
    maxLength: 20,
  })
  .map((pairs) => pairs.map(([a, b]) => (a < b ? `${a}-${b}` : String(a))).join(','))

const claims = fc.constantFrom(...(Object.keys(rulesOfSources) as Source[])).chain((source) => {
  const { takes, ops } = rulesOfSources[source]
  return fc.constantFrom(...ops).chain((op) => {
    const values: Record<typeof takes, fc.Arbitrary<JsonValue>> = {
      codes,
      ms: number,
      days: number,
      percent: fc.double({ min: 0, max: 100, noNaN: true }).map((value) => value + 0),
      text: fc.string({ unit: 'grapheme', maxLength: 40 }),
      json: /^[<>]/.test(op) ? number : json,
    }
    const value = op.endsWith('exists') ? fc.constant(null) : op.endsWith('matches') ? patterns : values[takes]
    return fc.record<Claim>({
      source: fc.constant(source),
      path: paths[source] ?? fc.constant(null),
      op: fc.constant(op),
      value,
    })
  })
})

test('whatever is printed is read as the same', () => {
  const assertion = fc.oneof(
    claims,
    fc.record({ anyOf: fc.array(claims, { minLength: 2, maxLength: 10 }) }),
  ) as fc.Arbitrary<Assertion>
  const property = fc.property(fc.array(assertion, { maxLength: 10 }), (assertions) => {
    const text = printAssertions(assertions)
    expect(parseAssertions(text)).toEqual(assertions)
    for (const one of assertions) expect(printAssertion(one)).not.toContain('\n')
  })
  fc.assert(property, { numRuns: 2000 })
})

test('whatever is typed is read or refused with a place, at once', () => {
  const piece = fc.constantFrom(
    'status',
    'in',
    'json(',
    '$.a',
    ')',
    '"',
    '/',
    '200',
    'any of:',
    'or',
    '{',
    '[',
    '\\',
    '<',
  )
  const typed = fc.array(fc.oneof(piece, fc.string({ maxLength: 5 })), { maxLength: 40 })
  const property = fc.property(typed, (pieces) => {
    try {
      parseAssertions(pieces.join(' '))
    } catch (error) {
      expect(error).toBeInstanceOf(Invalid)
    }
  })
  fc.assert(property, { numRuns: 2000 })
})
