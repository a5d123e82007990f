import { openUpToDate } from '../../src/database/upgrade.ts'
import { wallClock } from '../../src/lib/clock.ts'
import { randomIds } from '../../src/lib/ids.ts'

/** Says when it begins, so that it can be killed at a moment of the upgrade. */
const began = (): void => void process.stdout.write('began\n')
const { database } = await openUpToDate(process.argv[2] ?? '', {
  clock: wallClock,
  ids: randomIds,
  began,
  carried: () => undefined,
})
await database.close()
