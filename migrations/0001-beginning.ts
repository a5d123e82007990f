import type { Migration } from '../src/database/database.ts'
import { checkTables } from './0001/checks.ts'
import { disclosureTables } from './0001/disclosure.ts'
import { peopleTables } from './0001/people.ts'
import { siteTables } from './0001/site.ts'

export const beginning: Migration = {
  name: '0001-beginning',
  async up(db) {
    await siteTables(db)
    await disclosureTables(db)
    await checkTables(db)
    await peopleTables(db)
  },
}
