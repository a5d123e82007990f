import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type Config, masked, readConfig } from '../config.ts'
import type { Db } from '../database/database.ts'
import { examineDatabase } from '../database/examine.ts'
import { backupFinding } from '../domain/backups/log.ts'
import { aboutKinds } from '../domain/alerts/alert.ts'
import { orphaned, unreachable } from '../domain/alerts/escalating.ts'
import { examineLedger } from '../domain/ledger/examine.ts'
import { type LedgerKeys, ledgerKeys } from '../domain/ledger/keys.ts'
import { givenBy, offeredChannels } from '../domain/subscribers/channel.ts'
import { examineSubscribers } from '../domain/subscribers/examine.ts'
import { inboundKinds, inboundPath } from '../domain/subscribers/inbound/addresses.ts'
import { wallClock } from '../lib/clock.ts'
import { diskRoom } from '../lib/disk.ts'
import type { Finding } from '../lib/finding.ts'
import { type Vault, vault } from '../lib/vault.ts'
import { mailMeans } from '../outbound/notify/means.ts'
import { randomIds } from '../lib/ids.ts'
import { type Command, exit } from './command.ts'

export const command: Command = {
  help: `
candor doctor
candor doctor --routes

Checks the configuration, the data folder, the database, the ledger, backups, subscribers, whom it can call, the clock, the disk and mail (its server, and SPF,
DKIM and DMARC of its domain), changes nothing, sends nothing, and says what to do. Where somebody changed the database by
hand, it names the first entry of the ledger that does not fit.
With --routes it prints every address and who may use it, as the code declares it, and looks at nothing else.
Exit codes: 0 all is well, 1 something needs doing, 3 the configuration is refused.`,
  options: { routes: { type: 'boolean' } },
  positionals: [0, 0],
  async run({ values }, shell) {
    const config = readConfig(shell.env)
    if (values['routes'] === true) {
      // Loaded only here: it is the whole product.
      const { routeTable } = await import('./routes.ts')
      for (const line of await routeTable(config)) shell.say(line)
      return exit.done
    }
    const findings = [
      ...address(config),
      ...dataFolder(config.dataDir),
      ...(await examineDatabase(config.databaseUrl, wallClock.now(), async (db) => {
        const backup = await backupFinding(db, wallClock.now(), { isScheduled: config.backupTo !== null })
        const ledger = await examineLedger(db, keysOf(config.dataDir), wallClock.now())
        const subscribers = await examineSubscribers(db, vaultOf(config.dataDir))
        return [...ledger, ...(backup ? [backup] : []), ...subscribers, ...(await calls(db, config))]
      })),
      await disk(config.dataDir),
      ...(await mail(config)),
      ...inbound(config),
    ]
    for (const { about, found, remedy } of findings) {
      shell.say(
        `${remedy === null ? 'well  ' : 'do    '} ${about}: ${masked(found)}${remedy === null ? '' : `\n       ${remedy}`}`,
      )
    }
    const undone = findings.filter(({ remedy }) => remedy !== null).length
    shell.say(undone === 0 ? 'All is well.' : `${undone} of ${findings.length} need doing.`)
    return undone === 0 ? exit.done : exit.failed
  },
}

/** Whether operators can still be called who chose how to be. */
async function calls(db: Db, config: Config): Promise<Finding[]> {
  const offered = offeredChannels(givenBy(config))
  const lost = (await unreachable(db, offered)).map(({ name }) => ({
    about: 'calls',
    found: `${name} cannot be called: none of the ways that they chose works any more`,
    remedy: 'They choose another way at the desk, under “How you are called”, or make one work again by a test there.',
  }))
  const kinds = await orphaned(db, offered)
  if (kinds.length === 0) return lost
  const things = kinds.map((kind) => aboutKinds[kind].thing).join(', ')
  const missing = {
    about: 'calls',
    found: `nobody would be called for ${things}: whoever chose to be has left, or cannot be called`,
    remedy: 'Somebody else chooses it at the desk, under “How you are called”; “Who is called” shows all gaps.',
  }
  return [...lost, missing]
}

function address({ host, port, url }: Config): Finding[] {
  const found = `listens on ${host}, port ${port}; readers find it at ${url}`
  const isLocal = ['127.0.0.1', '::1', 'localhost'].includes(host)
  const isNamed = !['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname)
  const remedy =
    isLocal || isNamed ? null : 'The network may come in, but links say localhost: set CANDOR_URL to what readers type.'
  return [{ about: 'address', found, remedy }]
}

function dataFolder(folder: string): Finding[] {
  const nearest = nearestFolder(folder)
  const about = 'data folder'
  try {
    accessSync(nearest, constants.W_OK)
  } catch {
    return [{ about, found: `${nearest} may not be written`, remedy: 'Give it to the user that runs Candor.' }]
  }
  const key = join(folder, 'key')
  if (existsSync(key) && (statSync(key).mode & 0o077) !== 0) {
    return [{ about, found: `others may read ${key}`, remedy: `Run: chmod 600 ${key}` }]
  }
  return [{ about, found: nearest === folder ? folder : `${folder}, made at the first start`, remedy: null }]
}

function vaultOf(folder: string): Vault | null {
  const path = join(folder, 'key')
  return existsSync(path) ? vault(readFileSync(path, 'utf8').trim()) : null
}

/** Those that are there: none is made. */
function keysOf(folder: string): LedgerKeys | null {
  const path = join(folder, 'key')
  return existsSync(path) ? ledgerKeys({ key: readFileSync(path, 'utf8').trim(), folder, ids: randomIds }) : null
}

async function disk(folder: string): Promise<Finding> {
  const { freeBytes, freeShare, problem } = await diskRoom(nearestFolder(folder))
  const found = problem ?? `${(freeBytes / 1024 ** 3).toFixed(1)} GB (${Math.round(freeShare * 100)} %) are free`
  return {
    about: 'disk',
    found,
    remedy: problem === null ? null : 'Make room, or move CANDOR_DATA_DIR to a larger disk.',
  }
}

/** Whether mail can be sent and verified: what the DNS lacks can be pasted there. */
async function mail(config: Config): Promise<Finding[]> {
  const means = mailMeans(config)
  if (means === null) return []
  // Loaded only here: most of what the doctor looks at needs no mail.
  const { checkMail } = await import('../outbound/notify/mail-check.ts')
  const findings = await checkMail(means, config)
  return findings.map(({ about, found, remedy, record }) => ({
    about: `mail, ${about}`,
    found,
    remedy: record === null ? remedy : `${remedy}\n       ${record.name}  ${record.type}\n       ${record.value}`,
  }))
}

/** Where what comes in is taken; each address is a secret. */
function inbound(config: Config): Finding[] {
  const path = join(config.dataDir, 'key')
  if (mailMeans(config) === null || !existsSync(path)) return []
  const safe = vault(readFileSync(path, 'utf8').trim())
  const words = { bounces: 'bounces, reported by a provider', mail: 'mail by which people leave' }
  return inboundKinds.map((kind) => ({
    about: words[kind],
    found: `taken at ${config.url}${inboundPath(safe, kind)} (docs/subscribers.md; keep it to yourself)`,
    remedy: null,
  }))
}

function nearestFolder(folder: string): string {
  const path = resolve(folder)
  return existsSync(path) || path === dirname(path) ? path : nearestFolder(dirname(path))
}
