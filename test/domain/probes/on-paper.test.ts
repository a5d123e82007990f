import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createComponent } from '../../../src/domain/components/commands.ts'
import { createGroup } from '../../../src/domain/components/groups.ts'
import { createProbe } from '../../../src/domain/probes/commands.ts'
import { takeVerdict, watchOver } from '../../../src/domain/probes/engine/engine.ts'
import { readProbe } from '../../../src/domain/probes/queries.ts'
import { resolveRecovered } from '../../../src/domain/probes/engine/recovering.ts'
import { secondsBetween } from '../../../src/lib/clock.ts'
import { isSQLite } from '../../database.ts'
import { type World, world } from '../../world.ts'
import { type PaperProbe, type Turn, paperEngine } from './paper-engine.ts'
import { ada } from './watched.ts'

const probes: readonly PaperProbe[] = [
  { component: 'A', group: 'g', parent: null, policy: 'publish' },
  { component: 'B', group: 'g', parent: null, policy: 'publish' },
  { component: 'B', group: 'g', parent: null, policy: 'publish' },
  { component: 'C', group: null, parent: null, policy: 'publish' },
]

const turns: fc.Arbitrary<Turn[]> = fc.array(
  fc.record({
    after: fc.oneof(fc.integer({ min: 60, max: 600 }), fc.integer({ min: 600, max: 2400 })),
    probe: fc.nat({ max: probes.length - 1 }),
    to: fc.constantFrom<Turn['to']>('up', 'down', 'slow'),
  }),
  { minLength: 4, maxLength: 14 },
)

/** The same turns in a real database, with the jobs that run beside them. */
async function inDatabase(it: World, story: readonly Turn[]) {
  const group = await it.change(ada, (change) => createGroup(change, { name: 'g' }))
  const components = new Map<string, string>()
  const ids: string[] = []
  for (const { component: name, group: of, policy } of probes) {
    const known = components.get(name)
    const id =
      known ?? (await it.change(ada, (change) => createComponent(change, { name, ...(of ? { groupId: group } : {}) })))
    components.set(name, id)
    ids.push(await it.change(ada, (change) => createProbe(change, { componentId: id, url: 'https://a.test/', policy })))
  }
  const begin = it.clock.now()
  const turn = (probe: number, state: Turn['to']) =>
    it.change({ kind: 'probe', id: ids[probe]!, name: 'p' }, async (change) =>
      takeVerdict(change, await readProbe(change.tx, ids[probe]!), { state, since: change.now, reason: null }),
    )
  const advance = async (seconds: number) => {
    for (let left = seconds; left > 0; left -= 60) {
      it.clock.advance(`${Math.min(60, left)}s`)
      await resolveRecovered(it)
      await watchOver({ db: it.db, change: it.change, now: () => it.clock.now() })
    }
  }
  for (const at of ids.keys()) await turn(at, 'up')
  for (const { after, probe, to } of story) {
    await advance(after)
    await turn(probe, to)
  }
  await advance(1)
  for (const at of ids.keys()) await turn(at, 'up')
  await advance(7200)
  const rows = await it.db.selectFrom('incidents').selectAll().orderBy('number').execute()
  return Promise.all(
    rows.map(async (row) => ({
      began: secondsBetween(begin, row.began_at),
      over: row.over_at && secondsBetween(begin, row.over_at),
      said: (
        await it.db
          .selectFrom('updates')
          .select(['stage', 'displayed_at'])
          .where('incident_id', '=', row.id)
          .orderBy('displayed_at')
          .execute()
      ).map((word) => `${word.stage} ${secondsBetween(begin, word.displayed_at ?? begin)}`),
    })),
  )
}

const stages: Readonly<Record<string, string>> = {
  opened: 'investigating',
  again: 'investigating',
  reopened: 'investigating',
  intermittent: 'investigating',
  widened: 'update',
  recovered: 'monitoring',
  resolved: 'resolved',
}

// A database for each world takes a second or two, so these are few; what is decided is held to its rules in thousands.
test('the database carries out what was decided on paper, to the second', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(turns, async (story) => {
      const paper = paperEngine(probes, story)
      const begin = Date.UTC(2026, 10, 21, 12)
      const seconds = (at: string) => (Date.parse(at) - begin) / 1000
      const expected = paper.map(({ case: it, line }) => ({
        began: seconds(it.beganAt),
        over: it.overAt && seconds(it.overAt),
        said: line.flatMap(({ at, what }) => (stages[what] ? [`${stages[what]} ${seconds(at)}`] : [])),
      }))
      expect(await inDatabase(await world(), story)).toEqual(expected)
    }),
    { numRuns: isSQLite ? 12 : 4 },
  )
})
