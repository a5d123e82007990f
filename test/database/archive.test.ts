import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { fillFrom } from '../../src/database/archive/fill.ts'
import { readArchive } from '../../src/database/archive/read.ts'
import { leftOut, shapeOf } from '../../src/database/archive/shape.ts'
import { writeArchive } from '../../src/database/archive/write.ts'
import { type OpenDatabase, openDatabase } from '../../src/database/database.ts'
import { codeVersion, openMigrated } from '../../src/database/migrate.ts'
import { migrations } from '../../migrations/index.ts'
import { migrate } from '../../src/database/migrate.ts'
import { instantOf, wallClock } from '../../src/lib/clock.ts'
import { emptyDatabase, freshDatabase } from '../database.ts'
import { fillEveryTable } from './every-row.ts'

/** The archive of a database, as text. */
async function archived({ db }: OpenDatabase): Promise<string> {
  const pieces: Buffer[] = []
  const facts = { now: instantOf(0), product: '0.1.0', secrets: [], report: () => undefined }
  await writeArchive(db, facts, async (piece) => void pieces.push(piece))
  return Buffer.concat(pieces).toString()
}

async function* linesOf(text: string): AsyncGenerator<string> {
  yield* text.split('\n').slice(0, -1)
}

async function filled(text: string, { db }: OpenDatabase): Promise<void> {
  await fillFrom(db, readArchive(linesOf(text)), { clock: wallClock, report: () => undefined })
}

/** A SQLite database whichever one the tests run on. */
async function sqlite(): Promise<OpenDatabase> {
  const { database } = await openMigrated(':memory:', wallClock)
  onTestFinished(() => database.close())
  return database
}

async function everyTable(): Promise<{ full: OpenDatabase; tables: string[] }> {
  const full = await sqlite()
  const tables = (await shapeOf(codeVersion)).map(({ name }) => name)
  await fillEveryTable(full, tables)
  return { full, tables }
}

test('every row of every table comes back as it was, through one database and the other', async () => {
  const { full, tables } = await everyTable()
  const text = await archived(full)
  const between = await emptyDatabase()
  await filled(text, between)
  const back = openDatabase(':memory:')
  onTestFinished(() => back.close())
  await filled(await archived(between), back)
  for (const table of tables) {
    const rows = (file: OpenDatabase['file']): unknown[] =>
      file?.prepare(`select * from "${table}" order by 1`).all() ?? []
    expect(rows(full.file).length).toBeGreaterThanOrEqual(2)
    expect(rows(back.file)).toEqual(rows(full.file))
  }
  // Not only the same rows: the same bytes, so that two archives can be told apart by their sums.
  expect(await archived(between)).toBe(text)
})

test('every table that the database has is in an archive, or is left out for a reason', async () => {
  const { db } = await freshDatabase()
  const there = await db.introspection.getTables()
  const shape = await shapeOf(codeVersion)
  const known = [...shape.map(({ name }) => name), ...Object.keys(leftOut)]
  expect(known.toSorted()).toEqual(there.map(({ name }) => name).toSorted())
  for (const { name, columns } of shape) {
    const found = there.find((table) => table.name === name)?.columns.map((column) => column.name)
    expect([name, columns.map((column) => column.name).toSorted()]).toEqual([name, found?.toSorted()])
  }
})

test('what is counted goes on after the last one that came back', async () => {
  const { full } = await everyTable()
  const to = await emptyDatabase()
  await filled(await archived(full), to)
  const event = { at: wallClock.now(), actor: '{}', type: 'x', subject: 'x', data: '{}' }
  await to.db.insertInto('events').values(event).execute()
  const { rows } = await sql<{ seq: number }>`select max(seq) as seq from events`.execute(to.db)
  expect(rows).toEqual([{ seq: 1_000_002 }])
})

test('an archive of an older version fills tables of that version, which are then brought up to date', async () => {
  for (const version of [1, 2, 3]) {
    const old = openDatabase(':memory:')
    onTestFinished(() => old.close())
    await migrate(old.db, wallClock, migrations.slice(0, version))
    const site = `insert into sites (id, name, zone, locale, translations, created_at, updated_at) values ('s', 'Old ${version}', 'UTC', 'en', '{}', '2026', '2026')`
    old.file?.prepare(site).run()
    const to = await emptyDatabase()
    await filled(await archived(old), to)
    await migrate(to.db, wallClock)
    expect(await to.db.selectFrom('sites').select('name').execute()).toEqual([{ name: `Old ${version}` }])
  }
})

test('an archive of a newer version is left alone, in words', async () => {
  const { full } = await everyTable()
  const [heading = '', ...rest] = (await archived(full)).split('\n')
  const newer = {
    ...(JSON.parse(heading) as object),
    schema: { version: codeVersion + 1, name: 'tomorrow' },
    product: '9.0',
  }
  const text = [JSON.stringify(newer), ...rest].join('\n')
  await expect(filled(text, await emptyDatabase())).rejects.toThrow(/newer .*of Candor 9\.0/)
})

test('a line that is missing, doubled, moved or changed is found, wherever it is', async () => {
  const { full } = await everyTable()
  const lines = (await archived(full)).split('\n').slice(0, -1)
  const read = async (changed: readonly string[]): Promise<void> => {
    for await (const part of readArchive(linesOf(`${changed.join('\n')}\n`))) void part
  }
  await read(lines)
  const words = /This archive is damaged|This is no archive of Candor|newer/
  for (let at = 0; at < lines.length; at += 7) {
    const line = lines[at] ?? ''
    await expect(read(lines.toSpliced(at, 1))).rejects.toThrow(words)
    await expect(read(lines.toSpliced(at, 0, line))).rejects.toThrow(words)
    await expect(read(lines.toSpliced(at, 1, line.replace(/[a-z0-9]/, 'Z')))).rejects.toThrow(words)
  }
  await expect(read(lines.slice(0, -1))).rejects.toThrow('ends before its manifest')
  await expect(read([...lines, '[]'])).rejects.toThrow('something follows its end')
})
