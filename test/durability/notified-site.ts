import { pino } from 'pino'
import { readConfig } from '../../src/config.ts'
import { type Db, inTransaction, openDatabase } from '../../src/database/database.ts'
import { migrate } from '../../src/database/migrate.ts'
import { createDeps } from '../../src/deps.ts'
import { createComponent } from '../../src/domain/components/commands.ts'
import { openIncident } from '../../src/domain/incidents/commands.ts'
import { setUpSite } from '../../src/domain/site/commands.ts'
import { addressHash, sealTarget } from '../../src/domain/subscribers/addresses.ts'
import { type Clock, later, wallClock } from '../../src/lib/clock.ts'
import { randomIds } from '../../src/lib/ids.ts'
import { secretFile } from '../../src/lib/secret-file.ts'
import { vault } from '../../src/lib/vault.ts'

export function addressOf(number: number): string {
  return `reader${number}@example.org`
}

/** Those before us: so that what is told now is due already, after the two minutes in which it can be taken back. */
const before: Clock = { now: () => later(wallClock.now(), -121) }

export interface NotifiedSite {
  readonly db: Db
  /** Opens an incident that everybody is to hear of, and which is due at once. */
  tells(): Promise<void>
  close(): Promise<void>
}

/** A site with so many readers, who hear of everything by mail. */
export async function makeNotifiedSite(url: string, folder: string, readers: number): Promise<NotifiedSite> {
  const database = openDatabase(url)
  const { db } = database
  await migrate(db, wallClock)
  const key = secretFile(folder, 'key', randomIds)
  const { change } = await createDeps({
    config: readConfig({ CANDOR_DATA_DIR: folder }),
    database,
    clock: before,
    ids: randomIds,
    log: pino({ level: 'silent' }),
    key,
  })
  await change({ kind: 'setup' }, (it) => setUpSite(it, { name: 'Northwind', zone: 'Europe/Berlin', locale: 'en' }))
  const actor = { kind: 'command', name: 'a test' } as const
  const component = await change(actor, (it) => createComponent(it, { name: 'Search' }))
  const safe = vault(key)
  const since = later(wallClock.now(), -24 * 3600)
  for (let from = 0; from < readers; from += 500) {
    const rows = Array.from({ length: Math.min(500, readers - from) }, (_, index) => {
      const id = randomIds.next()
      const target = { address: addressOf(from + index) }
      return {
        id,
        channel: 'email',
        target_sealed: sealTarget(safe, id, target),
        address_hash: addressHash(safe, 'email', target),
        locale: ['en', 'fr', 'fa', 'pt-BR', 'zh-Hant'][index % 5] ?? 'en',
        zone: 'Europe/Berlin',
        everything: 'yes' as const,
        kinds: JSON.stringify(['incident', 'maintenance', 'review', 'notice']),
        severity_from: 'none',
        extent: 'every' as const,
        source: 'form',
        created_at: since,
        confirmed_at: since,
      }
    })
    await inTransaction(db, (tx) => tx.insertInto('subscribers').values(rows).execute())
  }
  return {
    db,
    async tells() {
      await change(actor, (it) =>
        openIncident(it, {
          name: 'Search is slow',
          body: 'Searches take long. We are looking into it.',
          stage: 'investigating',
          components: [{ id: component, status: 'degraded_performance' }],
        }),
      )
    },
    close: () => database.close(),
  }
}
