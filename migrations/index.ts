import type { Migration } from '../src/database/database.ts'
import { beginning } from './0001-beginning.ts'

/** In order; a position is a version. Never edited once released, never reordered. */
export const migrations: readonly Migration[] = [beginning]
