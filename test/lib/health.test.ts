import { expect, test } from 'vitest'
import { roomOf } from '../../src/lib/disk.ts'
import { Conflict } from '../../src/lib/errors.ts'
import { createHealth } from '../../src/lib/health.ts'

test('each part says how it is, and one that fails does not hide the others', async () => {
  const failed: string[] = []
  const health = createHealth((part, error) => failed.push(`${part}: ${String(error)}`))
  health.watch('well', () => null)
  health.watch('ill', () => Promise.resolve('nothing could be written for 20 seconds'))
  health.watch('broken', () => {
    throw new Error('SQLITE_ERROR: no such table: /srv/secret')
  })
  health.watch('locked', () => {
    throw new Conflict('Another program holds it.')
  })
  expect(await health.parts()).toEqual({
    well: null,
    ill: 'nothing could be written for 20 seconds',
    broken: 'it could not be looked at; the log says why',
    locked: 'Another program holds it.',
  })
  expect(failed).toEqual(['broken: Error: SQLITE_ERROR: no such table: /srv/secret'])
})

test('a part that does not answer is not well', async () => {
  const health = createHealth()
  health.watch('silent', () => new Promise(() => {}))
  expect(await health.parts()).toEqual({ silent: 'no answer within 2 seconds' })
})

const gigabyte = 1024 ** 3
test.each([
  [10 * gigabyte, 20 * gigabyte, null],
  [0.9 * gigabyte, 20 * gigabyte, 'only 922 MB (4.5 %) are free'],
  [3 * gigabyte, 1000 * gigabyte, null],
  [1 * gigabyte, 1000 * gigabyte, 'only 1024 MB (0.1 %) are free'],
  [0, 0, null],
])('%i bytes of %i free: %s', (freeBytes, totalBytes, problem) => {
  expect(roomOf({ freeBytes, totalBytes }).problem).toBe(problem)
})
