import type { Migration } from '../src/database/database.ts'
import { alerts } from './0005/alerts.ts'
import { deliveries } from './0005/deliveries.ts'
import { places } from './0005/places.ts'
import { portions } from './0005/portions.ts'
import { carryRollUps, sharedRows } from './0005/roll-ups.ts'
import { subscribers } from './0005/subscribers.ts'

/** Subscribers, what they are told, and how operators are called: one call for each part; and what checks amount to, in fewer rows. */
export const everyoneHears: Migration = {
  name: '0005-everyone-hears',
  async up(db) {
    await portions(db)
    await subscribers(db)
    await deliveries(db)
    await alerts(db)
    await places(db)
    await sharedRows(db)
  },
  portion: carryRollUps,
}
