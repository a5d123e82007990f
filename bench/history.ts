/** A past of whatever size, written straight into the tables: the commands would take an hour for it. */
import { type Db, inTransaction } from '../src/database/database.ts'
import { packStrip } from '../src/domain/status/strips.ts'
import { quiet } from '../src/domain/status/days.ts'
import { type Instant, later, wallClock } from '../src/lib/clock.ts'

export interface Past {
  readonly years: number
  readonly components: number
  readonly incidents: number
  /** Updates of each incident; every one but the last promises the next. */
  readonly words: number
}

const yearSeconds = 365 * 86_400
const lastingSeconds = 1800

/** Incidents evenly spread over these years, each with its updates and promises, one impact and what that cost its day. */
export async function fillHistory(db: Db, past: Past): Promise<void> {
  const now = wallClock.now()
  const span = past.years * yearSeconds
  const created = later(now, -span)
  await inTransaction(db, async (tx) => {
    await tx.updateTable('sites').set({ created_at: created }).execute()
    for (const index of Array.from({ length: past.components }, (_, at) => at)) {
      await tx.insertInto('components').values(componentRow(index, created)).execute()
      const days = packStrip(Array.from({ length: 90 }, () => quiet))
      const strip = { component_id: `component${index}`, last_day: now.slice(0, 10), days }
      await tx.insertInto('component_strips').values(strip).execute()
    }
    const atOnce = 50
    for (let first = 0; first < past.incidents; first += atOnce) {
      const batch = Array.from({ length: Math.min(atOnce, past.incidents - first) }, (_, at) => first + at)
      const began = (index: number): Instant =>
        later(now, -span + Math.floor(((index + 0.5) * span) / past.incidents) - 7200)
      const words = (index: number) =>
        Array.from({ length: past.words }, (_, place) => ({ index, place, at: began(index) }))
      await tx
        .insertInto('incidents')
        .values(batch.map((index) => incidentRow(index, began(index))))
        .execute()
      await tx
        .insertInto('updates')
        .values(batch.flatMap(words).map((word) => updateRow(word, past.words)))
        .execute()
      const promises = batch.flatMap(words).filter(({ place }) => place < past.words - 1)
      if (promises.length > 0) {
        await tx
          .insertInto('promises')
          .values(promises.map((word) => promiseRow(word, past.words)))
          .execute()
      }
      await tx
        .insertInto('impacts')
        .values(batch.map((index) => impactRow(index, began(index), past)))
        .execute()
      for (const index of batch) {
        const cost = { major: 0, partial: 0, degraded: lastingSeconds, maintenance: 0, unknown: 0 }
        await tx
          .insertInto('component_days')
          .values({ component_id: `component${index % past.components}`, day: began(index).slice(0, 10), ...cost })
          .onConflict((conflict) => conflict.doNothing())
          .execute()
      }
    }
  })
}

function componentRow(index: number, created: Instant) {
  return {
    id: `component${index}`,
    slug: `component-${index}`,
    name: `Component ${index}`,
    position: index + 1,
    group_id: null,
    description: null,
    translations: '{}',
    bars_hidden_at: null,
    shown: 'always' as const,
    start_date: null,
    created_at: created,
    updated_at: created,
    removed_at: null,
  }
}

function incidentRow(index: number, began: Instant) {
  const over = later(began, lastingSeconds)
  return {
    id: `incident${index}`,
    number: index + 1,
    name: `Incident ${index}`,
    locale: 'en',
    translations: '{}',
    stage: 'resolved',
    severity: 'minor',
    severity_override: null,
    source: 'person' as const,
    held_by: 'person' as const,
    probe_id: null,
    began_at: began,
    noticed_at: began,
    told_at: later(began, 60 + (index % 10) * 30),
    monitoring_at: null,
    mitigated_at: null,
    over_at: over,
    told_over_at: over,
    review_due_at: null,
    reviewed_at: null,
    next_update_by: null,
    no_promise_reason: null,
    publishes_at: null,
    dismissed_at: null,
    recovered_at: null,
    latest_update_at: over,
    shortlink: null,
    created_at: began,
    updated_at: over,
  }
}

interface Word {
  readonly index: number
  readonly place: number
  /** When its incident began. */
  readonly at: Instant
}

function momentOf({ place, at }: Word, words: number): Instant {
  return later(at, Math.floor((place * lastingSeconds) / Math.max(1, words - 1)))
}

function updateRow(word: Word, words: number) {
  const { index, place } = word
  const at = momentOf(word, words)
  return {
    id: `update${index}x${place}`,
    incident_id: `incident${index}`,
    maintenance_id: null,
    stage: place === 0 ? 'investigating' : place === words - 1 ? 'resolved' : 'identified',
    body: 'Requests take longer than usual. We are looking for the cause and will say more soon.',
    locale: 'en',
    translations: '{}',
    author: null,
    source: 'person' as const,
    affected: null,
    delivered: 'yes' as const,
    next_update_by: null,
    no_promise_reason: null,
    displayed_at: at,
    withdrawn_at: null,
    withdrawn_reason: null,
    withdrawn_translations: '{}',
    revision: 0,
    translates: '{}',
    created_at: at,
    updated_at: at,
  }
}

/** Nine of ten are kept. */
function promiseRow(word: Word, words: number) {
  const due = later(momentOf(word, words), 1200)
  const isKept = (word.index + word.place) % 10 !== 0
  const came = momentOf({ ...word, place: word.place + 1 }, words)
  return {
    id: `promise${word.index}x${word.place}`,
    incident_id: `incident${word.index}`,
    kind: 'update' as const,
    made_by: `update${word.index}x${word.place}`,
    made_at: momentOf(word, words),
    due_at: due,
    reminded_at: null,
    outcome: isKept ? ('kept' as const) : ('missed' as const),
    decided_at: isKept ? came : due,
    decided_by: `update${word.index}x${word.place + 1}`,
    came_at: came,
  }
}

function impactRow(index: number, began: Instant, { components }: Past) {
  return {
    id: `impact${index}`,
    component_id: `component${index % components}`,
    status: 'degraded_performance',
    began_at: began,
    ended_at: later(began, lastingSeconds),
    said_at: began,
    incident_id: `incident${index}`,
    maintenance_id: null,
    probe_id: null,
  }
}
