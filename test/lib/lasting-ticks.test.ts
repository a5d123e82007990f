import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const alone = fileURLToPath(new URL('ticks-alone.ts', import.meta.url))

test('one tick outlives every collection, and with it the shape of all', async () => {
  // Whoever listened in this process before asked for it already.
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', alone])
  expect(JSON.parse(stdout)).toEqual({ common: [false], lasting: [true], askedAgain: 0 })
})
