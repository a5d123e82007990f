import type { Instant } from '../../lib/clock.ts'
import { check } from '../../lib/check.ts'
import { Conflict, Invalid, NotFound } from '../../lib/errors.ts'
import type { Unchecked } from '../../lib/fields.ts'
import type { Change } from '../changes/change.ts'
import { readIncidentOrDraft } from '../incidents/queries.ts'
import type { Incident } from '../incidents/incident.ts'
import { type Entry, type RegulatorsClock, type Report, owedReports } from './clock.ts'
import {
  type ClockFact,
  type NewClock,
  type Reason,
  type SentReport,
  clockFact,
  newClock,
  reason,
  sentReport,
} from './input.ts'
import { clocksOf, readClock } from './queries.ts'

/** Starts what is owed to an authority because of an incident, or of a draft; answers the clock's id. */
export async function startClock(change: Change, incidentId: string, input: Unchecked<NewClock>): Promise<string> {
  const given = check(newClock, input)
  const incident = await incidentOf(change, incidentId)
  const custom = given.regime === 'custom' ? mustBeWhole(given) : null
  mustHaveHappened(change, given.awareAt, 'awareAt')
  if (given.classifiedAt) mustHaveHappened(change, given.classifiedAt, 'classifiedAt')
  const running = (await clocksOf(change.tx, incidentId)).filter(({ letGo }) => letGo === null)
  if (given.regime !== 'custom' && running.some(({ regime }) => regime === given.regime))
    throw new Conflict('This clock is on the incident already.', 'regime')
  const id = change.ids.next()
  await change.tx
    .insertInto('clocks')
    .values({
      id,
      incident_id: incidentId,
      regime: given.regime,
      name: custom?.name ?? null,
      amount: custom?.amount ?? null,
      unit: custom?.unit ?? null,
      runs_from: custom?.runsFrom ?? null,
      created_at: change.now,
      ended_at: null,
    })
    .execute()
  await enter(change, id, { kind: 'aware', happenedAt: given.awareAt })
  if (given.classifiedAt) await enter(change, id, { kind: 'classified', happenedAt: given.classifiedAt })
  const clock = await clockOrRefuse(change, id)
  await change.record({ type: 'clock.started', subject: incidentId, data: dataOf(incident, clock) })
  return id
}

/** Enters when we became aware, or when it was classified; what stood there before stays among the entries. */
export async function enterFact(change: Change, id: string, input: Unchecked<ClockFact>): Promise<void> {
  const { fact, at = null, note = null } = check(clockFact, input)
  const { clock, incident } = await running(change, id)
  if (fact === 'aware' && at === null)
    throw new Invalid('Say when you became aware: everything is counted from it.', 'at')
  if (at) mustHaveHappened(change, at, 'at')
  if (at === (fact === 'aware' ? clock.awareAt : clock.classifiedAt)) return
  await enter(change, id, { kind: fact, happenedAt: at, note })
  await change.record({ type: 'clock.corrected', subject: incident.id, data: { ...dataOf(incident, clock), fact, at } })
}

/** Enters that a report was sent, now or before. */
export async function finishReport(
  change: Change,
  id: string,
  name: string,
  input: Unchecked<SentReport>,
): Promise<void> {
  const { at, note = null } = check(sentReport, input)
  const { clock, incident } = await running(change, id)
  const report = reportOf(clock, name)
  if (report.done) throw new Conflict(`${report.done.author} entered this as sent already.`)
  const sentAt = at ?? change.now
  mustHaveHappened(change, sentAt, 'at')
  if (clock.awareAt && sentAt < clock.awareAt)
    throw new Invalid('It cannot have been sent before you were aware.', 'at')
  await enter(change, id, { kind: 'done', report: name, happenedAt: sentAt, note })
  await settle(change, id)
  const data = { ...dataOf(incident, clock), report: report.words, at: sentAt }
  await change.record({ type: 'clock.done', subject: incident.id, data })
}

/** Enters that a report was not sent after all, and why. What was entered before stays, with who entered it. */
export async function undoReport(change: Change, id: string, name: string, input: Unchecked<Reason>): Promise<void> {
  const { note } = check(reason, input)
  const { clock, incident } = await running(change, id)
  const report = reportOf(clock, name)
  if (!report.done) throw new Conflict('This is not entered as sent.')
  await enter(change, id, { kind: 'undone', report: name, note })
  await settle(change, id)
  const data = { ...dataOf(incident, clock), report: report.words }
  await change.record({ type: 'clock.undone', subject: incident.id, data })
}

/** Enters that nothing is owed after all, and why. */
export async function letClockGo(change: Change, id: string, input: Unchecked<Reason>): Promise<void> {
  const { note } = check(reason, input)
  const { clock, incident } = await running(change, id)
  await enter(change, id, { kind: 'let-go', note })
  await settle(change, id)
  await change.record({ type: 'clock.let-go', subject: incident.id, data: dataOf(incident, clock) })
}

/** Enters that it is owed after all. */
export async function takeClockUp(change: Change, id: string): Promise<void> {
  const clock = await clockOrRefuse(change, id)
  if (!clock.letGo) throw new Conflict('This clock was not let go.')
  const others = await clocksOf(change.tx, clock.incidentId)
  const isThere = others.some((one) => one.id !== id && one.regime === clock.regime && one.letGo === null)
  if (isThere && clock.regime !== 'custom') throw new Conflict('Another clock of this kind was started meanwhile.')
  const incident = await incidentOf(change, clock.incidentId)
  await enter(change, id, { kind: 'taken-up' })
  await settle(change, id)
  await change.record({ type: 'clock.taken-up', subject: incident.id, data: dataOf(incident, clock) })
}

async function enter(
  change: Change,
  id: string,
  entry: Pick<Entry, 'kind'> & Partial<Pick<Entry, 'report' | 'happenedAt' | 'note'>>,
): Promise<void> {
  const { last } = await change.tx
    .selectFrom('clock_entries')
    .select((eb) => eb.fn.max('place').as('last'))
    .where('clock_id', '=', id)
    .executeTakeFirstOrThrow()
  await change.tx
    .insertInto('clock_entries')
    .values({
      id: change.ids.next(),
      clock_id: id,
      place: Number(last ?? 0) + 1,
      at: change.now,
      author: authorOf(change),
      kind: entry.kind,
      report: entry.report ?? null,
      happened_at: entry.happenedAt ?? null,
      note: entry.note ?? null,
    })
    .execute()
}

/** Whether anything is owed still, so that those that are open can be found without looking at all that ever were. */
async function settle(change: Change, id: string): Promise<void> {
  const clock = await clockOrRefuse(change, id)
  const isOver = owedReports(clock).length === 0
  const endedAt: Instant | null = isOver ? (clock.endedAt ?? change.now) : null
  await change.tx.updateTable('clocks').set({ ended_at: endedAt }).where('id', '=', id).execute()
}

async function running(
  change: Change,
  id: string,
): Promise<{ readonly clock: RegulatorsClock; readonly incident: Incident }> {
  const clock = await clockOrRefuse(change, id)
  if (clock.letGo) throw new Conflict('This clock was let go. Take it up again first.')
  return { clock, incident: await incidentOf(change, clock.incidentId) }
}

async function clockOrRefuse({ tx }: Change, id: string): Promise<RegulatorsClock> {
  const clock = await readClock(tx, id)
  if (!clock) throw new NotFound('There is no such clock.')
  return clock
}

function reportOf({ reports }: RegulatorsClock, name: string): Report {
  const report = reports.find((one) => one.name === name)
  if (!report) throw new NotFound('This clock has no such report.')
  return report
}

/** A draft too: what is owed to an authority does not wait until the public is told. */
async function incidentOf({ tx }: Change, id: string): Promise<Incident> {
  const incident = await readIncidentOrDraft(tx, id)
  if (!incident || incident.dismissedAt !== null) throw new NotFound('There is no such incident.')
  return incident
}

function mustBeWhole({ name, amount, unit, runsFrom, classifiedAt }: NewClock) {
  if (!name) throw new Invalid('Say what is owed, and to whom.', 'name')
  if (!amount || !unit) throw new Invalid('Say within what time it is owed.', 'amount')
  if (runsFrom === 'classified' && !classifiedAt)
    throw new Invalid('It runs from the classification: say when that was.', 'classifiedAt')
  return { name, amount, unit, runsFrom: runsFrom ?? 'aware' } as const
}

function mustHaveHappened(change: Change, at: Instant, field: string): void {
  if (at > change.now) throw new Invalid('This lies in the future.', field)
}

function authorOf({ actor }: Change): string {
  return 'name' in actor ? actor.name : 'Candor'
}

function dataOf({ name }: Incident, { id, title }: RegulatorsClock) {
  return { name, clock: id, title }
}
