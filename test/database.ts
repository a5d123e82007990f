import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { onTestFinished } from 'vitest'
import { type OpenDatabase, openDatabase } from '../src/database/database.ts'
import { migrate } from '../src/database/migrate.ts'
import { wallClock } from '../src/lib/clock.ts'
import { template } from './postgres/template.ts'
import { ownFolder } from './own-folder.ts'

/** Whatever is drawn by lot is drawn on SQLite in full; on PostgreSQL a few are enough to see that its SQL does the same. */
export const isSQLite = process.env['TEST_DATABASE_URL'] === undefined

/** A migrated database of this test's own, gone when the test is over. */
export async function freshDatabase(): Promise<OpenDatabase> {
  const server = process.env['TEST_DATABASE_URL']
  const opened = server === undefined ? openDatabase(await image()) : await copyOfTemplate(server)
  onTestFinished(() => opened.close())
  return opened
}

/** One without any table, to be migrated by the test. */
export async function emptyDatabase(): Promise<OpenDatabase> {
  const server = process.env['TEST_DATABASE_URL']
  const opened = openDatabase(server === undefined ? ':memory:' : await urlOfCopy(server, 'template0'))
  onTestFinished(() => opened.close())
  return opened
}

/** A migrated one for programs that open it by themselves, and are killed: its address, of a file or on the server. */
export async function freshDatabaseUrl(): Promise<string> {
  const server = process.env['TEST_DATABASE_URL']
  if (server !== undefined) return urlOfCopy(server)
  const file = join(ownFolder(), 'candor.db')
  writeFileSync(file, await image())
  return file
}

/** The address of one without any table. */
export async function emptyDatabaseUrl(): Promise<string> {
  const server = process.env['TEST_DATABASE_URL']
  return server === undefined ? join(ownFolder(), 'candor.db') : urlOfCopy(server, 'template0')
}

let made: Promise<Buffer> | null = null

/** Made once per worker; opening it from memory costs half a millisecond. */
function image(): Promise<Buffer> {
  made ??= makeImage()
  return made
}

async function makeImage(): Promise<Buffer> {
  const empty = openDatabase(':memory:')
  await migrate(empty.db, wallClock)
  const bytes = empty.file?.serialize()
  await empty.close()
  if (!bytes) throw new Error('Only SQLite has an image.')
  return bytes
}

let admin: OpenDatabase | null = null
/** The server waits a tenth of a second for whoever was connected; the next test need not. */
let dropping: Promise<unknown> | null = null

async function copyOfTemplate(server: string): Promise<OpenDatabase> {
  return openDatabase(await urlOfCopy(server))
}

async function urlOfCopy(server: string, of: string = template): Promise<string> {
  const { db } = (admin ??= openDatabase(server))
  const name = `test_${randomBytes(8).toString('hex')}`
  await sql`create database ${sql.id(name)} template ${sql.id(of)} strategy file_copy`.execute(db)
  const url = new URL(server)
  url.pathname = `/${name}`
  onTestFinished(async () => {
    await dropping
    dropping = sql`drop database ${sql.id(name)} with (force)`.execute(db)
  })
  return url.href
}
