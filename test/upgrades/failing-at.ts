import type { KyselyPlugin } from 'kysely'
import type { Migration } from '../../src/database/database.ts'

/** A migration that fails before its nth statement; and how many it has asked for. */
export function failingAt(migration: Migration, step: number): { migration: Migration; count(): number } {
  let count = 0
  const plugin: KyselyPlugin = {
    transformQuery({ node }) {
      count += 1
      if (count >= step) throw new Error('no further')
      return node
    },
    transformResult: ({ result }) => Promise.resolve(result),
  }
  return { migration: { ...migration, up: (db) => migration.up(db.withPlugin(plugin)) }, count: () => count }
}
