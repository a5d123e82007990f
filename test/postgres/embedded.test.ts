import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

test('a run that failed says so, although it used PostgreSQL', () => {
  const run = `
    const { loadEmbeddedPostgres } = await import('./test/postgres/embedded.ts')
    await loadEmbeddedPostgres()
    process.exitCode = 3`
  expect(spawnSync(process.execPath, ['--input-type=module', '-e', run]).status).toBe(3)
})
