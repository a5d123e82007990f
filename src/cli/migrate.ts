import { readConfig } from '../config.ts'
import { openMigrated } from '../database/migrate.ts'
import { wallClock } from '../lib/clock.ts'
import { type Command, exit } from './command.ts'
import { progress } from './progress.ts'

export const command: Command = {
  help: `
candor migrate

Brings the database to the version of this Candor, each step in a transaction of its own, and says which steps ran. What
takes long goes in portions, and says how far it is: stopped at any moment, it goes on there the next time.
\`candor serve\` does the same when it starts. A database that is newer than this Candor is refused.`,
  options: {},
  positionals: [0, 0],
  async run(_given, shell) {
    const tell = progress(shell, 'Upgrading')
    const { databaseUrl } = readConfig(shell.env)
    const { database, ran } = await openMigrated(databaseUrl, wallClock, 'for all rows', (share) => tell(share, 1))
    await database.close()
    for (const name of ran) shell.say(`Ran ${name}.`)
    if (ran.length === 0) shell.say('The database is up to date.')
    return exit.done
  },
}
