import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { evaluate } from '../../../../src/domain/probes/assertions/evaluate.ts'
import { parseAssertions } from '../../../../src/domain/probes/assertions/parse.ts'
import type { Observation } from '../../../../src/domain/probes/finding.ts'
import { judged, judgedInFull } from '../../../../src/domain/probes/verdicts/judging.ts'
import type { Instant } from '../../../../src/lib/clock.ts'

const now = '2026-11-22T06:00:00.000Z' as Instant
const json =
  '{"checks":[{"status":"ok","n":200,"on":true,"none":null,"deep":{"b":1,"a":[2]}}],"a b":{"c\'d":0},"f":0.1}'

const answer: Observation = {
  ms: 420,
  code: 200,
  phases: { dns: 1.5, connect: 20, tls: null, firstByte: 300, body: 90 },
  certificate: { subject: 'a', issuer: 'b', validUntil: 'Dec  6 18:00:00 2026 GMT', fault: null },
  redirects: 0,
  headers: { 'content-type': 'application/json; charset=utf-8', 'x-empty': '' },
  body: Buffer.from(json),
  cut: 'no',
  records: ['10.0.0.1', '10.0.0.2'],
  rtt: 12.5,
  loss: 0.07,
}
const bare: Observation = { ms: 1, code: null, phases: null, certificate: null, redirects: 0 }
const text = (body: string, cut: 'yes' | 'no' = 'no'): Observation => ({ ...bare, body: Buffer.from(body), cut })

function found(line: string, of: Observation = answer) {
  return evaluate(parseAssertions(line)[0]!, of, now)
}

test.each([
  ['status in 200-299,401', '200'],
  ['status not in 500-599', '200'],
  ['latency < 421ms', '420ms'],
  ['latency <= 420ms', '420ms'],
  ['latency.dns < 2ms', '1.5ms'],
  ['latency.connect < 50ms', '20ms'],
  ['latency.firstbyte < 0.5s', '300ms'],
  ['latency.body < 100ms', '90ms'],
  ['header(Content-Type) contains "json"', '"application/json; charset=utf-8"'],
  ['header(x-empty) exists', '""'],
  ['header(x-empty) == ""', '""'],
  ['header(set-cookie) not exists', null],
  ['header(toString) not exists', null],
  ['body not contains "error"', null],
  ['body matches /"status":\\s*"OK"/i', null],
  ['body not matches /panic|fatal/', null],
  ['json($.checks[0].status) == "ok"', '"ok"'],
  ['json($.checks[0].status) != "OK"', '"ok"'],
  ['json($.checks[0].status) matches /^(ok|up)$/', '"ok"'],
  ['json($.checks[0].n) == 200.0', '200'],
  ['json($.checks[0].n) == 2e2', '200'],
  ["json($['a b']['c\\'d']) == -0", '0'],
  ['json($.f) <= 0.1', '0.1'],
  ['json($.checks[0].n) >= 199.9', '200'],
  ['json($.checks[-1].on) == true', 'true'],
  ['json($.checks[0].none) == null', 'null'],
  ['json($.checks[0].none) exists', 'null'],
  ['json($.checks[0].deep) == {"a":[2],"b":1}', '{"b":1,"a":[2]}'],
  ['json($.checks[0].deep.a) contains 2', '[2]'],
  ['json($.toString) not exists', null],
  ['certificate.days > 14', '14.5 days'],
  ['records contains "10.0.0.2"', '["10.0.0.1","10.0.0.2"]'],
  ['records not contains "10.0.0"', '["10.0.0.1","10.0.0.2"]'],
  ['records matches /^10\\./', '["10.0.0.1","10.0.0.2"]'],
  ['rtt < 80ms', '12.5ms'],
  ['loss <= 7%', '7%'],
  ['any of: status in 500 or header(set-cookie) exists or json($.f) exists', '0.1'],
])('%s holds', (line, observed) => {
  expect(found(line)).toMatchObject({ result: 'pass', reason: null })
  if (observed !== null) expect(found(line).observed).toBe(observed)
})

test.each([
  ['status in 201', 'status'],
  ['latency < 420ms', 'latency'],
  ['rtt < 12ms', 'latency'],
  ['header(content-type) == "json"', 'header'],
  ['body contains "OK"', 'body'],
  ['body matches /OK/', 'body'],
  ['json($.checks[0].status) == "up"', 'json'],
  ['json($.checks[0].n) == "200"', 'json'],
  ['json($.missing) exists', 'json'],
  ['json($.f) > 0.1', 'json'],
  ['certificate.days > 15d', 'certificate'],
  ['records contains "10.0.0.3"', 'records'],
  ['records contains "10.0.0"', 'records'],
  ['loss < 7%', 'loss'],
  ['any of: status in 500 or body contains "nope"', 'status'],
])('%s fails: %s', (line, reason) => {
  expect(found(line)).toMatchObject({ result: 'fail', reason })
})

test.each<[string, Observation]>([
  ['json($.missing) == 0', answer],
  ['json($.missing) != 0', answer],
  ['json($.missing) < 1', answer],
  ['json($.missing) not contains "a"', answer],
  ['json($.toString) == 0', answer],
  ['json($.checks[0].status) > 1', answer],
  ['json($.checks[0].n) contains "2"', answer],
  ['json($.checks[0].none) matches /a/', answer],
  ['json($.a) exists', text('<html>')],
  ['json($.a) not exists', text('')],
  ['header(set-cookie) not contains "a"', answer],
  ['header(date) != "a"', bare],
  ['body not contains "a"', bare],
  ['status not in 500', bare],
  ['latency.tls < 9s', answer],
  ['latency.dns < 9s', bare],
  ['certificate.days > 1', bare],
  ['records not contains "a"', bare],
  ['rtt < 1s', bare],
  ['loss <= 100%', bare],
  ['any of: status in 500 or json($.missing) == 0', answer],
])('%s cannot be answered, and what is not there is never 0', (line, of) => {
  expect(found(line, of)).toMatchObject({ result: 'error', reason: 'assertion_error' })
})

test.each([
  ['body contains "end"', 'error', 'too_large'],
  ['body not contains "end"', 'error', 'too_large'],
  ['body not matches /end/', 'error', 'too_large'],
  ['body matches /beg$/', 'error', 'too_large'],
  ['json($) exists', 'error', 'too_large'],
  ['json($.a) == 1', 'error', 'too_large'],
  ['body contains "beg"', 'pass', null],
  ['body matches /^be/', 'pass', null],
  ['body not contains "beg"', 'fail', 'body'],
  ['body == "beg"', 'fail', 'body'],
  ['body != "beg"', 'pass', null],
])('of a body that was not read to its end, %s: %s', (line, result, reason) => {
  expect(found(line, text('beg', 'yes'))).toMatchObject({ result, reason })
})

test('a pattern is not looked for in more text than it can be, and says so', () => {
  const line = 'body matches /[ab]*a[ab]{200}[de]/'
  expect(found(line, text('ab'.repeat(400_000)))).toMatchObject({ result: 'error', reason: 'too_large' })
})

const judge = (lines: string, of: Observation = answer, latencyLimitMs: number | null = null) =>
  judged(of, { latencyLimitMs, assertions: parseAssertions(lines) }, now)

test('a time that is too long makes it slow, and anything else makes it fail', () => {
  expect(judge('status in 200\nlatency < 400ms')).toMatchObject({ outcome: 'slow', reason: 'latency' })
  expect(judge('latency.firstbyte < 1ms\nrtt < 1ms')).toMatchObject({ outcome: 'slow', reason: 'latency' })
  expect(judge('latency < 400ms\nstatus in 500')).toMatchObject({ outcome: 'fail', reason: 'status' })
  expect(judge('latency.tls < 1s')).toMatchObject({ outcome: 'fail', reason: 'assertion_error' })
  expect(judge('status in 200', answer, 400)).toMatchObject({ outcome: 'slow', reason: 'latency' })
  expect(judge('status in 200', answer, 420)).toMatchObject({ outcome: 'pass', reason: null })
  expect(judge('status in 500', { ...answer, complaint: 'not_serving' })).toMatchObject({ reason: 'not_serving' })
})

test('what stood there is shown to whoever tests, cut short, and kept by nobody', () => {
  const lines = 'status in 500\nbody contains "x"\nany of: json($.no) exists or latency < 1ms'
  const expects = { latencyLimitMs: null, assertions: parseAssertions(lines) }
  const long = { ...answer, body: Buffer.from('x'.repeat(10_000)) }
  const { observed } = judgedInFull(long, expects, now)
  expect(observed?.map(({ text, result }) => [text, result])).toEqual([
    ['status in 500', 'fail'],
    ['body contains "x"', 'pass'],
    ['any of: json($.no) exists or latency < 1ms', 'error'],
  ])
  expect(Math.max(...observed!.map(({ observed }) => observed?.length ?? 0))).toBeLessThan(300)
  expect(judged(long, expects, now)).not.toHaveProperty('observed')
})
