import { expect, test } from 'vitest'
import { Invalid } from '../../../src/lib/errors.ts'
import { printAssertions } from '../../../src/domain/probes/assertions/text.ts'
import { readNewProbe } from '../../../src/domain/probes/rules.ts'

const read = (input: object) => readNewProbe({ componentId: 'c1', url: 'https://shop.test/health', ...input })

/** The field that is at fault. */
function fault(input: object): string | null {
  try {
    read(input)
  } catch (error) {
    if (error instanceof Invalid) return error.field
    throw error
  }
  return 'nothing'
}

test('an address is enough; the rest is usual', () => {
  expect(read({})).toMatchObject({
    name: 'shop.test',
    intervalSeconds: 60,
    timeoutMs: 10_000,
    policy: 'draft-then-publish',
    publishAfterSeconds: 300,
    downStatus: 'major_outage',
    spec: { method: 'GET', redirects: 'any', mostRedirects: 5, downgrade: 'no', verifyTls: 'yes', version: 'auto' },
    expects: { assertions: [{ source: 'status', path: null, op: 'in', value: '200-299' }] },
  })
})

test('a short interval has a shorter time limit of itself', () => {
  expect(read({ intervalSeconds: 10 })).toMatchObject({ timeoutMs: 5000 })
})

test.each<[string, object, string]>([
  ['no address', { url: '' }, 'url'],
  ['not an address', { url: 'shop' }, 'url'],
  ['another scheme', { url: 'file:///etc/passwd' }, 'url'],
  ['a script', { url: 'data:text/html,a' }, 'url'],
  ['a password in the address', { url: 'https://a:b@shop.test/' }, 'url'],
  ['a port of another protocol', { url: 'http://shop.test:25/' }, 'url'],
  ['a line break in the address', { url: 'https://shop.test/\r\nHost: a' }, 'url'],
  ['an endless address', { url: `https://shop.test/${'a'.repeat(2000)}` }, 'url'],
  ['an unknown method', { method: 'TRACE' }, 'method'],
  ['the interval too short', { intervalSeconds: 9 }, 'intervalSeconds'],
  ['the interval too long', { intervalSeconds: 86_401 }, 'intervalSeconds'],
  ['half a second', { intervalSeconds: 10.5 }, 'intervalSeconds'],
  ['a time limit as long as the interval', { intervalSeconds: 10, timeoutMs: 10_000 }, 'timeoutMs'],
  ['a latency limit above the time limit', { timeoutMs: 1000, latencyLimitMs: 1000 }, 'latencyLimitMs'],
  ['a header with a space', { headers: [{ name: 'X A', value: '1' }] }, 'headers[0].name'],
  ['a header with a line break', { headers: [{ name: 'X-A', value: '1\r\nB: 2' }] }, 'headers[0].value'],
  ['a header beyond Latin', { headers: [{ name: 'X-A', value: 'é→' }] }, 'headers[0].value'],
  ['a Host header', { headers: [{ name: 'Host', value: 'a' }] }, 'headers[0].name'],
  ['a Transfer-Encoding', { headers: [{ name: 'transfer-encoding', value: 'chunked' }] }, 'headers[0].name'],
  ['a Content-Length', { headers: [{ name: 'Content-Length', value: '0' }] }, 'headers[0].name'],
  ['a Connection', { headers: [{ name: 'CONNECTION', value: 'close' }] }, 'headers[0].name'],
  [
    'a header twice',
    {
      headers: [
        { name: 'A', value: '1' },
        { name: 'a', value: '2' },
      ],
    },
    'headers[1].name',
  ],
  ['a body on GET', { body: 'a' }, 'body'],
  ['a huge body', { method: 'POST', body: 'a'.repeat(10_001) }, 'body'],
  ['an assertion that cannot be read', { assertions: 'status is 200' }, 'assertions'],
  ['a text expected of HEAD', { method: 'HEAD', assertions: 'body contains "a"' }, 'assertions'],
  ['what HTTP never brings', { assertions: 'status in 200\nloss <= 20%' }, 'assertions'],
  ['an unknown policy', { policy: 'always' }, 'policy'],
  ['a status that is no harm', { downStatus: 'operational' }, 'downStatus'],
  ['no failures needed', { failuresNeeded: 0 }, 'failuresNeeded'],
  ['an unknown field', { shell: 'rm' }, 'shell'],
])('%s is refused', (_name, input, field) => {
  expect(fault(input)).toBe(field)
})

test('what is usual is asserted unless something else is said of it', () => {
  const lines = (assertions?: string) => printAssertions(read({ assertions }).expects.assertions)
  expect(lines()).toBe('status in 200-299')
  expect(lines('body contains "ok"')).toBe('status in 200-299\nbody contains "ok"')
  expect(lines('status in 401')).toBe('status in 401')
  expect(lines('any of: status in 401 or body contains "ok"')).toBe('any of: status in 401 or body contains "ok"')
})
