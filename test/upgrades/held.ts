import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Migration } from '../../src/database/database.ts'
import { carries } from './carries.ts'

const folder = process.env['HELD_IN'] ?? ''
let portions = 0

/** The step as it is in a release: it stays in its second portion while there is a file `hold`, and fails while there is `fail`. */
export const held: Migration = {
  ...carries,
  async portion(tx, after) {
    const next = await carries.portion(tx, after)
    portions += 1
    while (portions === 2 && existsSync(join(folder, 'hold'))) await pause(20)
    if (existsSync(join(folder, 'fail'))) throw new Error('no further')
    return next
  },
}
