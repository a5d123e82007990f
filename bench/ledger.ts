/**
 * What the ledger costs after ten years: a new update, and the pages of the ledger, on a site where nothing has happened
 * yet and on one with 3 000 incidents and 40 000 updates, each an entry. Side by side in one run.
 *
 *     node bench/ledger.ts [incidents] [updates]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { buildApp } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import { openDatabase } from '../src/database/database.ts'
import { migrate } from '../src/database/migrate.ts'
import { type Deps, createDeps } from '../src/deps.ts'
import { examineLedger } from '../src/domain/ledger/examine.ts'
import { createComponent } from '../src/domain/components/commands.ts'
import { openIncident, postUpdate } from '../src/domain/incidents/commands.ts'
import { type Instant, instantOf, later, millisecondsOf, wallClock } from '../src/lib/clock.ts'
import { randomIds } from '../src/lib/ids.ts'
import { median } from './figures.ts'

const incidents = Number(process.argv[2] ?? 3000)
const updates = Number(process.argv[3] ?? 40_000)
const rounds = 200
const sentence = 'Requests take longer than usual. We are looking for the cause and will say more soon.'
const actor = { kind: 'operator', id: 'ada', name: 'Ada' } as const

interface Site {
  readonly deps: Deps
  readonly timings: Map<string, number[]>
  readonly steps: readonly (readonly [name: string, run: () => Promise<unknown>])[]
}

const folder = mkdtempSync(join(tmpdir(), 'candor-ledger-'))
try {
  const sites = [await site('empty', 0, 0), await site('old', incidents, updates)]
  for (let round = 0; round < rounds + 5; round += 1) {
    for (const { steps, timings } of round % 2 ? sites : sites.toReversed()) {
      for (const [name, run] of steps) {
        const began = performance.now()
        await run()
        // The first rounds warm up.
        if (round >= 5) timings.set(name, [...(timings.get(name) ?? []), performance.now() - began])
      }
    }
  }
  report(sites)
  await whole(sites[1]?.deps)
  for (const { deps } of sites) await deps.database.close()
} finally {
  rmSync(folder, { recursive: true })
}

async function site(name: string, past: number, words: number): Promise<Site> {
  const database = openDatabase(join(folder, `${name}.db`))
  await migrate(database.db, wallClock)
  const years = 10 * 365 * 86_400
  let now: Instant = later(wallClock.now(), -years)
  const clock = { now: () => (past > 0 ? now : wallClock.now()) }
  const log = pino({ level: 'silent' })
  const deps = await createDeps({ config: readConfig({}), database, clock, ids: randomIds, log, key: 'bench' })
  const component = await deps.change(actor, (it) => createComponent(it, { name: 'Search' }))
  // Nobody waits for the disk while ten years pass.
  database.file?.pragma('synchronous = OFF')
  const each = Math.max(2, Math.round(words / Math.max(1, past)))
  for (let index = 0; index < past; index += 1) {
    const beganAt = millisecondsOf(wallClock.now()) - years * 1000 + (index * years * 1000) / past
    now = instantOf(beganAt)
    const id = await deps.change(actor, (it) => openIncident(it, word('investigating', component)))
    for (let at = 1; at < each; at += 1) {
      now = later(now, 600)
      const stage = at === each - 1 ? 'resolved' : 'identified'
      await deps.change(actor, (it) => postUpdate(it, id, { stage, body: sentence }))
    }
  }
  now = wallClock.now()
  database.file?.pragma('synchronous = FULL')
  const open = await deps.change(actor, (it) => openIncident(it, word('investigating', component)))
  const { app, publication } = await buildApp(deps)
  await publication.refresh()
  const say = (): Promise<string> => {
    now = wallClock.now()
    return deps.change(actor, (it) => postUpdate(it, open, { stage: 'identified', body: sentence }))
  }
  return {
    deps,
    timings: new Map(),
    steps: [
      ['a new update, committed', say],
      [
        '/ledger, right after it',
        async () => {
          await publication.catchUp()
          return app.inject('/ledger')
        },
      ],
      ['/ledger, from the publication', () => app.inject('/ledger')],
      ['/ledger/head.json, from the publication', () => app.inject('/ledger/head.json')],
      [
        'the last 1 000 bytes of /ledger.jsonl',
        () => app.inject({ url: '/ledger.jsonl', headers: { range: 'bytes=-1000' } }),
      ],
    ],
  }
}

function word(stage: 'investigating', component: string) {
  return {
    name: 'Search is slow',
    body: sentence,
    stage,
    components: [{ id: component, status: 'degraded_performance' as const }],
  }
}

function report([few, many]: readonly Site[]): void {
  console.log(`medians of ${rounds} alternating rounds; milliseconds; Node ${process.version}`)
  console.log(`${'what'.padEnd(44)}${'empty'.padStart(10)}${`${updates} updates`.padStart(16)}${'ratio'.padStart(9)}`)
  for (const [name, timings] of few?.timings ?? []) {
    const [a, b] = [median(timings), median(many?.timings.get(name) ?? [])]
    console.log(
      `${name.padEnd(44)}${a.toFixed(2).padStart(10)}${b.toFixed(2).padStart(16)}${(b / a).toFixed(2).padStart(9)}`,
    )
  }
}

/** What is asked for by hand, and may take its time. */
async function whole(deps: Deps | undefined): Promise<void> {
  if (!deps) return
  const { count } = await deps.db
    .selectFrom('ledger')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  const began = performance.now()
  const [found] = await examineLedger(deps.db, deps.ledgerKeys, wallClock.now())
  console.log(
    `candor doctor over ${count} entries: ${((performance.now() - began) / 1000).toFixed(1)} s; ${found?.found}`,
  )
}
