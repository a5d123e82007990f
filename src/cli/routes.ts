import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildApp } from '../app.ts'
import type { Config } from '../config.ts'
import { openMigrated } from '../database/migrate.ts'
import { createDeps } from '../deps.ts'
import { wallClock } from '../lib/clock.ts'
import { randomIds } from '../lib/ids.ts'
import { createLog } from '../lib/log.ts'
import { routeLines, routesOf } from '../web/shared/access.ts'

/**
 * Every address and who may use it, a line each: what the code itself declares. The product is put together for it, over a
 * database of its own that is empty and gone afterwards, and answers nobody.
 */
export async function routeTable(config: Config): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'candor-routes-'))
  const { database } = await openMigrated(':memory:', wallClock)
  try {
    const deps = await createDeps({
      config: { ...config, dataDir: folder, databaseUrl: ':memory:' },
      database,
      clock: wallClock,
      ids: randomIds,
      log: createLog('silent'),
      key: randomIds.secret(),
    })
    const product = await buildApp(deps)
    await product.app.ready()
    const all = await routesOf(product)
    await product.app.close()
    return aligned(routeLines(all).map(({ methods, url, who }) => [methods.join(' '), url, who]))
  } finally {
    await database.close()
    await rm(folder, { recursive: true })
  }
}

function aligned(rows: readonly (readonly [string, string, string])[]): string[] {
  const width = (column: 0 | 1): number => Math.max(...rows.map((row) => row[column].length))
  const [first, second] = [width(0), width(1)]
  return rows.map(([methods, url, who]) => `${methods.padEnd(first)}  ${url.padEnd(second)}  ${who}`)
}
