import { expect, test } from 'vitest'
import { lint, notBrought } from '../../../../src/domain/probes/assertions/lint.ts'
import { parseAssertions } from '../../../../src/domain/probes/assertions/parse.ts'

const advice = (lines: string) => lint(parseAssertions(lines), { timeoutMs: 10_000 })

test.each([
  ['latency < 10s', 'time limit of 10 s'],
  ['latency.dns <= 12s', 'time limit'],
  ['rtt < 10000ms', 'time limit'],
  ['status in 100-599', 'all the codes'],
  ['status in 300-599,100-299', 'all the codes'],
  ['body contains ""', 'empty text'],
  ['json($.a) contains ""', 'empty text'],
  ['loss <= 100%', 'lost'],
  ['any of: status in 500 or latency < 1min'.replace('1min', '60s'), 'time limit'],
  ['any of: json($.a) exists or json($.a) not exists', 'one of the two'],
  ['any of: body contains "a" or body not contains "a"', 'one of the two'],
])('%s can never fail', (line, why) => {
  const [only, ...more] = advice(`status in 200\n${line}`)
  expect(more).toEqual([])
  expect(only).toMatchObject({ number: 2 })
  expect(only?.text).toContain('can never fail')
  expect(only?.text).toContain(why)
})

test.each([
  ['status in 200-299', 'status in 500'],
  ['status in 200', 'status not in 200-299'],
  ['body contains "is well"', 'body not contains "well"'],
  ['body == "ok"', 'body contains "up"'],
  ['json($.a) == 1', 'json($.a) == 2'],
  ['json($.a) == 1', 'json($.a) != 1'],
  ['json($.n) > 5', 'json($.n) <= 5'],
  ['json($.n) == 3', 'json($.n) > 3'],
  ['json($.a) not exists', 'json($.a) == 1'],
  ['header(x-a) exists', 'header(x-a) not exists'],
  ['body matches /a/', 'body not matches /a/'],
])('%s and %s can never hold together', (one, other) => {
  for (const lines of [`${one}\n${other}`, `${other}\n${one}`]) {
    expect(advice(lines).map(({ text }) => text)).toEqual([expect.stringContaining('can never hold together')])
  }
})

test('what can hold and can fail is left in peace', () => {
  expect(
    advice(`status in 200-299,401
latency < 500ms
latency.dns < 500ms
body contains "ok"
body not contains "okay, but"
header(a) == "1"
header(b) == "2"
json($.a) != 1
json($.a) != 2
json($.n) > 3
json($.n) <= 4
records contains "10.0.0.1"
records contains "10.0.0.2"
loss <= 20%
any of: status in 500 or body contains "lost"`),
  ).toEqual([])
})

test('a line that stands there twice is told', () => {
  expect(advice('status in 200\nstatus in 200')).toEqual([{ number: 2, text: '“status in 200” stands there twice.' }])
})

test('what answers of a kind never bring is found, with its line', () => {
  const lines = parseAssertions('latency < 1s\nany of: latency < 2s or loss <= 1%')
  expect(notBrought(lines, ['latency'])).toEqual({ number: 2, source: 'loss' })
  expect(notBrought(lines, ['latency', 'loss'])).toBe(null)
})
