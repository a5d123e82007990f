import type { MonthFacts, TrackRecord } from '../src/domain/record/queries.ts'
import { type RecordFacts, figuresOf } from '../src/domain/record/record.ts'
import { quiet, uptimeOf } from '../src/domain/status/days.ts'
import type { Snapshot } from '../src/domain/status/snapshot-types.ts'
import { later } from '../src/lib/clock.ts'
import { monthBefore } from '../src/lib/dates.ts'
import type { DisagreementFacts } from '../src/web/public/disagreement.ts'
import { at, sampleNow } from './sample-snapshot.ts'

const named = { name: 'Card payments fail', locale: 'en', translations: { fa: { name: 'پرداخت با کارت ناموفق است' } } }

/** What happened in November, by hand. */
const facts: RecordFacts = {
  incidents: [
    {
      ...named,
      id: 'card',
      severity: 'major',
      source: 'probe',
      beganAt: at('2026-11-03T12:31:00.000Z'),
      noticedAt: at('2026-11-03T12:33:00.000Z'),
      toldAt: at('2026-11-03T12:36:00.000Z'),
    },
    {
      ...named,
      id: 'old',
      severity: 'minor',
      source: 'import',
      beganAt: at('2026-11-01T10:00:00.000Z'),
      noticedAt: null,
      toldAt: at('2026-11-01T10:00:00.000Z'),
    },
  ],
  promises: (['update', 'update', 'review'] as const).map((kind, index) => ({
    id: `promise${index}`,
    incident: { ...named, id: 'card' },
    kind,
    dueAt: at('2026-11-03T12:56:00.000Z'),
    outcome: index === 0 ? 'kept' : 'missed',
    decidedAt: at('2026-11-03T12:56:00.000Z'),
    cameAt: index === 2 ? null : at(index === 0 ? '2026-11-03T12:50:00.000Z' : '2026-11-03T13:08:00.000Z'),
  })),
  maintenances: [
    {
      ...named,
      id: 'disks',
      name: 'New disks',
      source: 'person',
      plannedFrom: at('2026-11-09T00:00:00.000Z'),
      plannedUntil: at('2026-11-09T01:00:00.000Z'),
      saidAt: at('2026-11-06T00:00:00.000Z'),
      beganAt: at('2026-11-09T00:00:00.000Z'),
      endedAt: at('2026-11-09T01:20:00.000Z'),
    },
  ],
  falseAlarms: [
    {
      id: 'nothing',
      beganAt: at('2026-11-12T04:00:00.000Z'),
      dismissedAt: at('2026-11-12T04:01:30.000Z'),
      told: 'no',
      componentIds: ['checkout'],
    },
  ],
}

function componentsOf(months: readonly string[]): TrackRecord['components'] {
  const tally = { seconds: 30 * 86_400, ...quiet, partial: 4000 }
  const counted = { ...tally, uptime: uptimeOf([tally]) }
  const its = { months: months.map((month) => ({ month, ...counted })), whole: counted }
  return [
    { id: 'checkout', slug: 'checkout', name: 'Checkout', translations: {}, ...its },
    { id: 'gone', slug: null, name: 'Fax', translations: {}, ...its },
  ]
}

const nothing: RecordFacts = { incidents: [], promises: [], maintenances: [], falseAlarms: [] }

export const sampleMonth: MonthFacts = {
  month: '2026-11',
  until: at('2026-11-21T14:00:00.000Z'),
  facts,
  figures: figuresOf(facts, sampleNow),
  components: componentsOf(['2026-11']),
}

export function sampleRecord(): TrackRecord {
  const months = Array.from({ length: 9 }).reduce<string[]>(
    (all) => [...all, monthBefore(all.at(-1) ?? '')],
    ['2026-11'],
  )
  return {
    since: at('2026-02-03T00:00:00.000Z'),
    months: months.map((month, index) => ({ month, figures: figuresOf(index % 3 === 0 ? facts : nothing, sampleNow) })),
    whole: figuresOf(facts, sampleNow),
    components: componentsOf(months),
  }
}

/** Checks find nothing wrong for an hour with what is said to be out of order; somebody has said why. */
export function sampleDisagreement(componentId: string, { asOf }: Pick<Snapshot, 'asOf'>): DisagreementFacts {
  const since = later(asOf, -3600)
  return {
    disagreement: {
      componentId,
      declared: 'partial_outage',
      measured: 'operational',
      since,
      shownFrom: later(since, 900),
      explanation: {
        id: 'why',
        body: 'Our checks pay with a test card, which works.',
        locale: 'en',
        translations: { fa: { body: 'سنجش‌های ما با کارت آزمایشی می‌پردازند که کار می‌کند.' } },
        author: 'Ines',
        at: later(since, 1200),
      },
    },
    until: asOf,
    said: [{ status: 'partial_outage', beganAt: later(since, -1800), endedAt: null }],
    measured: [
      { status: 'unknown', beganAt: later(asOf, -86_400), endedAt: later(asOf, -80_000) },
      { status: 'operational', beganAt: later(asOf, -80_000), endedAt: later(since, -1800) },
      { status: 'major_outage', beganAt: later(since, -1800), endedAt: since },
      { status: 'operational', beganAt: since, endedAt: asOf },
    ],
  }
}
