import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { assertDurable, openDatabase } from '../../src/database/database.ts'
import { networkFileSystem } from '../../src/database/dialect.ts'
import { migrate } from '../../src/database/migrate.ts'
import { wallClock } from '../../src/lib/clock.ts'
import { ownFolder } from '../own-folder.ts'

function temporaryFile(): string {
  const folder = ownFolder()
  return join(folder, 'candor.db')
}

test('after a write, SQLite still syncs every commit', async () => {
  const opened = openDatabase(temporaryFile())
  onTestFinished(() => opened.close())
  await migrate(opened.db, wallClock)
  expect(opened.file?.pragma('synchronous', { simple: true })).toBe(2)
  expect(() => assertDurable(opened)).not.toThrow()
  expect(opened.file?.pragma('journal_mode', { simple: true })).toBe('wal')
  expect(opened.file?.pragma('auto_vacuum', { simple: true })).toBe(2)
  expect(opened.file?.pragma('foreign_keys', { simple: true })).toBe(1)
})

test('a connection that would lose acknowledged changes at a power cut is refused', async () => {
  const opened = openDatabase(temporaryFile())
  onTestFinished(() => opened.close())
  await migrate(opened.db, wallClock)
  opened.file?.pragma('synchronous = NORMAL')
  expect(() => assertDurable(opened)).toThrow('synchronous=1, not FULL (2)')
})

test.each([
  [0x6969, 'NFS'],
  [0xff534d42, 'CIFS'],
  // statfs(2) answers a signed number on some machines.
  [0xff534d42 | 0, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x01021997, '9P'],
  [0xef53, null],
  [0x9123683e, null],
  [0x01021994, null],
])('a file system with the magic number %s is named %s', (magic, name) => {
  expect(networkFileSystem(magic)).toBe(name)
})
