import { expect, test } from 'vitest'
import { answersOfComponent } from '../../../src/domain/probes/answers.ts'
import { createProbe } from '../../../src/domain/probes/commands.ts'
import type { Db } from '../../../src/database/database.ts'
import { noCounts } from '../../../src/domain/probes/latency.ts'
import { columnsOf, noSum } from '../../../src/domain/probes/sums.ts'
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
    const passed = checks - failed
    const counts = noCounts()
    counts[4] = passed
    const sum = { ...noSum(), checks, failed, msSum: passed * ms, msMax: max, counts }
    await db
      .insertInto('check_hours')
      .values({ hour, place: 0, probe: await numberOf(db, probes[index] ?? ''), ...columnsOf(sum) })
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

async function numberOf(db: Db, id: string): Promise<number> {
  const { number } = await db.selectFrom('probes').select('number').where('id', '=', id).executeTakeFirstOrThrow()
  return number
}
