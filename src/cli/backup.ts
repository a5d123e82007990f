import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import packageJson from '../../package.json' with { type: 'json' }
import { type Config, readConfig } from '../config.ts'
import { type BackupTarget, backupTarget } from '../config/backup.ts'
import { backup as copyFile, fileOf, isOfDatabase } from '../database/backup.ts'
import { type OpenDatabase, openDatabase } from '../database/database.ts'
import { codeVersion, databaseVersion } from '../database/migrate.ts'
import { endBackup } from '../domain/backups/log.ts'
import { type Instant, wallClock } from '../lib/clock.ts'
import { Conflict, NotFound } from '../lib/errors.ts'
import { randomIds } from '../lib/ids.ts'
import { type Backup, archiveName, backUp, secretsOf } from '../outbound/backup/backup.ts'
import type { Readers } from '../outbound/backup/encryption.ts'
import { type Draft, draftFile, placeOfBackups } from '../outbound/backup/place.ts'
import { type Arguments, type Command, UsageError, exit } from './command.ts'
import { progress } from './progress.ts'
import { passphraseOption, readersGiven } from './secrets-of-backups.ts'

export const command: Command = {
  help: `
candor backup <file> [--recipient age1…] [--passphrase-file <file>] [--without-keys] [--force]
candor backup [--to <folder or s3://bucket/prefix?region=…>]
candor backup <file> --copy

Writes everything as it is at one moment to an archive, while Candor runs, and from either database: candor restore puts
it into either. The file appears when it is complete and on disk, never by half. With --to, or without anything where
CANDOR_BACKUP_TO is set, it is named by its time. An existing file is replaced only with --force.

Encrypted archives are files of age: for the recipients of --recipient (several with commas) or CANDOR_BACKUP_RECIPIENTS,
or with the passphrase that is the first line of --passphrase-file (- is standard input) or CANDOR_BACKUP_PASSPHRASE. They
hold the keys of the data folder too, unless you say --without-keys. An archive that is not encrypted never holds them:
copy “key” and “ledger-key-…” as well, or what was sealed with them stays shut.

--copy copies the database file instead, where it is one: for other programs that read it. What is in an archive can be read by people:
age --decrypt <file> | zstd --decompress gives lines of JSON. More: docs/backup.md`,
  options: {
    to: { type: 'string' },
    recipient: { type: 'string' },
    ...passphraseOption,
    'without-keys': { type: 'boolean' },
    copy: { type: 'boolean' },
    force: { type: 'boolean' },
  },
  positionals: [0, 1],
  async run(given, shell) {
    const config = readConfig(shell.env)
    const { values, positionals } = given
    const existing = values['force'] === true ? 'replace' : 'keep'
    if (values['copy'] === true) {
      const [target] = positionals
      if (target === undefined) throw new UsageError('candor backup --copy needs the name of a file.')
      const report = progress(shell, 'Copying')
      const bytes = await copyFile(config.databaseUrl, { target, existing, ids: randomIds, report })
      shell.say(`Wrote ${target} (${size(bytes)}). Copy the files “key” and “ledger-key-…” of ${config.dataDir} too.`)
      return exit.done
    }
    const where = whereSaid(given, config)
    const readers = readersGiven(given, config)
    const now = wallClock.now()
    const report = progress(shell, 'Backing up')
    const database = openThere(config)
    try {
      const target = await targetOf(where, config, { readers, now, existing })
      const secrets = readers && values['without-keys'] !== true ? secretsOf(config.dataDir) : []
      const made = await backUp(database.db, target.draft, {
        now,
        product: packageJson.version,
        secrets,
        readers,
        report: (done) => report(done, 0),
      })
      await noteDown(database, { at: now, place: target.name, bytes: made.bytes })
      shell.say(`Wrote ${target.name} (${size(made.bytes)}): ${contentsOf(made)}, as of ${now}.`)
      shell.say(protectionOf(made, readers, config))
    } finally {
      await database.close()
    }
    return exit.done
  },
}

function openThere({ databaseUrl }: Config): OpenDatabase {
  const file = fileOf(databaseUrl)
  if (file !== null && !existsSync(file)) throw new NotFound(`There is no database at ${file}.`)
  return openDatabase(databaseUrl, 'for all rows')
}

interface Circumstances {
  readonly readers: Readers | null
  readonly now: Instant
  readonly existing: 'keep' | 'replace'
}

/** A file, or the place for one that is named by its time. */
type Where = { readonly file: string } | { readonly place: BackupTarget }

function whereSaid({ values: { to }, positionals: [file] }: Arguments, { backupTo }: Config): Where {
  if (file !== undefined && to !== undefined) throw new UsageError('Say a file, or where to with --to, not both.')
  if (file !== undefined) return { file }
  const place = typeof to === 'string' ? placeSaid(to) : backupTo
  if (place !== null) return { place }
  throw new UsageError('candor backup needs the name of a file, or --to, or CANDOR_BACKUP_TO.')
}

async function targetOf(
  where: Where,
  config: Config,
  { readers, now, existing }: Circumstances,
): Promise<{ name: string; draft: Draft }> {
  if ('place' in where) {
    const there = await placeOfBackups(where.place, { config, ids: randomIds })
    const name = archiveName(now, readers)
    return { name: `${there.name}${name}`, draft: await there.begin(name) }
  }
  const { file } = where
  const path = resolve(file)
  if (isOfDatabase(config.databaseUrl, path)) {
    throw new Conflict(`${file} is the database itself: choose another file.`)
  }
  if (existing === 'keep' && existsSync(path)) throw new Conflict(`${file} exists already. --force replaces it.`)
  return { name: file, draft: await draftFile(path, randomIds) }
}

function placeSaid(text: string): BackupTarget {
  try {
    return backupTarget(text)
  } catch {
    throw new UsageError(`${text} cannot be read: write a folder, or s3://bucket/prefix?region=….`)
  }
}

/** So that the doctor knows. One that is there is one that is there, even if it cannot be noted down. */
async function noteDown(
  { db }: OpenDatabase,
  { at, place, bytes }: { at: Instant; place: string; bytes: number },
): Promise<void> {
  if ((await databaseVersion(db)) !== codeVersion) return
  const run = { dueAt: at, beganAt: at, endedAt: wallClock.now(), place, bytes, problem: null }
  await endBackup(db, run).catch(() => undefined)
}

function contentsOf({ manifest }: Backup): string {
  const rows = Object.values(manifest.tables).reduce((sum, table) => sum + table.rows, 0)
  return `${rows.toLocaleString('en')} rows of ${Object.keys(manifest.tables).length} tables`
}

function protectionOf({ heading }: Backup, readers: Readers | null, { dataDir }: Config): string {
  const copy = `Copy “key” and “ledger-key-…” of ${dataDir} too: what they sealed opens with nothing else.`
  if (!readers) return `It is not encrypted, and holds no keys. ${copy}`
  const how = 'passphrase' in readers ? 'with the passphrase' : `for ${readers.recipients.length} of age’s recipients`
  return heading.files.length > 0
    ? `Encrypted ${how}, with the keys of the data folder in it.`
    : `Encrypted ${how}, without the keys of the data folder. ${copy}`
}

function size(bytes: number): string {
  return bytes < 1024 ** 2 ? `${Math.ceil(bytes / 1024)} kB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`
}
