import type { Db } from '../../src/database/database.ts'

/** What is kept of each event, beside who and what. */
export async function auditedEvents(_db: Db): Promise<void> {}
