/**
 * Whether anything that happens every day reads history: the front page, summary.json and a change, on two sites with
 * 500 components that differ in nothing but the number of past incidents (100 and 100 000). Side by side in one run.
 *
 *     node bench/scale.ts [past incidents of the large site]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { buildApp } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import { type Db, inTransaction, openDatabase } from '../src/database/database.ts'
import { migrate } from '../src/database/migrate.ts'
import { type Deps, createDeps } from '../src/deps.ts'
import { openIncident, postUpdate } from '../src/domain/incidents/commands.ts'
import { packStrip } from '../src/domain/status/strips.ts'
import { quiet } from '../src/domain/status/days.ts'
import { type Instant, later, wallClock } from '../src/lib/clock.ts'
import { randomIds } from '../src/lib/ids.ts'

const large = Number(process.argv[2] ?? 100_000)
const small = 100
const rounds = 15
const componentCount = 500

interface Bench {
  readonly deps: Deps
  readonly timings: Map<string, number[]>
  readonly steps: readonly (readonly [name: string, run: () => Promise<unknown>])[]
}

const folder = mkdtempSync(join(tmpdir(), 'candor-scale-'))
try {
  const sites = [await site(small), await site(large)]
  for (let round = 0; round < rounds + 2; round += 1) {
    for (const { steps, timings } of round % 2 ? sites : sites.toReversed()) {
      for (const [name, run] of steps) {
        const began = performance.now()
        await run()
        // The first two rounds warm up.
        if (round >= 2) timings.set(name, [...(timings.get(name) ?? []), performance.now() - began])
      }
    }
  }
  report(sites)
  for (const { deps } of sites) await deps.database.close()
} finally {
  rmSync(folder, { recursive: true })
}

function report([few, many]: readonly Bench[]): void {
  console.log(`${componentCount} components; medians of ${rounds} alternating rounds; milliseconds`)
  console.log(`${'what'.padEnd(44)}${String(small).padStart(12)}${String(large).padStart(12)}${'ratio'.padStart(9)}`)
  for (const [name, timings] of few?.timings ?? []) {
    const [a, b] = [median(timings), median(many?.timings.get(name) ?? [])]
    console.log(
      `${name.padEnd(44)}${a.toFixed(2).padStart(12)}${b.toFixed(2).padStart(12)}${(b / a).toFixed(2).padStart(9)}`,
    )
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

async function site(past: number): Promise<Bench> {
  const database = openDatabase(join(folder, `${past}.db`))
  await migrate(database.db, wallClock)
  const deps = await createDeps({
    config: readConfig({}),
    database,
    clock: wallClock,
    ids: randomIds,
    log: pino({ level: 'silent' }),
    key: 'bench',
  })
  await fill(database.db, past)
  const { app, publication } = await buildApp(deps)
  await publication.refresh()
  const actor = { kind: 'command', name: 'bench' } as const
  let open = ''
  return {
    deps,
    timings: new Map(),
    steps: [
      ['front page, from the publication', () => app.inject('/')],
      ['summary.json, from the publication', () => app.inject('/api/v2/summary.json')],
      [
        'a change: an incident is opened',
        async () => {
          open = await deps.change(actor, (change) =>
            openIncident(change, {
              name: 'Something is slow',
              body: 'We are looking into it.',
              stage: 'investigating',
              components: [{ id: 'component7', status: 'degraded_performance' }],
            }),
          )
          await publication.catchUp()
        },
      ],
      [
        'a change: it is resolved',
        async () => {
          await deps.change(actor, (change) => postUpdate(change, open, { stage: 'resolved', body: 'It is over.' }))
          await publication.catchUp()
        },
      ],
      ['a new edition: read, rendered, compressed', () => publication.refresh()],
    ],
  }
}

/** Ten years of incidents, evenly spread, each with two updates and one impact. */
async function fill(db: Db, past: number): Promise<void> {
  const now = wallClock.now()
  const years = 10 * 365 * 86_400
  const created = later(now, -years)
  await inTransaction(db, async (tx) => {
    for (const index of Array.from({ length: componentCount }, (_, at) => at)) {
      const row = {
        id: `component${index}`,
        slug: `component-${index}`,
        name: `Component ${index}`,
        position: index + 1,
      }
      await tx
        .insertInto('components')
        .values({
          ...row,
          group_id: null,
          description: null,
          translations: '{}',
          bars_hidden_at: null,
          shown: 'always',
          start_date: null,
          created_at: created,
          updated_at: created,
          removed_at: null,
        })
        .execute()
      const strip = {
        component_id: row.id,
        last_day: now.slice(0, 10),
        days: packStrip(Array.from({ length: 90 }, () => quiet)),
      }
      await tx.insertInto('component_strips').values(strip).execute()
    }
    for (let first = 0; first < past; first += 100) {
      const batch = Array.from({ length: Math.min(100, past - first) }, (_, at) => first + at)
      const beganAt = (index: number): Instant => later(now, -years + Math.floor(((index + 0.5) * years) / past) - 7200)
      await tx
        .insertInto('incidents')
        .values(batch.map((index) => incidentRow(index, beganAt(index))))
        .execute()
      await tx
        .insertInto('updates')
        .values(batch.flatMap((index) => [updateRow(index, beganAt(index), 0), updateRow(index, beganAt(index), 1)]))
        .execute()
      await tx
        .insertInto('impacts')
        .values(batch.map((index) => impactRow(index, beganAt(index))))
        .execute()
    }
  })
}

function incidentRow(index: number, began: Instant) {
  const over = later(began, 1800)
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
    told_at: began,
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

function updateRow(index: number, began: Instant, place: 0 | 1) {
  const at = later(began, place * 1800)
  return {
    id: `update${index}x${place}`,
    incident_id: `incident${index}`,
    maintenance_id: null,
    stage: place === 0 ? 'investigating' : 'resolved',
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
    revision: 0,
    translates: '{}',
    created_at: at,
    updated_at: at,
  }
}

function impactRow(index: number, began: Instant) {
  return {
    id: `impact${index}`,
    component_id: `component${index % componentCount}`,
    status: 'degraded_performance',
    began_at: began,
    ended_at: later(began, 1800),
    said_at: began,
    incident_id: `incident${index}`,
    maintenance_id: null,
    probe_id: null,
  }
}
