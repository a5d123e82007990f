import { type Instant, later } from '../../lib/clock.ts'
import { calendarLater } from '../../lib/local-times.ts'
import { type Owed, type RegimeName, type Term, regimes } from './regime.ts'

/** Something that somebody entered about a clock. */
export interface Entry {
  readonly kind: 'aware' | 'classified' | 'done' | 'undone' | 'let-go' | 'taken-up'
  readonly at: Instant
  readonly author: string
  readonly report: string | null
  readonly happenedAt: Instant | null
  readonly note: string | null
}

/** A report of a clock: by when it is due, and who sent it when. */
export interface Report extends Owed {
  /** Null: what it runs from is not known. */
  readonly dueAt: Instant | null
  /** Whether the day may still move, because what it runs from has not happened: then it is the latest possible. */
  readonly isFirm: boolean
  readonly done: {
    readonly at: Instant
    readonly author: string
    readonly enteredAt: Instant
    readonly note: string | null
  } | null
}

/** That an authority is owed reports on an incident. What it says now follows from its entries, of which none is ever changed. */
export interface RegulatorsClock {
  readonly id: string
  readonly incidentId: string
  readonly regime: RegimeName | 'custom'
  readonly title: string
  readonly source: string | null
  readonly remark: string | null
  readonly awareAt: Instant | null
  readonly classifiedAt: Instant | null
  /** In order. */
  readonly reports: readonly Report[]
  /** Why nothing is owed after all; null: it is. */
  readonly letGo: Entry | null
  /** When nothing more was owed. */
  readonly endedAt: Instant | null
  readonly entries: readonly Entry[]
}

export interface ClockFacts extends Pick<RegulatorsClock, 'id' | 'incidentId' | 'regime' | 'endedAt' | 'entries'> {
  readonly custom: { readonly name: string; readonly term: Term } | null
}

/** A clock as it stands, from what was entered. Months are those of the site's zone. */
export function clockOf(facts: ClockFacts, zone: string): RegulatorsClock {
  const { entries, custom } = facts
  const regime = facts.regime === 'custom' ? null : regimes[facts.regime]
  const owed = regime?.reports ?? customReports(custom)
  const last = (...kinds: readonly Entry['kind'][]) => entries.findLast(({ kind }) => kinds.includes(kind)) ?? null
  const awareAt = last('aware')?.happenedAt ?? null
  const classifiedAt = last('classified')?.happenedAt ?? null
  const ended = last('let-go', 'taken-up')
  return {
    id: facts.id,
    incidentId: facts.incidentId,
    regime: facts.regime,
    title: regime?.title ?? custom?.name ?? '',
    source: regime?.source ?? null,
    remark: regime?.remark ?? null,
    awareAt,
    classifiedAt,
    reports: reportsOf(owed, { entries, awareAt, classifiedAt, zone }),
    letGo: ended?.kind === 'let-go' ? ended : null,
    endedAt: facts.endedAt,
    entries,
  }
}

function customReports(custom: ClockFacts['custom']): readonly Owed[] {
  return custom ? [{ name: 'report', words: custom.name, term: custom.term, atMost: null }] : []
}

interface Known {
  readonly entries: readonly Entry[]
  readonly awareAt: Instant | null
  readonly classifiedAt: Instant | null
  readonly zone: string
}

function reportsOf(owed: readonly Owed[], known: Known): Report[] {
  const reports: Report[] = []
  for (const one of owed) {
    const before = reports.at(-1)
    reports.push({ ...one, ...due(one, known, before), done: doneOf(one, known.entries) })
  }
  return reports
}

/** One that runs from another is due so long after that was sent; until then, after the last moment at which it may be. */
function due({ term, atMost }: Owed, known: Known, before: Report | undefined): Pick<Report, 'dueAt' | 'isFirm'> {
  const { awareAt, classifiedAt, zone } = known
  if (term.from === 'before') {
    const from = before?.done?.at ?? before?.dueAt ?? null
    return { dueAt: after(from, term, zone), isFirm: Boolean(before?.done) }
  }
  const first = after(term.from === 'aware' ? awareAt : classifiedAt, term, zone)
  const latest = atMost && after(awareAt, atMost, zone)
  if (first === null) return { dueAt: latest, isFirm: false }
  // What was classified after the latest moment has its own time from then.
  if (latest !== null && classifiedAt !== null && classifiedAt <= latest && latest < first)
    return { dueAt: latest, isFirm: true }
  return { dueAt: first, isFirm: true }
}

function after(from: Instant | null, { amount, unit }: Term, zone: string): Instant | null {
  if (from === null) return null
  switch (unit) {
    case 'hours':
      return later(from, amount * 3600)
    case 'days':
    case 'months':
      return calendarLater(from, { [unit]: amount }, zone)
  }
}

function doneOf({ name }: Owed, entries: readonly Entry[]): Report['done'] {
  const last = entries.findLast(({ kind, report }) => report === name && (kind === 'done' || kind === 'undone'))
  if (last?.kind !== 'done' || last.happenedAt === null) return null
  return { at: last.happenedAt, author: last.author, enteredAt: last.at, note: last.note }
}

/** The reports that are still owed, the one that is due first in front; those of which nobody knows when last. */
export function owedReports({ reports, letGo }: RegulatorsClock): Report[] {
  if (letGo) return []
  return reports.filter(({ done }) => done === null).toSorted((a, b) => ((a.dueAt ?? '9') < (b.dueAt ?? '9') ? -1 : 1))
}

/** Whether it must be at hand now: what is due within a day, or within a week where a month is given. */
export function isPressing({ dueAt, term }: Report, now: Instant): boolean {
  return dueAt !== null && dueAt <= later(now, (term.unit === 'months' ? 7 : 1) * 86_400)
}
