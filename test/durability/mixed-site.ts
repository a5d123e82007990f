import { pino } from 'pino'
import { readConfig } from '../../src/config.ts'
import { openDatabase } from '../../src/database/database.ts'
import { migrate } from '../../src/database/migrate.ts'
import { createDeps } from '../../src/deps.ts'
import { createAccount } from '../../src/domain/accounts/commands.ts'
import { createToken } from '../../src/domain/accounts/tokens.ts'
import { createComponent } from '../../src/domain/components/commands.ts'
import { createMetric } from '../../src/domain/metrics/commands.ts'
import { createProbe } from '../../src/domain/probes/commands.ts'
import { giveAddress } from '../../src/domain/probes/heartbeats/commands.ts'
import { setUpSite } from '../../src/domain/site/commands.ts'
import { readSite } from '../../src/domain/site/queries.ts'
import { wallClock } from '../../src/lib/clock.ts'
import { randomIds } from '../../src/lib/ids.ts'
import { passwords } from '../../src/lib/passwords.ts'
import { secretFile } from '../../src/lib/secret-file.ts'

/** Where a site lies that is written to in every way at once, and what opens it. */
export interface MixedSite {
  readonly url: string
  readonly folder: string
  readonly page: string
  /** Systems that people speak of, one for each incident at a time. */
  readonly systems: readonly string[]
  /** A program with one token may ask once a second. */
  readonly tokens: readonly string[]
  readonly metric: string
  readonly heartbeats: readonly { readonly probe: string; readonly token: string }[]
}

export const account = { email: 'ada@example.org', password: 'three unrelated herons' }
const quick = passwords({ memoryCost: 8, timeCost: 1, parallelism: 1 })

/** A site with people, programs, jobs that call, and probes of `target`, whose incidents open and publish themselves. */
export async function makeMixedSite(
  url: string,
  { folder, target }: { readonly folder: string; readonly target: string },
): Promise<MixedSite> {
  const database = openDatabase(url)
  try {
    await migrate(database.db, wallClock)
    const { change } = await createDeps({
      config: readConfig({ CANDOR_DATA_DIR: folder }),
      database,
      clock: wallClock,
      ids: randomIds,
      log: pino({ level: 'silent' }),
      key: secretFile(folder, 'key', randomIds),
    })
    const passwordHash = await quick.hash(account.password)
    const id = await change({ kind: 'setup' }, async (it) => {
      await setUpSite(it, { name: 'Northwind', zone: 'Europe/Berlin', locale: 'en' })
      return createAccount(it, { email: account.email, name: 'Ada', role: 'owner', passwordHash })
    })
    return await change({ kind: 'operator', id, name: 'Ada' }, async (it) => {
      const system = (name: string): Promise<string> => createComponent(it, { name })
      const systems = [await system('Search'), await system('Payments')]
      const watched = { publishAfterSeconds: 1, failuresNeeded: 1, failuresOf: 1, successesNeeded: 1 }
      for (const policy of ['publish', 'draft-then-publish']) {
        const componentId = await system(`Watched: ${policy}`)
        await createProbe(it, { componentId, url: target, intervalSeconds: 10, policy, ...watched })
      }
      // As often as no operator may ask for: a process lives but for a moment here.
      await it.tx.updateTable('probes').set({ interval_seconds: 1 }).execute()
      const heartbeats = []
      for (const name of ['Backups', 'Reports']) {
        const job = { kind: 'heartbeat', period: '5m', grace: '1m', policy: 'publish', ...watched }
        const probe = await createProbe(it, { componentId: await system(name), ...job })
        heartbeats.push({ probe, token: await giveAddress(it, probe) })
      }
      const tokens = []
      for (let number = 0; number < 20; number += 1) {
        tokens.push((await createToken(it, { name: `Program ${number}`, scope: 'manage' })).secret)
      }
      const wish = { name: 'Answers', suffix: 'ms', decimals: 0, shown: 'yes' }
      const metric = await createMetric(it, wish)
      return { url, folder, page: (await readSite(it.tx)).id, systems, tokens, metric, heartbeats }
    })
  } finally {
    await database.close()
  }
}
