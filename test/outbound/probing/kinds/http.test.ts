import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import type { Expectations } from '../../../../src/domain/probes/expectations.ts'
import { judged } from '../../../../src/domain/probes/judging.ts'
import type { CheckDetail } from '../../../../src/domain/probes/finding.ts'
import type { HttpSpec } from '../../../../src/domain/probes/kinds/http.ts'
import { parseNetwork } from '../../../../src/lib/guard.ts'
import { resolver } from '../../../../src/lib/resolver.ts'
import { http } from '../../../../src/outbound/probing/kinds/http.ts'

interface Given {
  readonly status?: number
  readonly body?: string
  readonly after?: number
}

type Asked = Partial<HttpSpec & Expectations>

async function check(
  { latencyLimitMs = null, ...spec }: Asked,
  { status = 200, body = '', after = 0 }: Given = {},
): Promise<CheckDetail> {
  const server = createServer((_request, response) => {
    setTimeout(() => response.writeHead(status).end(body), after)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const whole: HttpSpec = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    method: 'GET',
    headers: {},
    body: null,
    expectedStatus: '200-299',
    contains: null,
    containsNot: null,
    jsonPath: null,
    jsonEquals: null,
    followRedirects: 'yes',
    verifyTls: 'yes',
    ...spec,
  }
  const egress = { resolver: resolver({ servers: ['127.0.0.1:9'] }), allow: [parseNetwork('127.0.0.1')!] }
  const { signal } = new AbortController()
  return judged(await http.check(whole, { egress, timeoutMs: 1000, lookUp: 'fresh', signal }), { latencyLimitMs })
}

const json = '{"checks":[{"status":"ok","n":200,"on":true,"none":null,"deep":{"b":1,"a":[2]}}],"a b":{"c\'d":0}}'
const long = `${'x'.repeat(1024 * 1024 + 10)}end`

test.each<[string, Asked, Given, string, string | null]>([
  ['as expected', {}, {}, 'pass', null],
  ['another status', {}, { status: 503 }, 'fail', 'status'],
  ['a status of the set', { expectedStatus: '200-299,401, 418' }, { status: 418 }, 'pass', null],
  ['a text that is there', { contains: 'well' }, { body: 'all is well' }, 'pass', null],
  ['a text that is missing', { contains: 'well' }, { body: 'all is lost' }, 'fail', 'body'],
  ['a text that must not be there', { containsNot: 'lost' }, { body: 'all is lost' }, 'fail', 'body'],
  ['a text beyond what is read', { contains: 'end' }, { body: long }, 'fail', 'too_large'],
  ['a forbidden text that may be beyond', { containsNot: 'end' }, { body: long }, 'fail', 'too_large'],
  ['a long body that nobody asks about', {}, { body: long }, 'pass', null],
  ['JSON text', { jsonPath: '$.checks[0].status', jsonEquals: 'ok' }, { body: json }, 'pass', null],
  ['JSON number', { jsonPath: '$.checks[0].n', jsonEquals: '200' }, { body: json }, 'pass', null],
  ['JSON number as float', { jsonPath: '$.checks[0].n', jsonEquals: '200.0' }, { body: json }, 'pass', null],
  ['JSON boolean', { jsonPath: '$.checks[-1].on', jsonEquals: 'true' }, { body: json }, 'pass', null],
  ['JSON null', { jsonPath: '$.checks[0].none', jsonEquals: 'null' }, { body: json }, 'pass', null],
  ['JSON object', { jsonPath: '$.checks[0].deep', jsonEquals: '{"a":[2],"b":1}' }, { body: json }, 'pass', null],
  ['a quoted name', { jsonPath: "$['a b'].c", jsonEquals: '0' }, { body: json }, 'fail', 'json'],
  ['a quoted quote', { jsonPath: "$['a b']['c\\'d']", jsonEquals: '0' }, { body: json }, 'pass', null],
  ['a missing key is not 0', { jsonPath: '$.missing', jsonEquals: '0' }, { body: json }, 'fail', 'json'],
  ['a key that every object inherits', { jsonPath: '$.toString' }, { body: json }, 'fail', 'json'],
  ['only that it is there', { jsonPath: '$.checks' }, { body: json }, 'pass', null],
  ['another value', { jsonPath: '$.checks[0].status', jsonEquals: 'bad' }, { body: json }, 'fail', 'json'],
  ['no JSON', { jsonPath: '$' }, { body: '<html>' }, 'fail', 'json'],
  ['late', { latencyLimitMs: 20 }, { after: 60 }, 'slow', 'latency'],
  ['too late', {}, { after: 1500 }, 'fail', 'timeout'],
  ['forbidden', { url: 'http://169.254.169.254/' }, {}, 'inconclusive', 'blocked'],
])('%s', async (_name, spec, given, outcome, reason) => {
  const found = await check(spec, given)
  expect([found.outcome, found.reason]).toEqual([outcome, reason])
  expect(JSON.stringify(found)).not.toContain('lost')
})
