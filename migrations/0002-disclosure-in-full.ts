import type { Migration } from '../src/database/database.ts'
import { promiseTables } from './0002/promises.ts'

/** Promises, revisions, reviews, the ledger and what else disclosure in full is made of: one call for each part. */
export const disclosureInFull: Migration = {
  name: '0002-disclosure-in-full',
  async up(db) {
    await promiseTables(db)
  },
}
