import { expect, test } from 'vitest'
import { answersOfComponent } from '../../../src/domain/probes/answers.ts'
import { createProbe } from '../../../src/domain/probes/commands.ts'
import type { Instant } from '../../../src/lib/clock.ts'
import { northwind } from '../../web/northwind.ts'

test('what several probes of a component found in an hour is taken together, by how often each looked', async () => {
  const { does, db, search, cards } = await northwind()
  const probe = (componentId: string, url: string) => does((it) => createProbe(it, { componentId, url, name: url }))
  const probes = [
    await probe(search, 'https://a.example'),
    await probe(search, 'https://b.example'),
    await probe(cards, 'https://c.example'),
  ]
  const hour = Date.parse('2026-11-21T10:00:00.000Z') / 3_600_000
  const found = [
    { checks: 10, failed: 0, ms: 100, max: 300 },
    { checks: 32, failed: 2, ms: 200, max: 250 },
    { checks: 60, failed: 60, ms: 0, max: 0 },
  ]
  for (const [index, { checks, failed, ms, max }] of found.entries()) {
    const histogram = Buffer.alloc(12 * 4)
    histogram.writeUInt32LE(checks - failed, 4 * 4)
    const passed = checks - failed
    await db
      .insertInto('check_hours')
      .values({
        probe_id: probes[index] ?? '',
        hour,
        checks,
        failed,
        slow: 0,
        inconclusive: 0,
        ms_sum: passed * ms,
        ms_max: max,
        histogram,
      })
      .execute()
  }
  const between = { from: '2026-11-21T00:00:00.000Z' as Instant, until: '2026-11-22T00:00:00.000Z' as Instant }
  expect(await answersOfComponent(db, search, between)).toEqual([
    { hour: '2026-11-21T10:00:00.000Z', checks: 42, failed: 2, ms: 175, slowest: 300 },
  ])
  expect(await answersOfComponent(db, cards, between)).toEqual([
    { hour: '2026-11-21T10:00:00.000Z', checks: 60, failed: 60, ms: null, slowest: null },
  ])
  expect(await answersOfComponent(db, 'nobody', between)).toEqual([])
})
