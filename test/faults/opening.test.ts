import { copyFileSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from '../../src/database/database.ts'
import { Unavailable } from '../../src/lib/errors.ts'
import { freshDatabaseUrl, isSQLite } from '../database.ts'
import { fill, mayMount, mounted } from './own-disk.ts'
import { ownFolder } from '../own-folder.ts'

/** What a start says, in `/readyz`, at the desk and at the terminal, where the file cannot even be opened. */
test.skipIf(!mayMount || !isSQLite)('a file on a full disk is said to need room', async () => {
  const file = join(mounted('-t', 'tmpfs', '-o', 'size=16m', 'tmpfs'), 'candor.db')
  copyFileSync(await freshDatabaseUrl(), file)
  fill(`${file}.filler`)
  expect(lackOf(file)).toBe('room')
})

test.runIf(isSQLite)('a file that is damaged is said to be', () => {
  const file = join(ownFolder(), 'candor.db')
  writeFileSync(file, Buffer.alloc(8192, 0x5a))
  expect(lackOf(file)).toBe('a sound file')
})

test.runIf(isSQLite && process.platform === 'linux')(
  'what could not be opened is not left open: a start tries again every few seconds',
  () => {
    const file = join(ownFolder(), 'candor.db')
    writeFileSync(file, Buffer.alloc(8192, 0x5a))
    for (let time = 0; time < 3; time += 1) lackOf(file)
    expect(openFiles().filter((path) => path.startsWith(file))).toEqual([])
  },
)

function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)]
    } catch {
      // The one that listed them is closed by now.
      return []
    }
  })
}

function lackOf(file: string): unknown {
  try {
    void openDatabase(file).close()
    return null
  } catch (error) {
    return error instanceof Unavailable ? error.lack : error
  }
}
