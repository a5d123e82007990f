import type { Db } from '../../src/database/database.ts'

/** Who people are elsewhere, how they come back in, and tokens that follow each other. */
export async function identities(_db: Db): Promise<void> {}
