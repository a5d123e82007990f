import { readConfig } from '../config.ts'
import { openMigrated } from '../database/migrate.ts'
import { wallClock } from '../lib/clock.ts'
import { type Command, exit } from './command.ts'

export const command: Command = {
  help: `
candor migrate

Brings the database to the version of this Candor, each step in a transaction of its own, and says which steps ran.
\`candor serve\` does the same when it starts. A database that is newer than this Candor is refused.`,
  options: {},
  positionals: [0, 0],
  async run(_given, shell) {
    const { database, ran } = await openMigrated(readConfig(shell.env).databaseUrl, wallClock, 'for all rows')
    await database.close()
    for (const name of ran) shell.say(`Ran ${name}.`)
    if (ran.length === 0) shell.say('The database is up to date.')
    return exit.done
  },
}
