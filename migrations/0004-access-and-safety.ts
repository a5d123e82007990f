import type { Migration } from '../src/database/database.ts'
import { auditedEvents } from './0004/audit.ts'
import { backups } from './0004/backups.ts'
import { factors } from './0004/factors.ts'
import { identities } from './0004/identities.ts'
import { leases } from './0004/leases.ts'
import { metadata } from './0004/metadata.ts'
import { traces } from './0004/traces.ts'
import { requestsOnce } from './0004/requests-once.ts'

/** Who comes in, and what is kept of what they did: one call for each part. */
export const accessAndSafety: Migration = {
  name: '0004-access-and-safety',
  async up(db) {
    await auditedEvents(db)
    await backups(db)
    await factors(db)
    await identities(db)
    await leases(db)
    await metadata(db)
    await requestsOnce(db)
    await traces(db)
  },
}
