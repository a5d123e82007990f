import type { Migration } from '../src/database/database.ts'
import { maintenanceInFull } from './0002/maintenance.ts'
import { composingTables } from './0002/composing.ts'
import { coachTable } from './0002/coach.ts'
import { ledgerTable } from './0002/ledger.ts'
import { promiseTables } from './0002/promises.ts'
import { reportTables } from './0002/reports.ts'
import { reviewTables } from './0002/reviews.ts'
import { clockTables } from './0002/regulators.ts'
import { recordTables } from './0002/record.ts'
import { revisionTables } from './0002/revisions.ts'

/** Promises, revisions, reviews, the ledger and what else disclosure in full is made of: one call for each part. */
export const disclosureInFull: Migration = {
  name: '0002-disclosure-in-full',
  async up(db) {
    await maintenanceInFull(db)
    await composingTables(db)
    await promiseTables(db)
    await revisionTables(db)
    await ledgerTable(db)
    await recordTables(db)
    await reviewTables(db)
    await reportTables(db)
    await coachTable(db)
    await clockTables(db)
  },
}
