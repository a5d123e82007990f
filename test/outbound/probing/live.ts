import { once } from 'node:events'
import { type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import { buildApp } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { type Deps, createDeps } from '../../../src/deps.ts'
import { eventsAfter } from '../../../src/domain/changes/log.ts'
import { createComponent } from '../../../src/domain/components/commands.ts'
import type { NewProbe } from '../../../src/domain/probes/input.ts'
import { createProbe } from '../../../src/domain/probes/commands.ts'
import { readState } from '../../../src/domain/probes/verdicts/states.ts'
import { settled } from '../../../src/domain/probes/verdicts/verdict.ts'
import { wallClock } from '../../../src/lib/clock.ts'
import { type Prober, startProber } from '../../../src/outbound/probing/prober.ts'
import { freshDatabase } from '../../database.ts'
import { type World, countedIds } from '../../world.ts'

export interface LiveWorld extends Deps {
  readonly app: World['app']
  readonly prober: Prober
}

/** What a whole product whose clock runs consists of. */
export async function liveDeps(): Promise<Deps> {
  return createDeps({
    config: readConfig({ CANDOR_URL: 'http://status.example', CANDOR_EGRESS_ALLOW: '127.0.0.1' }),
    database: await freshDatabase(),
    clock: wallClock,
    ids: countedIds(),
    log: pino({ level: 'error' }),
    key: 'a key for tests',
  })
}

/** A whole product whose clock runs and whose prober checks, for what can only be seen with real parts. */
export async function liveWorld(): Promise<LiveWorld> {
  const deps = await liveDeps()
  const prober = await startProber(deps)
  onTestFinished(() => prober.stop())
  let built: ReturnType<World['app']> | null = null
  const app: World['app'] = () =>
    (built ??= buildApp(deps, { prober: () => prober }).then(async (made) => {
      onTestFinished(() => made.app.close())
      await made.app.ready()
      return made
    }))
  return { ...deps, prober, app }
}

export interface Service {
  readonly url: string
  /** How it answers from now on. */
  answers(how: (response: ServerResponse) => void): void
  dies(): void
  lives(): void
  readonly asked: number
}

/** A real HTTP server on loopback: well until told otherwise. */
export async function service(): Promise<Service> {
  const well = (response: ServerResponse): void => void response.end('well')
  let how = well
  let asked = 0
  const server = createServer((_request, response) => {
    asked += 1
    how(response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/health`,
    answers: (next) => void (how = next),
    dies: () => void (how = (response) => response.socket?.resetAndDestroy()),
    lives: () => void (how = well),
    get asked() {
      return asked
    },
  }
}

/** A component and a probe on it that checks every second, which the form would refuse as too often. */
export async function watches(
  { change, db }: Pick<Deps, 'change' | 'db'>,
  name: string,
  probe: Omit<NewProbe, 'componentId'>,
): Promise<{ componentId: string; probeId: string }> {
  const componentId = await change({ kind: 'command', name: 'test' }, (it) => createComponent(it, { name }))
  const probeId = await change({ kind: 'command', name: 'test' }, async (it) => {
    const id = await createProbe(it, { componentId, timeoutMs: 800, ...probe })
    await it.tx.updateTable('probes').set({ interval_seconds: 1 }).where('id', '=', id).execute()
    return id
  })
  await until('the probe knows its target', async () => {
    const state = await readState(db, probeId)
    return state !== null && settled(state) !== 'unknown'
  })
  return { componentId, probeId }
}

/** Looks again and again until it is so; says what it was waiting for if it never is. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 80_000
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`Waited in vain until ${what}.`)
    await sleep(25)
  }
}

/** The types of all events so far, in order, of those whose name begins so. */
export async function happened({ db }: Pick<Deps, 'db'>, ...prefixes: string[]): Promise<string[]> {
  const events = await eventsAfter(db, 0, 1000)
  return events.map((event) => event.type).filter((type) => prefixes.some((prefix) => type.startsWith(prefix)))
}
