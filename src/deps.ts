import { dirname, resolve } from 'node:path'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import type { Db, OpenDatabase } from './database/database.ts'
import { type Heartbeat, createHeartbeat } from './database/heartbeat.ts'
import { problemOf } from './domain/backups/backup.ts'
import { lastBackups } from './domain/backups/log.ts'
import { type Changer, changer } from './domain/changes/change.ts'
import { type LoggedEvent, eventsAfter, latestVersion } from './domain/changes/log.ts'
import { type DeliveryMeters, deliveryMeters } from './domain/deliveries/meters.ts'
import { waitingProblem } from './domain/deliveries/waiting.ts'
import { type LedgerKeys, ledgerKeys } from './domain/ledger/keys.ts'
import { beginLedger, scribe } from './domain/ledger/scribe.ts'
import { sealWhatIsOpen } from './domain/probes/secrets.ts'
import { type ProbeMeters, probeMeters } from './domain/probes/checks/meters.ts'
import { ensureSite } from './domain/site/commands.ts'
import { idsBeside } from './domain/incidents/queries.ts'
import { readSnapshot } from './domain/status/snapshot.ts'
import type { Snapshot } from './domain/status/snapshot-types.ts'
import type { Clock } from './lib/clock.ts'
import { diskRoom } from './lib/disk.ts'
import { type Health, createHealth } from './lib/health.ts'
import type { Ids } from './lib/ids.ts'
import { type Passwords, passwords } from './lib/passwords.ts'
import { type Reserve, reserve } from './lib/reserve.ts'
import { type Vault, vault } from './lib/vault.ts'

/** What a running product consists of. Faces and outlets name the parts they need; nothing is reached by decoration. */
export interface Deps {
  readonly config: Config
  readonly database: OpenDatabase
  readonly db: Db
  readonly change: Changer
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Logger
  /** The key of this installation, from its data folder: signs form tokens, and the ledger until it has a key of its own. */
  readonly key: string
  readonly passwords: Passwords
  readonly vault: Vault
  readonly ledgerKeys: LedgerKeys
  /** What `/readyz` tells; each part adds its own word. */
  readonly health: Health
  readonly heartbeat: Heartbeat
  /** Room for people's words when the disk is full. */
  readonly reserve: Reserve
  /** What is counted while checks are stored, for `/metrics`. */
  readonly meters: ProbeMeters
  /** What is counted while subscribers are told. */
  readonly deliveryMeters: DeliveryMeters
  readSnapshot(): Promise<Snapshot>
  latestVersion(): Promise<number>
  eventsAfter(seq: number, limit: number): Promise<LoggedEvent[]>
  incidentsBeside(ids: readonly string[]): Promise<string[]>
  /** Calls back after each change of this process: a hint, nothing may rest on it. */
  onChange(listener: () => void): void
}

/** Puts the parts together over a migrated database, and makes sure that there is a site. */
export async function createDeps(
  parts: Pick<Deps, 'config' | 'database' | 'clock' | 'ids' | 'log' | 'key'> & Partial<Pick<Deps, 'passwords'>>,
): Promise<Deps> {
  const { database, clock, ids } = parts
  const listeners: (() => void)[] = []
  const keys = ledgerKeys({ key: parts.key, folder: parts.config.dataDir, ids })
  const safe = vault(parts.key)
  const change = changer({
    db: database.db,
    clock,
    ids,
    vault: safe,
    scribe: scribe(keys.first.publicKey),
    addresses: parts.config.addressDays === 0 ? 'never kept' : 'kept',
    wake: () => listeners.forEach((listener) => listener()),
  })
  await change({ kind: 'clock' }, async (it) => {
    await ensureSite(it)
    await beginLedger(it, keys.first.publicKey)
    await sealWhatIsOpen(it)
  })
  const heartbeat = createHeartbeat(database.db, clock)
  const health = createHealth((part, error) => parts.log.error(error, `Nobody knows whether “${part}” is well.`))
  health.watch('database', heartbeat.problem)
  // A page is not taken from its readers because a backup failed.
  if (parts.config.backupTo !== null) {
    health.mention('backup', async () => problemOf(await lastBackups(database.db), clock.now(), 'anybody'))
  }
  // Nor because somebody who should be told is told late.
  health.mention('deliveries', () => waitingProblem(database.db, clock.now()))
  const kept = reserve(folderOf(database), (event) => parts.log.warn(reserveWords[event]))
  health.watch('disk', async () => {
    const { problem } = await diskRoom(parts.config.dataDir)
    return kept.isSpent()
      ? `${problem ?? 'it was full'}; single checks are not kept, so that people can speak`
      : problem
  })
  return {
    passwords: passwords(),
    ...parts,
    vault: safe,
    ledgerKeys: keys,
    health,
    heartbeat,
    meters: probeMeters(),
    deliveryMeters: deliveryMeters(),
    reserve: kept,
    db: database.db,
    change,
    readSnapshot: () => readSnapshot(database.db, clock),
    latestVersion: () => latestVersion(database.db),
    eventsAfter: (seq, limit) => eventsAfter(database.db, seq, limit),
    incidentsBeside: (ids) => idsBeside(database.db, ids),
    onChange: (listener) => listeners.push(listener),
  }
}

const reserveWords = {
  spent: 'The disk is full. The room that was kept for this is given up, and single checks are no longer kept.',
  room: 'There is room on the disk again. All is kept as before.',
}

/** Where the data lie, if it is on this machine. */
function folderOf({ file }: OpenDatabase): string | null {
  return file && !file.memory ? dirname(resolve(file.name)) : null
}
