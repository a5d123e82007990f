import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import type { Expectations } from '../../../../src/domain/probes/expectations.ts'
import { judged } from '../../../../src/domain/probes/verdicts/judging.ts'
import { parseAssertions } from '../../../../src/domain/probes/assertions/parse.ts'
import type { CheckDetail } from '../../../../src/domain/probes/finding.ts'
import type { HttpSpec } from '../../../../src/domain/probes/kinds/http.ts'
import { wallClock } from '../../../../src/lib/clock.ts'
import { readQuestion } from '../../../../src/domain/probes/rules.ts'
import { parseNetwork } from '../../../../src/lib/guard.ts'
import { resolver } from '../../../../src/lib/resolver.ts'
import { http } from '../../../../src/outbound/probing/kinds/http.ts'

interface Given {
  readonly status?: number
  readonly body?: string
  readonly after?: number
}

type Asked = Partial<HttpSpec & Pick<Expectations, 'latencyLimitMs'>> & { readonly lines?: string }

async function check(
  { latencyLimitMs = null, lines = 'status in 200-299', ...spec }: Asked,
  { status = 200, body = '', after = 0 }: Given = {},
): Promise<CheckDetail> {
  const server = createServer((_request, response) => {
    setTimeout(() => response.writeHead(status).end(body), after)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const whole = { ...(readQuestion({ url }).spec as HttpSpec), ...spec }
  const egress = { resolver: resolver({ servers: ['127.0.0.1:9'] }), allow: [parseNetwork('127.0.0.1')!] }
  const { signal } = new AbortController()
  const found = await http.check(whole, { egress, timeoutMs: 1000, lookUp: 'fresh', signal })
  return judged(found, { latencyLimitMs, assertions: parseAssertions(lines) }, wallClock.now())
}

const json = '{"checks":[{"status":"ok","n":200}]}'
const long = `${'x'.repeat(1024 * 1024 + 10)}end`

test.each<[string, Asked, Given, string, string | null]>([
  ['as expected', {}, {}, 'pass', null],
  ['another status', {}, { status: 503 }, 'fail', 'status'],
  ['a status of the set', { lines: 'status in 200-299,401, 418' }, { status: 418 }, 'pass', null],
  ['a text that is there', { lines: 'body contains "well"' }, { body: 'all is well' }, 'pass', null],
  ['a text that is missing', { lines: 'body contains "well"' }, { body: 'all is lost' }, 'fail', 'body'],
  ['a text beyond what is read', { lines: 'body contains "end"' }, { body: long }, 'fail', 'too_large'],
  ['a long body that nobody asks about', {}, { body: long }, 'pass', null],
  ['JSON', { lines: 'json($.checks[0].status) == "ok"' }, { body: json }, 'pass', null],
  ['a missing key', { lines: 'json($.missing) == 0' }, { body: json }, 'fail', 'assertion_error'],
  ['a header', { lines: 'header(Date) exists' }, {}, 'pass', null],
  ['a body that HEAD does not bring', { method: 'HEAD', lines: 'body contains ""' }, {}, 'fail', 'assertion_error'],
  ['a phase that takes long', { lines: 'latency.firstbyte < 20ms' }, { after: 60 }, 'slow', 'latency'],
  ['late', { latencyLimitMs: 20 }, { after: 60 }, 'slow', 'latency'],
  ['too late', {}, { after: 1500 }, 'fail', 'timeout'],
  ['forbidden', { url: 'http://169.254.169.254/' }, {}, 'inconclusive', 'blocked'],
])('%s', async (_name, spec, given, outcome, reason) => {
  const found = await check(spec, given)
  expect([found.outcome, found.reason]).toEqual([outcome, reason])
  expect(JSON.stringify(found)).not.toContain('lost')
})
