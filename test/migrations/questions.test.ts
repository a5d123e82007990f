import { expect, test } from 'vitest'
import { migrations } from '../../migrations/index.ts'
import { openDatabase } from '../../src/database/database.ts'
import { migrate } from '../../src/database/migrate.ts'
import type { Assertion } from '../../src/domain/probes/assertions/assertion.ts'
import { printAssertions } from '../../src/domain/probes/assertions/text.ts'
import { wallClock } from '../../src/lib/clock.ts'

const before = {
  url: 'https://shop.test/',
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
  latencyLimitMs: null,
}

test.each<[string, object, string]>([
  ['as usual', {}, 'status in 200-299'],
  ['another status', { expectedStatus: '200,401' }, 'status in 200,401'],
  [
    'texts',
    { contains: 'say "ok"', containsNot: 'lost' },
    'status in 200-299\nbody contains "say \\"ok\\""\nbody not contains "lost"',
  ],
  ['a key that is there', { jsonPath: '$.a' }, 'status in 200-299\njson($.a) exists'],
  ['plain text', { jsonPath: '$.a', jsonEquals: 'ok' }, 'status in 200-299\njson($.a) == "ok"'],
  [
    'a number, or the text of it',
    { jsonPath: '$.n', jsonEquals: '200.0' },
    'status in 200-299\nany of: json($.n) == 200 or json($.n) == "200.0"',
  ],
  [
    'an object',
    { jsonPath: "$['a b']", jsonEquals: '{"a":[2]}' },
    `status in 200-299\nany of: json($['a b']) == {"a":[2]} or json($['a b']) == "{\\"a\\":[2]}"`,
  ],
])('what a probe of before expected becomes assertions: %s', async (_name, spec, lines) => {
  const database = openDatabase(':memory:')
  const { db } = database
  await migrate(db, wallClock, migrations.slice(0, 2))
  const now = wallClock.now()
  const component = { id: 'c1', name: 'Shop', slug: 'shop', shown: 'always', translations: '{}', position: 1 }
  await db
    .insertInto('components')
    .values({ ...component, created_at: now, updated_at: now } as never)
    .execute()
  const probe = { id: 'p1', component_id: 'c1', name: 'Shop', kind: 'http', interval_seconds: 60, timeout_ms: 10_000 }
  const rhythm = { failures_needed: 3, successes_needed: 3, down_status: 'major_outage', policy: 'off' }
  await db
    .insertInto('probes')
    .values({
      ...probe,
      ...rhythm,
      spec: JSON.stringify({ ...before, latencyLimitMs: 700, ...spec }),
      publish_after_seconds: 300,
      created_at: now,
      updated_at: now,
    } as never)
    .execute()
  await migrate(db, wallClock)
  const row = await db.selectFrom('probes').select(['spec', 'expects']).executeTakeFirstOrThrow()
  await database.close()
  const expects = JSON.parse(row.expects) as { latencyLimitMs: number; assertions: Assertion[] }
  expect(expects.latencyLimitMs).toBe(700)
  expect(printAssertions(expects.assertions)).toBe(lines)
  const kept = Object.keys(JSON.parse(row.spec) as object)
  expect(kept.filter((field) => /expected|contains|json|latency/.test(field))).toEqual([])
})
