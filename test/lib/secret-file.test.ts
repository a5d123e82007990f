import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { randomIds } from '../../src/lib/ids.ts'
import { secretFile } from '../../src/lib/secret-file.ts'
import { ownFolder } from '../own-folder.ts'

test('a secret is made once, and only its user may read it', () => {
  const data = join(ownFolder(), 'data')
  const secret = secretFile(data, 'key', randomIds)
  expect(secret).toHaveLength(43)
  expect(secretFile(data, 'key', randomIds)).toBe(secret)
  expect(statSync(join(data, 'key')).mode & 0o777).toBe(0o600)
  expect(statSync(data).mode & 0o777).toBe(0o700)
  expect(readdirSync(data)).toEqual(['key'])
})

test('who comes second takes the secret of who came first', () => {
  const data = ownFolder()
  const ids = {
    ...randomIds,
    // Between looking and writing, another process writes its own.
    secret() {
      writeFileSync(join(data, 'key'), `${'x'.repeat(43)}\n`)
      return randomIds.secret()
    },
  }
  expect(secretFile(data, 'key', ids)).toBe('x'.repeat(43))
  expect(readFileSync(join(data, 'key'), 'utf8')).toBe(`${'x'.repeat(43)}\n`)
  expect(readdirSync(data)).toEqual(['key'])
})

test('a damaged secret is refused and not replaced, because sign-ins depend on it', () => {
  const data = ownFolder()
  writeFileSync(join(data, 'key'), '')
  expect(() => secretFile(data, 'key', randomIds)).toThrow('is damaged')
})
