import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as time } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { migrations } from '../../migrations/index.ts'
import { type OpenDatabase, openDatabase } from '../../src/database/database.ts'
import { codeVersion, databaseVersion, migrate } from '../../src/database/migrate.ts'
import { openUpToDate } from '../../src/database/upgrade.ts'
import { wallClock } from '../../src/lib/clock.ts'
import { randomIds } from '../../src/lib/ids.ts'
import { releases } from './recorded.ts'
import { ownFolder } from '../own-folder.ts'

const release = releases().find(({ version }) => version === 1)
const oldest = join(mkdtempSync(join(tmpdir(), 'candor-oldest-')), 'candor.db')

/** A file that the first release made, for each test to copy. */
beforeAll(async () => {
  const database = openDatabase(oldest)
  await migrate(database.db, wallClock, migrations.slice(0, 1))
  database.file?.pragma('foreign_keys = off')
  for (const [table, rows] of release?.rows ?? []) {
    database.file?.exec(`delete from ${table}`)
    for (const row of rows)
      await database.db
        .insertInto(table as 'events')
        .values(row as never)
        .execute()
  }
  await database.close()
  return () => rmSync(join(oldest, '..'), { recursive: true })
})

function copied(): string {
  const folder = ownFolder()
  const url = join(folder, 'candor.db')
  copyFileSync(oldest, url)
  return url
}

async function versionOf(url: string): Promise<number> {
  const { db, close } = openDatabase(url)
  const version = await databaseVersion(db)
  await close()
  return version
}

test('an older file is copied, then upgraded in another thread, while this one goes on answering', async () => {
  const url = copied()
  let turns = 0
  let isOver = false
  const goesOn = (): void => {
    turns += 1
    if (!isOver) setImmediate(goesOn)
  }
  const told: unknown[] = []
  const { database, ran }: { database: OpenDatabase; ran: string[] } = await openUpToDate(url, {
    clock: wallClock,
    ids: randomIds,
    began(from, copy) {
      told.push([from, copy])
      goesOn()
    },
    carried: () => undefined,
  })
  isOver = true
  await database.close()
  expect(told).toEqual([[1, `${url}.version-1`]])
  expect(ran).toEqual(migrations.slice(1).map(({ name }) => name))
  expect(turns).toBeGreaterThan(100)
  expect(await versionOf(url)).toBe(codeVersion)
  expect(await versionOf(`${url}.version-1`)).toBe(1)
})

test('the copy of before stays, though a step was done before another one failed and it is begun anew', async () => {
  const url = copied()
  copyFileSync(url, `${url}.version-1`)
  const half = openDatabase(url)
  await migrate(half.db, wallClock, migrations.slice(0, 2))
  await half.close()
  const { database } = await openUpToDate(url, {
    clock: wallClock,
    ids: randomIds,
    began: () => undefined,
    carried: () => undefined,
  })
  await database.close()
  expect(await versionOf(url)).toBe(codeVersion)
  expect(await versionOf(`${url}.version-1`)).toBe(1)
  expect(await versionOf(`${url}.version-2`)).toBe(2)
})

test('one that is up to date, or new, is opened as it is', async () => {
  const url = `${copied()}.new`
  const parts = {
    clock: wallClock,
    ids: randomIds,
    began: () => expect.unreachable(),
    carried: () => expect.unreachable(),
  }
  for (const steps of [migrations.length, 0]) {
    const { database, ran } = await openUpToDate(url, parts)
    await database.close()
    expect(ran).toHaveLength(steps)
  }
  expect(existsSync(`${url}.version-${codeVersion}`)).toBe(false)
})

test('killed at any moment of its upgrade it is a database of one version or another, and the next start goes on', async () => {
  const program = fileURLToPath(new URL('./upgrading-child.ts', import.meta.url))
  const url = copied()
  const versions: number[] = []
  for (const afterMs of [0, 5, 15, 40, 80, 150]) {
    const child = spawn(process.execPath, [program, url], { stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = once(child, 'exit')
    await Promise.race([once(child.stdout, 'data'), ended])
    await time(afterMs)
    child.kill('SIGKILL')
    await ended
    versions.push(await versionOf(url))
  }
  expect(versions).toEqual(versions.toSorted((a, b) => a - b))
  const { database } = await openUpToDate(url, {
    clock: wallClock,
    ids: randomIds,
    began: () => undefined,
    carried: () => undefined,
  })
  expect(await databaseVersion(database.db)).toBe(codeVersion)
  expect(database.file?.pragma('foreign_key_check')).toEqual([])
  expect(database.file?.pragma('integrity_check', { simple: true })).toBe('ok')
  const { count } = await database.db
    .selectFrom('updates')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  expect(count).toBe(release?.rows.get('updates')?.length)
  await database.close()
})
