import type { Db } from '../../src/database/database.ts'

/** What people prove themselves with beside a password, and the sessions that follow. */
export async function factors(_db: Db): Promise<void> {}
