import { readConfig } from '../config.ts'
import { openMigrated } from '../database/migrate.ts'
import { createDeps } from '../deps.ts'
import { rotateKey } from '../domain/ledger/commands.ts'
import { wallClock } from '../lib/clock.ts'
import { randomIds } from '../lib/ids.ts'
import { createLog } from '../lib/log.ts'
import { secretFile } from '../lib/secret-file.ts'
import { type Command, exit } from './command.ts'

export const command: Command = {
  help: `
candor ledger rotate-key

Makes another key for the ledger, which the present one signs: an entry of the ledger says so, and whoever knows the old
key can follow it to the new one. Prints the new public key. The private half is a file “ledger-key-…” in the data
folder: back it up, and copy it to the data folder of every other process of this page.`,
  options: {},
  positionals: [0, 0],
  async run(_given, shell) {
    const config = readConfig(shell.env)
    const { database } = await openMigrated(config.databaseUrl, wallClock)
    try {
      const key = secretFile(config.dataDir, 'key', randomIds)
      const parts = { config, database, clock: wallClock, ids: randomIds, log: createLog('silent'), key }
      const { change, ledgerKeys } = await createDeps(parts)
      shell.say(await change({ kind: 'command', name: 'ledger rotate-key' }, (it) => rotateKey(it, ledgerKeys)))
    } finally {
      await database.close()
    }
    return exit.done
  },
}
