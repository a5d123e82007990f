import type { Db } from '../../src/database/database.ts'

/** Requests that are carried out once, however often they are sent. */
export async function requestsOnce(_db: Db): Promise<void> {}
