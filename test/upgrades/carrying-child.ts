/** Upgrades a database with a step that goes in portions, and stays where it is told to, to be killed there. */
import { writeSync } from 'node:fs'
import { migrations } from '../../migrations/index.ts'
import { type Migration, openDatabase } from '../../src/database/database.ts'
import { migrate } from '../../src/database/migrate.ts'
import { wallClock } from '../../src/lib/clock.ts'
import { carries } from './carries.ts'

const [url = '', where = '', time = '0'] = process.argv.slice(2)
let portions = 0

/** For ever. */
function stayIf(isThere: boolean): void {
  if (!isThere || portions !== Number(time)) return
  writeSync(1, 'here')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

const slow: Migration = {
  ...carries,
  async portion(tx, after) {
    const next = await carries.portion(tx, after)
    portions += 1
    stayIf(where === 'inside')
    return next
  },
}
const database = openDatabase(url)
await migrate(database.db, wallClock, [...migrations, slow], () => stayIf(where === 'between'))
await database.close()
