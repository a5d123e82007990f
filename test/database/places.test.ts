import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { migrations } from '../../migrations/index.ts'
import { openDatabase } from '../../src/database/database.ts'
import { migrate } from '../../src/database/migrate.ts'
import { wallClock } from '../../src/lib/clock.ts'

test('what was known of a probe before there were places is what this machine knows, and what is said', async () => {
  const { db, close } = openDatabase(':memory:')
  try {
    await migrate(db, wallClock, migrations.slice(0, 2))
    await sql`insert into components (id, slug, name, translations, position, shown, created_at, updated_at)
      values ('search', 'search', 'Search', '{}', 0, 'always', '2026-11-20T00:00:00.000Z', '2026-11-20T00:00:00.000Z')`.execute(
      db,
    )
    await sql`insert into probes (id, component_id, name, kind, spec, interval_seconds, timeout_ms, failures_needed,
      successes_needed, down_status, policy, publish_after_seconds, created_at, updated_at)
      values ('p1', 'search', 'Search', 'http', '{"url":"https://a.test/","headers":{},"latencyLimitMs":null}', 60, 1000, 3, 3,
      'major_outage', 'draft', 300, '2026-11-20T00:00:00.000Z', '2026-11-20T00:00:00.000Z')`.execute(db)
    const track = JSON.stringify({ state: 'down', since: '2026-11-21T11:00:00.000Z', recent: [] })
    await sql`insert into probe_states (probe_id, state, since, answers, speed, measured_at, incident_id, acted_at)
      values ('p1', 'down', '2026-11-21T11:00:00.000Z', ${track}, ${track}, '2026-11-21T11:05:00.000Z', 'i1',
      '2026-11-21T11:03:00.000Z')`.execute(db)
    await migrate(db, wallClock)
    expect(await db.selectFrom('probe_states').select(['probe_id', 'place', 'state', 'measured_at']).execute()).toEqual(
      [{ probe_id: 'p1', place: 0, state: 'down', measured_at: '2026-11-21T11:05:00.000Z' }],
    )
    expect(await db.selectFrom('probe_verdicts').selectAll().execute()).toEqual([
      {
        probe_id: 'p1',
        state: 'down',
        since: '2026-11-21T11:00:00.000Z',
        incident_id: 'i1',
        acted_at: '2026-11-21T11:03:00.000Z',
      },
    ])
    expect((await db.selectFrom('places').select(['number', 'name']).execute()).map(({ number }) => number)).toEqual([
      0,
    ])
  } finally {
    await close()
  }
})
