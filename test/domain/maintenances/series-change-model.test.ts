import fc from 'fast-check'
import { expect, test } from 'vitest'
import { beginMaintenance, cancelMaintenance } from '../../../src/domain/maintenances/commands.ts'
import type { Maintenance } from '../../../src/domain/maintenances/maintenance.ts'
import { openMaintenances, readMaintenance } from '../../../src/domain/maintenances/queries.ts'
import { announceOccurrences } from '../../../src/domain/maintenances/repeating.ts'
import { changeMaintenance } from '../../../src/domain/maintenances/replan.ts'
import { nextOccurrences, readSeries } from '../../../src/domain/maintenances/series.ts'
import { changeSeries } from '../../../src/domain/maintenances/series-change.ts'
import { later } from '../../../src/lib/clock.ts'
import { instantOfLocal, localTime } from '../../../src/lib/local-times.ts'
import type { Instant } from '../../../src/lib/clock.ts'
import { changeSite } from '../../../src/domain/site/commands.ts'
import { desk } from '../desk.ts'
import { repeated } from './repeated.ts'

const zone = 'Europe/Lisbon'
const weekdays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'] as const

/** A rule, told to the product in its words and to the model as which days fit. */
interface Rule {
  readonly words: string
  fits(day: Date, first: Date): boolean
}

const daysBetween = (one: Date, other: Date): number => Math.round((other.getTime() - one.getTime()) / 86_400_000)

const rules: fc.Arbitrary<Rule> = fc.oneof(
  fc.integer({ min: 1, max: 9 }).map((every) => ({
    words: `FREQ=DAILY;INTERVAL=${every}`,
    fits: (day: Date, first: Date) => daysBetween(first, day) % every === 0,
  })),
  fc.integer({ min: 0, max: 6 }).map((weekday) => ({
    words: `FREQ=WEEKLY;BYDAY=${weekdays[weekday]}`,
    fits: (day: Date) => day.getUTCDay() === weekday,
  })),
  fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 6 })).map(([place, weekday]) => ({
    words: `FREQ=MONTHLY;BYDAY=${place}${weekdays[weekday]}`,
    fits: (day: Date) => day.getUTCDay() === weekday && Math.ceil(day.getUTCDate() / 7) === place,
  })),
)

/** Where the clock is turned forward and back while the series goes on. */
const starts = fc.constantFrom('2026-11-21T12:00:00Z', '2027-03-10T12:00:00Z', '2027-10-12T12:00:00Z')
const times = fc.constantFrom('00:30', '01:00', '01:30', '02:00', '13:15')
const stories = fc.record({
  start: starts,
  before: fc.record({ rule: rules, time: times, minutes: fc.integer({ min: 5, max: 400 }) }),
  after: fc.record({ rule: rules, time: times, minutes: fc.integer({ min: 5, max: 400 }) }),
  firstIn: fc.integer({ min: 1, max: 40 }),
  /** Which of those to come is the first; null: the next time of the rule, whatever became of it. */
  since: fc.option(fc.nat(4)),
  alone: fc.array(fc.constantFrom('moved', 'skipped', 'begun', null, null), { minLength: 5, maxLength: 5 }),
})

test('whatever repeats, and whatever it becomes: the change is what a simple model says', async () => {
  const here = await desk()
  await here.does((it) => changeSite(it, { zone }))
  await fc.assert(
    fc.asyncProperty(stories, async ({ start, before, after, firstIn, since, alone }) => {
      here.clock.set(start as Instant)
      const now = here.clock.now()
      const from = (day: Date, time: string) =>
        instantOfLocal(`${day.toISOString().slice(0, 10)}T${time}`, zone) as Instant
      const plannedFrom = from(dayIn(start, 1), before.time)
      const { id } = await repeated(
        { rule: before.rule.words, plannedFrom, plannedUntil: later(plannedFrom, before.minutes * 60) },
        here,
      )
      const mine = async (): Promise<Maintenance[]> => {
        const rows = await here.db
          .selectFrom('maintenances')
          .select('id')
          .where('series_id', '=', id)
          .orderBy('id')
          .execute()
        const all = await Promise.all(rows.map((row) => readMaintenance(here.db, row.id)))
        return all.flatMap((one) => one ?? [])
      }
      const announced = (await mine()).toSorted((a, b) => (a.plannedFrom < b.plannedFrom ? -1 : 1))
      const touched = new Set<string>()
      for (const [index, one] of announced.entries()) {
        const what = alone[index]
        if (!what) continue
        touched.add(one.id)
        const plan = { plannedFrom: later(one.plannedFrom, 60), plannedUntil: later(one.plannedUntil, 60) }
        if (what === 'moved')
          await here.does((it) => changeMaintenance(it, one.id, { ...plan, body: 'A minute later.' }))
        if (what === 'skipped') await here.does((it) => cancelMaintenance(it, one.id, { body: 'Not this time.' }))
        if (what === 'begun') await here.does((it) => beginMaintenance(it, one.id, { body: 'Now.' }))
      }
      const toCome = announced.filter((_, index) => alone[index] !== 'skipped' && alone[index] !== 'begun')
      const first = since === null ? null : (toCome[since] ?? null)
      const known = await mine()

      // The next story has the page to itself.
      const clears = async (): Promise<void> => {
        for (const one of await openMaintenances(here.db)) {
          await here.does((it) => cancelMaintenance(it, one.id, { body: 'Over.', deliver: 'no' }))
        }
        await here.db.updateTable('maintenance_series').set({ ended_at: now }).execute()
      }

      // The model: all days from the first one on, one after the other.
      const firstDay = dayIn(start, firstIn)
      const wishedFrom = from(firstDay, after.time)
      const fitting = Array.from({ length: 400 }, (_, offset) => dayIn(start, firstIn + offset))
        .filter((day) => after.rule.fits(day, firstDay))
        // A first one at a time that the clock skips is as much later, and so are those that follow it.
        .map((day) => from(day, localTime(wishedFrom, zone).slice(11)))
      const slots = announced.slice(first ? announced.indexOf(first) : 0)
      const isOvertaken = announced
        .slice(0, announced.length - slots.length)
        .some((one) => one.plannedFrom >= wishedFrom)
      const last = slots
        .map((one) => known.find(({ id: other }) => other === one.id)?.plannedFrom ?? '')
        .toSorted()
        .at(-1)
      const horizon = [later(now, 35 * 86_400), last ? later(last as Instant, 7 * 86_400) : ''].toSorted().at(-1) ?? ''
      const taken = fitting.filter((at, index) => index === 0 || at <= horizon).slice(0, slots.length)

      const moves = slots.map((one, index) => ({ one, at: taken[index] })).filter(({ one }) => !touched.has(one.id))
      const staying = known.filter(
        ({ id: one, stage }) =>
          stage !== 'cancelled' && stage !== 'completed' && !moves.some((move) => move.one.id === one),
      )
      const overlaps = [...moves.map(({ at }) => at), ...fitting.slice(taken.length, 5)].some((at) =>
        staying.some((one) => at && one.plannedFrom < later(at, after.minutes * 60) && at < one.plannedUntil),
      )
      const changed = here.does((it) =>
        changeSeries(it, id, {
          name: 'Index rebuild',
          body: 'Search is read-only.',
          translations: { fr: { name: 'Reconstruction de l’index', body: 'La recherche est en lecture seule.' } },
          components: [here.search],
          rule: after.rule.words,
          plannedFrom: wishedFrom,
          plannedUntil: later(wishedFrom, after.minutes * 60),
          ...(first ? { since: first.id } : {}),
        }),
      )
      if (isOvertaken || overlaps) {
        await expect(changed).rejects.toMatchObject({ field: 'plannedFrom' })
        expect(await mine()).toEqual(known)
        await clears()
        return
      }
      await changed

      const then = await mine()
      const words = then
        .flatMap(({ updates }) => updates)
        .filter((word) => !known.some(({ updates }) => updates.some(({ id: one }) => one === word.id)))
      expect(words.filter(({ delivered }) => delivered === 'yes').length).toBeLessThanOrEqual(1)
      for (const was of known) {
        const is = then.find((one) => one.id === was.id)
        const slot = slots.findIndex((one) => one.id === was.id)
        const at = slot < 0 ? undefined : taken[slot]
        if (slot < 0 || touched.has(was.id)) expect(is).toEqual(was)
        else if (at === undefined) expect(is?.stage).toBe('cancelled')
        else
          expect([is?.stage, is?.plannedFrom, is?.plannedUntil]).toEqual([
            'scheduled',
            at,
            later(at, after.minutes * 60),
          ])
        // Nothing that was said is said otherwise.
        expect(is?.updates.slice(-was.updates.length)).toEqual(was.updates)
      }
      // What comes next is announced once, and nothing else.
      const fresh = then.filter((one) => !known.some((other) => other.id === one.id))
      const due = fitting.slice(0, 5).filter((at, index) => at > now && (index === 0 || at <= later(now, 35 * 86_400)))
      expect(fresh.map((one) => one.plannedFrom).toSorted()).toEqual(due.slice(taken.length))
      await announceOccurrences(here)
      expect(await mine()).toEqual(then)

      // Another title moves nothing, brings nothing back, and is told nobody.
      const series = await readSeries(here.db, id)
      const [next] = series ? nextOccurrences(series, here.clock.now(), 1) : []
      await here.does((it) =>
        changeSeries(it, id, {
          name: 'Index work',
          body: 'Search is read-only.',
          components: [here.search],
          rule: series?.rule ?? '',
          plannedFrom: next?.from ?? '',
          plannedUntil: next?.until ?? '',
        }),
      )
      const plans = (all: readonly Maintenance[]) =>
        all.map(({ id: one, stage, plannedFrom: at, plannedUntil: until, updates }) => [one, stage, at, until, updates])
      expect(plans(await mine())).toEqual(plans(then))
      await clears()
    }),
    { numRuns: Number(process.env['CANDOR_TEST_STORIES'] ?? 40) },
  )
}, 120_000)

/** Noon, so that no zone has another day. */
function dayIn(start: string, days: number): Date {
  return new Date(Date.parse(`${start.slice(0, 10)}T12:00:00Z`) + days * 86_400_000)
}
