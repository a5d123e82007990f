import fc from 'fast-check'
import { expect, test } from 'vitest'
import { setComponentStatus } from '../../../src/domain/components/commands.ts'
import { changeIncident, reopenIncident } from '../../../src/domain/incidents/commands.ts'
import { announceMaintenance } from '../../../src/domain/maintenances/commands.ts'
import { correctImpact } from '../../../src/domain/revisions/impacts.ts'
import { advanceMaintenances } from '../../../src/domain/maintenances/advance.ts'
import { changeSite } from '../../../src/domain/site/commands.ts'
import { countedSince, secondsOf, since, tallyDay } from '../../../src/domain/status/days.ts'
import { Refusal } from '../../../src/lib/errors.ts'
import { later } from '../../../src/lib/clock.ts'
import { isSQLite } from '../../database.ts'
import { type Desk, desk } from '../desk.ts'

const statuses = ['operational', 'degraded_performance', 'partial_outage', 'major_outage'] as const
const status = fc.constantFrom(...statuses)
const hours = fc.integer({ min: 0, max: 60 })
const which = fc.nat(5)

type Deed = (on: Desk, incidents: string[]) => Promise<unknown>

const move = fc.constantFrom('UTC', 'Europe/Lisbon', 'Asia/Tehran', 'America/New_York', 'Australia/Lord_Howe').map(
  (zone): Deed =>
    ({ does }) =>
      does((it) => changeSite(it, { zone })),
)

const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.integer({ min: 1, max: 200 }).map(
    (count): Deed =>
      async ({ clock }) =>
        clock.advance(`${count * 13}m`),
  ),
  fc.tuple(status, hours).map(
    ([to, ago]): Deed =>
      async ({ opens, clock, search }, incidents) =>
        incidents.push(
          await opens({ components: [{ id: search, status: to }], beganAt: later(clock.now(), -3600 * ago) }),
        ),
  ),
  fc.tuple(status, which).map(
    ([to, place]): Deed =>
      ({ posts, search }, incidents) =>
        posts(incidents[place] ?? '', { components: [{ id: search, status: to }] }),
  ),
  fc.tuple(which, hours).map(
    ([place, ago]): Deed =>
      ({ posts, clock }, incidents) =>
        posts(incidents[place] ?? '', { stage: 'resolved', overAt: later(clock.now(), -3600 * ago) }),
  ),
  fc.tuple(status, which).map(([to, place]): Deed => ({ does, search }, incidents) => {
    const word = { stage: 'investigating', body: 'Again.', components: [{ id: search, status: to }] }
    return does((it) => reopenIncident(it, incidents[place] ?? '', word))
  }),
  fc.tuple(which, hours).map(
    ([place, ago]): Deed =>
      ({ does, clock }, incidents) =>
        does((it) =>
          changeIncident(it, incidents[place] ?? '', { beganAt: later(clock.now(), -3600 * ago), reason: 'Logs.' }),
        ),
  ),
  fc
    .tuple(which, hours, hours, fc.constantFrom('degraded_performance', 'major_outage'))
    .map(([place, ago, length, to]): Deed => async ({ does, incident, clock }, incidents) => {
      const id = incidents[place]
      const [impact] = id === undefined ? [] : (await incident(id)).impacts
      const beganAt = later(clock.now(), -3600 * (ago + length))
      const endedAt = later(beganAt, 3600 * length + 60)
      const given = { status: to, beganAt, endedAt, reason: 'Logs.' }
      return does((it) => correctImpact(it, impact?.id ?? '', given))
    }),
  status.map(
    (to): Deed =>
      ({ does, search }) =>
        does((it) => setComponentStatus(it, search, { status: to })),
  ),
  fc.tuple(hours, hours).map(([until, length]): Deed => ({ does, clock, search }) => {
    const plannedFrom = later(clock.now(), 3600 * until)
    const window = { plannedFrom, plannedUntil: later(plannedFrom, 3600 * length + 60) }
    return does((it) => announceMaintenance(it, { name: 'Disks', body: 'We do.', components: [search], ...window }))
  }),
  fc.constant<Deed>((on) => advanceMaintenances(on)),
  move,
)

test('whatever is done in whatever order, the bars say what the impacts say', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(deed, { minLength: 3, maxLength: 14 }),
      move,
      fc.boolean(),
      async (deeds, last, isOld) => {
        const on = await desk()
        // Clocks go back in Lisbon on 25 October and in New York on 1 November.
        on.clock.set('2026-10-23T20:11:00.000Z')
        const began = isOld ? '2026-09-01T00:00:00.000Z' : '2026-10-23T09:00:00.000Z'
        await on.db
          .updateTable('components')
          .set({ created_at: began as never })
          .execute()
        const incidents: string[] = []
        for (const doIt of [...deeds, last]) {
          await doIt(on, incidents).catch((error: unknown) => {
            if (!(error instanceof Refusal)) throw error
          })
        }
        const { components, bars, site, asOf } = await on.readSnapshot()
        const rows = await on.db
          .selectFrom('impacts')
          .selectAll()
          .where('component_id', '=', on.search)
          .where('said_at', 'is not', null)
          .execute()
        const spans = rows.map((row) => ({
          status: row.status as (typeof statuses)[number],
          beganAt: row.began_at,
          endedAt: row.ended_at,
        }))
        const shown = components.find(({ id }) => id === on.search)
        if (!shown) throw new Error('It is gone.')
        const first = countedSince(shown, site.zone)
        for (const day of bars.get(on.search)?.days ?? []) {
          if (!day) continue
          const seconds = secondsOf(day.day, site.zone, first, asOf)
          expect(day).toEqual({ day: day.day, seconds, ...tallyDay(since(spans, first), day.day, site.zone, asOf) })
          expect(day.major + day.partial + day.degraded + day.maintenance + day.unknown).toBeLessThanOrEqual(seconds)
        }
      },
    ),
    { numRuns: isSQLite ? 60 : 15 },
  )
})
