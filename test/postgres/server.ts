import { chmodSync, existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { TestProject } from 'vitest/node'
import { openDatabase } from '../../src/database/database.ts'
import { migrate } from '../../src/database/migrate.ts'
import { wallClock } from '../../src/lib/clock.ts'
import { loadEmbeddedPostgres } from './embedded.ts'
import { template } from './template.ts'

declare module 'vitest' {
  interface ProvidedContext {
    databaseServer: string
  }
}

/** In bytes: with three workers it had 130 MB in use at most. */
const roomForServer = 1e9

/** Starts a real PostgreSQL once for the whole run, or uses the one that TEST_DATABASE_URL names. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const { url, stop } = await server()
  await makeTemplate(url)
  project.provide('databaseServer', url)
  return stop
}

async function server(): Promise<{ url: string; stop: () => Promise<void> }> {
  const given = process.env['TEST_DATABASE_URL']
  if (given) return { url: given, stop: () => Promise.resolve() }
  const folder = mkdtempSync(join(memory() ?? tmpdir(), 'candor-postgres-'))
  // Started by root, PostgreSQL runs as a user of its own, who must be able to come here.
  chmodSync(folder, 0o711)
  // Also where the run is broken off: memory is not swept.
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  const port = await freePort()
  const said: string[] = []
  const EmbeddedPostgres = await loadEmbeddedPostgres()
  const postgres = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'candor',
    password: 'candor',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    // Each test connects a few times, and proving a password takes the server ten milliseconds.
    initdbFlags: ['--encoding=UTF8', '--no-locale', '--no-sync', '--auth=trust'],
    // Nobody will ask a test's database for its data after a power cut.
    postgresFlags: [
      ...['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'autovacuum=off'].flatMap((flag) => [
        '-c',
        flag,
      ]),
      ...['max_connections=300', 'shared_buffers=64MB', 'listen_addresses=127.0.0.1'].flatMap((flag) => ['-c', flag]),
    ],
    onLog: (line) => void said.push(String(line)),
    onError: (line) => void said.push(String(line)),
  })
  try {
    await postgres.initialise()
    await postgres.start()
  } catch (cause) {
    throw new Error(`PostgreSQL did not start: ${said.slice(-10).join('\n')}`, { cause })
  }
  const stop = async (): Promise<void> => {
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  return { url: `postgres://candor:candor@127.0.0.1:${port}/postgres`, stop }
}

/** Each test copies and removes a database of 300 files: a quarter of the work where they never come near a disk. */
function memory(): string | null {
  const place = '/dev/shm'
  if (!existsSync(place)) return null
  const { bavail, bsize } = statfsSync(place)
  return bavail * bsize > roomForServer ? place : null
}

async function makeTemplate(url: string): Promise<void> {
  const admin = openDatabase(url)
  await sql`drop database if exists ${sql.id(template)} with (force)`.execute(admin.db)
  await sql`create database ${sql.id(template)}`.execute(admin.db)
  await admin.close()
  const copy = new URL(url)
  copy.pathname = `/${template}`
  const fresh = openDatabase(copy.href)
  await migrate(fresh.db, wallClock)
  await fresh.close()
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}
