import type { KyselyPlugin } from 'kysely'
import type { Migration, Tx } from '../../src/database/database.ts'

/** A migration that fails before its nth statement; and how many it has asked for. */
export function failingAt(migration: Migration, step: number): { migration: Migration; count(): number } {
  const { plugin, count } = failing(step)
  return { migration: { ...migration, up: (db) => migration.up(db.withPlugin(plugin)) }, count }
}

/** The same of the portions that it still has to do, whichever they are. */
export function portionFailingAt(migration: Required<Migration>, step: number): Migration {
  const { plugin } = failing(step)
  return { ...migration, portion: (tx, after) => migration.portion(tx.withPlugin(plugin) as Tx, after) }
}

function failing(step: number): { plugin: KyselyPlugin; count(): number } {
  let count = 0
  const plugin: KyselyPlugin = {
    transformQuery({ node }) {
      count += 1
      if (count >= step) throw new Error('no further')
      return node
    },
    transformResult: ({ result }) => Promise.resolve(result),
  }
  return { plugin, count: () => count }
}
