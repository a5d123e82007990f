import type { PostgresPool } from 'kysely'
import type pg from 'pg'

/**
 * How long an answer of a server may take: `for readers` a minute, after which it is taken to be gone; `for all rows` as
 * long as it takes, for what reads or changes everything there is while nobody waits for it.
 */
export type Patience = 'for readers' | 'for all rows'

/**
 * Connections to a server, made when they are needed. A server that another took over from may live on, and only be read.
 * Whoever stayed connected to it would be refused for ever, and read what is out of date: when `turns.taken` has grown, no
 * connection is used that was there before.
 */
export async function postgresPool(
  url: string,
  patience: Patience,
  turns: { readonly taken: number },
): Promise<PostgresPool> {
  const pool = await poolOf(url, patience)
  const madeIn = new WeakMap<pg.ClientBase, number>()
  pool.on('connect', (client) => madeIn.set(client, turns.taken))
  return {
    options: pool.options,
    async connect() {
      for (;;) {
        const client = await pool.connect()
        if (madeIn.get(client) === turns.taken) return client
        client.release(true)
      }
    },
    end: () => pool.end(),
  }
}

async function poolOf(connectionString: string, patience: Patience): Promise<pg.Pool> {
  // Loaded only here: most sites run on SQLite.
  const { Pool, types } = await import('pg')
  /** Counters are numbers in both databases: int8 (20) and numeric sums (1700) too. */
  const getTypeParser = (oid: number, format?: 'text' | 'binary'): ((text: string) => unknown) => {
    if (oid === 20 || oid === 1700) return Number
    return types.getTypeParser(oid, format as 'text') as (text: string) => unknown
  }
  const pool = new Pool({
    connectionString,
    max: 8,
    types: { getTypeParser },
    // A server that went away without a word is given up, instead of being waited for.
    connectionTimeoutMillis: 10_000,
    ...(patience === 'for readers' ? { query_timeout: 60_000 } : {}),
    keepAlive: true,
  })
  // A connection lost while idle is replaced by the pool; without a listener Node would end the process.
  pool.on('error', () => undefined)
  // One lost while it is in use: whoever waits for its answer is told, and there is nothing else to do.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}
