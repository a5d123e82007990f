import { backup } from '../database/backup.ts'
import { readConfig } from '../config.ts'
import { randomIds } from '../lib/ids.ts'
import { progress } from './progress.ts'
import { type Command, exit } from './command.ts'

export const command: Command = {
  help: `
candor backup <file> [--force]

Writes a consistent copy of the database to <file>, while Candor runs. The file appears when it is complete and on
disk, never by half. An existing file is replaced only with --force. Copy the files "key" and "ledger-key-…" of the data
folder too: links and sign-ins of the restored page depend on the first, and the ledger is signed with one of them.

To restore: stop Candor, put the copy in the place of the database file, remove the files beside it that end in -wal
and -shm, start Candor. A database on a server is backed up by its own tools: for it this command fails and names them.`,
  options: { force: { type: 'boolean' } },
  positionals: [1, 1],
  async run({ values, positionals: [target = ''] }, shell) {
    const config = readConfig(shell.env)
    const replace = values['force'] === true ? 'replace' : 'keep'
    const report = progress(shell, 'Copying')
    const bytes = await backup(config.databaseUrl, { target, existing: replace, ids: randomIds, report })
    shell.say(`Wrote ${target} (${(bytes / 1024 ** 2).toFixed(1)} MB).`)
    return exit.done
  },
}
