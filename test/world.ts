import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import { type App, buildApp } from '../src/app.ts'
import { type Config, readConfig } from '../src/config.ts'
import { type Deps, createDeps } from '../src/deps.ts'
import type { Ids } from '../src/lib/ids.ts'
import { type StoppedClock, stoppedClock } from './clock.ts'
import { freshDatabase } from './database.ts'
import { ownFolder } from './own-folder.ts'
import { quickPasswords } from './passwords.ts'

export interface World extends Deps {
  readonly clock: StoppedClock
  /** The whole product: made at the first call, closed with the test. */
  app(): Promise<App>
}

/** A whole product of one's own: fresh database, stopped clock, counted ids. Who reads its log gives one. */
export async function world(
  settings: Readonly<Record<string, string>> = {},
  log: Deps['log'] = pino({ level: 'silent' }),
): Promise<World> {
  const folder = settings['CANDOR_DATA_DIR'] ?? ownFolder()
  const config: Config = readConfig({ CANDOR_URL: 'http://status.example', CANDOR_DATA_DIR: folder, ...settings })
  const clock = stoppedClock('2026-11-21T12:00:00.000Z')
  const deps = await createDeps({
    config,
    database: await freshDatabase(),
    clock,
    ids: countedIds(),
    log,
    key: 'a key for tests',
    passwords: quickPasswords(),
  })
  let built: ReturnType<World['app']> | null = null
  return {
    ...deps,
    clock,
    app: () =>
      (built ??= buildApp(deps).then(async (made) => {
        onTestFinished(() => made.app.close())
        await made.app.ready()
        return made
      })),
  }
}

/** `id1`, `id2`, …, so that expected documents can be written by hand. */
export function countedIds(): Ids {
  let count = 0
  let secrets = 0
  return { next: () => `id${++count}`, secret: () => `secret-${++secrets}-${'x'.repeat(32)}` }
}
