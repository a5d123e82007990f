import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import packageJson from '../../package.json' with { type: 'json' }
import { type Config, readConfig } from '../config.ts'
import { copyOfCopy, fileOf, isDatabaseFile } from '../database/backup.ts'
import { bucketAddress } from '../lib/bucket-address.ts'
import { wallClock } from '../lib/clock.ts'
import { NotFound } from '../lib/errors.ts'
import { randomIds } from '../lib/ids.ts'
import { backUp } from '../outbound/backup/backup.ts'
import { openArchive } from '../outbound/backup/open.ts'
import { draftFile, fileOfBackup, placeOfBackups } from '../outbound/backup/place.ts'
import { type Restored, checkArchive, restore } from '../outbound/backup/restore.ts'
import { type Command, type Shell, UsageError, exit } from './command.ts'
import { progress } from './progress.ts'
import { openersGiven, passphraseOption } from './secrets-of-backups.ts'

export const command: Command = {
  help: `
candor restore <file or s3://bucket/prefix/file?region=…> [--into <database>] [--check] [--replace] [--moved]
               [--passphrase-file <file>] [--identity-file <file>] [--accept-broken-ledger]

Puts a backup into the database of CANDOR_DATABASE_URL, or into --into: a file, or the address of a server; from either
kind into either. Stop Candor first. Every byte of the backup is checked before anything is made; then it is written beside,
counted and checked again, with its ledger, and takes the place in one step. If anything fails, nothing was changed.

--check    only checks the backup, and says what is in it.
--replace  a database that is in use is replaced, and kept under another name; its keys too.
--moved    nothing was published since the backup: the page only moves. Otherwise the ledger says, for everybody to
           read, that the page was restored, because readers may know entries that are gone now.
An encrypted one opens with the passphrase (--passphrase-file or CANDOR_BACKUP_PASSPHRASE) or the key of age
(--identity-file). Keys of the data folder that are in it are put there, unless they are there already.`,
  options: {
    into: { type: 'string' },
    check: { type: 'boolean' },
    replace: { type: 'boolean' },
    moved: { type: 'boolean' },
    ...passphraseOption,
    'identity-file': { type: 'string' },
    'accept-broken-ledger': { type: 'boolean' },
  },
  positionals: [1, 1],
  async run(given, shell) {
    const config = readConfig(shell.env)
    const { values, positionals } = given
    const openers = openersGiven(given, config)
    const into = typeof values['into'] === 'string' ? values['into'] : config.databaseUrl
    const url = fileOf(into) ?? into
    const folder = await mkdtemp(join(await folderFor(url), 'candor-restore-'))
    try {
      const path = await localFile(positionals[0] ?? '', folder, config)
      const source = () => openArchive(fileOfBackup(path), openers)
      if (values['check'] === true) {
        const { heading, rows } = await checkArchive({ open: source, report: reports(shell) })
        shell.say(
          `Whole and unchanged: ${printable(heading.site)}, as of ${printable(heading.at)}, ${rows.toLocaleString('en')} rows of ${heading.tables.length} tables, written by Candor ${printable(heading.product)}.`,
        )
        shell.say(
          heading.files.length > 0
            ? `With it: ${heading.files.map(printable).join(', ')}.`
            : 'The keys of the data folder are not in it.',
        )
        return exit.done
      }
      const restored = await restore({
        url,
        dataDir: config.dataDir,
        open: source,
        existing: values['replace'] === true ? 'replace' : 'keep',
        because: values['moved'] === true ? 'moved' : 'lost',
        brokenLedger: values['accept-broken-ledger'] === true ? 'accept' : 'refuse',
        clock: wallClock,
        ids: randomIds,
        report: reports(shell),
      })
      tell(shell, restored, config)
      return exit.done
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}

/** What a stranger may have written into an archive says nothing to the terminal itself. */
function printable(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069]/gu,
    (one) => `\\u{${one.codePointAt(0)?.toString(16)}}`,
  )
}

/** What is downloaded or copied on the way lies where the database will: there is room for it, or for nothing. */
async function folderFor(url: string): Promise<string> {
  const file = fileOf(url)
  if (file === null) return tmpdir()
  const folder = dirname(file)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return folder
}

/** The archive as a file here: fetched from a bucket, or made from a copy of a database file. */
async function localFile(source: string, folder: string, config: Config): Promise<string> {
  const path = join(folder, 'archive')
  if (source.startsWith('s3:')) {
    const { place, file } = placeAndFile(source)
    const there = await placeOfBackups(place, { config, ids: randomIds })
    await pipeline(there.read(file), createWriteStream(path, { mode: 0o600 }))
    return path
  }
  if (!(await isCopy(resolve(source)))) return resolve(source)
  const copy = await copyOfCopy(resolve(source), join(folder, 'copy.db'))
  try {
    const facts = { now: copy.at, product: packageJson.version, secrets: [], readers: null, report: () => undefined }
    await backUp(copy.database.db, await draftFile(path, randomIds), facts)
    return path
  } finally {
    await copy.database.close()
  }
}

function placeAndFile(source: string): { place: ReturnType<typeof bucketAddress>; file: string } {
  const [, path = '', file = '', query = ''] = /^(s3:\/\/[^?]*\/)([^/?]+)(\?.*)?$/.exec(source) ?? []
  try {
    return { place: bucketAddress(`${path}${query}`), file }
  } catch {
    throw new UsageError(`${source} cannot be read: write s3://bucket/prefix/file?region=….`)
  }
}

async function isCopy(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch(() => {
    throw new NotFound(`There is no file ${path}.`)
  })
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0)
    return isDatabaseFile(buffer.subarray(0, bytesRead))
  } finally {
    await file.close()
  }
}

function reports(shell: Shell): (step: string, done: number) => void {
  const steps = new Map<string, ReturnType<typeof progress>>()
  return (step, done) => {
    const report = steps.get(step) ?? progress(shell, step)
    steps.set(step, report)
    report(done, 0)
  }
}

function unknownBecause(why: Exclude<Restored['leavers'], number>): string {
  if (why === 'no database') return 'no database is left here that knows of it'
  if (why === 'another key') return 'the database that was here knows people by another key'
  return `the database that was here could not be read (${printable(why.message)})`
}

function tell(shell: Shell, restored: Restored, { dataDir }: Config): void {
  const { heading, rows, ledger, keys, leavers } = restored
  const since = heading.at.slice(0, 10)
  shell.say(
    `Restored: ${printable(heading.site)}, as of ${printable(heading.at)}. All ${rows.toLocaleString('en')} rows are as they were.`,
  )
  if (restored.kept !== null) shell.say(`What was there before is kept as ${restored.kept}.`)
  if (typeof leavers === 'number' && leavers > 0) {
    shell.say(
      `${leavers} who left, or could not be reached, since then ${leavers === 1 ? 'is' : 'are'} not told again.`,
    )
  }
  if (restored.migrated.length > 0) shell.say(`Brought up to date: ${restored.migrated.join(', ')}.`)
  shell.say(
    ledger.broken === null
      ? `The ledger holds: ${ledger.entries} entries, each follows from the one before.`
      : `The ledger is broken, as it was: ${ledger.broken}.`,
  )
  shell.say(
    {
      restored: `The keys were put into ${dataDir}.`,
      'there already': `The keys in ${dataDir} are those of the backup.`,
      replaced: `The keys in ${dataDir} were replaced by those of the backup; the others are beside them.`,
      'others there': `No keys came with it; those in ${dataDir} stay. If they are not those of before, put “key” and “ledger-key-…” of before in their place before Candor starts.`,
      none: `No keys came with it. Put “key” and “ledger-key-…” of before into ${dataDir} before Candor starts: without them links and sealed secrets do not work, and nobody can sign the ledger.`,
    }[keys],
  )
  shell.say('\nWhat to do now:')
  const steps = [
    restored.dueByThemselves > 0 &&
      `${restored.dueByThemselves} words were written to be said by themselves, and their time has come: they go out when Candor starts.`,
    restored.openIncidents.length > 0 &&
      `Open on the page, as it was then: ${restored.openIncidents.map((name) => `“${name}”`).join(', ')}. Resolve what is over.`,
    'Start Candor. Everybody signs in again.',
    typeof leavers !== 'number' &&
      `Whoever left as a subscriber since ${since} is told again, because ${unknownBecause(leavers)}. Remove those you know of at the desk, under Subscribers.`,
    `Who was let out since ${since} is in again: look through Team, Tokens and Places at the desk.`,
    'Run candor doctor, and make a new backup.',
  ].filter((step) => step !== false)
  for (const [index, step] of steps.entries()) shell.say(`  ${index + 1}. ${step}`)
}
