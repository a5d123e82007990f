import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { migrations } from '../../migrations/index.ts'
import { readConfig } from '../../src/config.ts'
import { openDatabase } from '../../src/database/database.ts'
import { migrate } from '../../src/database/migrate.ts'
import { createDeps } from '../../src/deps.ts'
import { listProbes } from '../../src/domain/probes/queries.ts'
import { readNewProbe } from '../../src/domain/probes/rules.ts'
import { questionsOf } from '../../src/domain/probes/secrets.ts'
import { wallClock } from '../../src/lib/clock.ts'
import { countedIds } from '../world.ts'

const before = {
  url: 'https://shop.test/',
  method: 'POST',
  headers: { authorization: 'Bearer heron-header', accept: 'text/plain' },
  body: 'heron-body',
  expectedStatus: '200-299',
  followRedirects: 'yes',
  verifyTls: 'no',
}

async function upgraded(spec: object) {
  const database = openDatabase(':memory:')
  onTestFinished(() => database.close())
  const { db } = database
  await migrate(db, wallClock, migrations.slice(0, 2))
  const now = wallClock.now()
  const times = { created_at: now, updated_at: now }
  const component = { id: 'c1', name: 'Shop', slug: 'shop', shown: 'always', translations: '{}', position: 1 }
  await db
    .insertInto('components')
    .values({ ...component, ...times } as never)
    .execute()
  const probe = { id: 'p1', component_id: 'c1', name: 'Shop', kind: 'http', interval_seconds: 60, timeout_ms: 10_000 }
  const rhythm = { failures_needed: 3, successes_needed: 3, down_status: 'major_outage', policy: 'off' }
  await db
    .insertInto('probes')
    .values({ ...probe, ...rhythm, ...times, publish_after_seconds: 300, spec: JSON.stringify(spec) } as never)
    .execute()
  await migrate(db, wallClock)
  return database
}

const start = (database: Awaited<ReturnType<typeof upgraded>>) =>
  createDeps({
    config: readConfig({ CANDOR_URL: 'http://status.example' }),
    database,
    clock: wallClock,
    ids: countedIds(),
    log: pino({ level: 'silent' }),
    key: 'a key for tests',
  })

test('what stood in the open is sealed by the first start, and asked as before', async () => {
  const database = await upgraded(before)
  const { db, vault } = await start(database)
  const rows = await db.selectFrom('probes').select(['spec']).execute()
  const sealed = await db.selectFrom('probe_secrets').selectAll().execute()
  expect(JSON.stringify([rows, sealed])).not.toContain('heron')
  const question = (await questionsOf(db, vault, await listProbes(db))).get('p1')
  expect(question?.spec).toMatchObject({
    headers: before.headers,
    body: before.body,
    verifyTls: 'no',
    redirects: 'any',
    mostRedirects: 5,
    downgrade: 'yes',
  })
  // A second start finds nothing to do.
  await start(database)
  expect(await db.selectFrom('probe_secrets').selectAll().execute()).toEqual(sealed)
})

test('an upgraded probe has every field that a new one has', async () => {
  const database = await upgraded({ ...before, method: 'GET', headers: {}, body: null, followRedirects: 'no' })
  const { db } = await start(database)
  const [probe] = await listProbes(db)
  const fresh = readNewProbe({ componentId: 'c1', url: before.url })
  expect(Object.keys(probe?.spec ?? {}).toSorted()).toEqual(Object.keys(fresh.spec).toSorted())
  expect(probe?.spec).toMatchObject({ redirects: 'none', version: '1.1' })
})
