/** Sites that differ in their past, measured in alternating rounds of one run: the ratio says what the past costs. */
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { buildApp } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import { openDatabase } from '../src/database/database.ts'
import { migrate } from '../src/database/migrate.ts'
import { type Deps, createDeps } from '../src/deps.ts'
import { wallClock } from '../src/lib/clock.ts'
import { randomIds } from '../src/lib/ids.ts'
import type { Publication } from '../src/web/shared/publication.ts'
import { type Past, fillHistory } from './history.ts'
import { median } from './figures.ts'

export interface Site {
  readonly label: string
  readonly deps: Deps
  readonly app: FastifyInstance
  readonly publication: Publication
}

export interface Measured {
  readonly site: Site
  readonly steps: readonly (readonly [name: string, run: () => Promise<unknown>])[]
}

/** A site with this past, published once. */
export async function siteWith(folder: string, label: string, past: Past): Promise<Site> {
  const database = openDatabase(join(folder, `${label}.db`))
  await migrate(database.db, wallClock)
  const deps = await createDeps({
    config: readConfig({}),
    database,
    clock: wallClock,
    ids: randomIds,
    log: pino({ level: 'silent' }),
    key: 'bench',
  })
  await fillHistory(database.db, past)
  const { app, publication } = await buildApp(deps)
  await publication.refresh()
  return { label, deps, app, publication }
}

/** Medians of alternating rounds, of which the first two warm up; the ratio is that of the last site to the first. */
export async function sideBySide(title: string, sites: readonly Measured[], rounds = 15): Promise<void> {
  const timings = sites.map(() => new Map<string, number[]>())
  for (let round = 0; round < rounds + 2; round += 1) {
    const order = sites.map((_, index) => index)
    for (const index of round % 2 ? order : order.toReversed()) {
      for (const [name, run] of sites[index]?.steps ?? []) {
        const began = performance.now()
        await run()
        const known = timings[index]?.get(name) ?? []
        if (round >= 2) timings[index]?.set(name, [...known, performance.now() - began])
      }
    }
  }
  console.log(`${title}; medians of ${rounds} alternating rounds; milliseconds`)
  const row = (name: string, cells: readonly string[]): string =>
    name.padEnd(52) + cells.map((cell) => cell.padStart(12)).join('')
  console.log(row('what', [...sites.map(({ site }) => site.label), 'ratio']))
  for (const name of timings[0]?.keys() ?? []) {
    const medians = timings.map((its) => median(its.get(name) ?? []))
    const ratio = (medians.at(-1) ?? Number.NaN) / (medians[0] ?? Number.NaN)
    console.log(
      row(
        name,
        [...medians, ratio].map((value) => value.toFixed(2)),
      ),
    )
  }
  for (const { site } of sites) await site.deps.database.close()
}
