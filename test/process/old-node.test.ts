import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join, sep } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)

/** The Node a machine came with, not the one the project brings. */
const machines = (process.env['PATH'] ?? '')
  .split(delimiter)
  .filter((folder) => !folder.includes(`node_modules${sep}.bin`))
  .map((folder) => join(folder, 'node'))
  .find((file) => existsSync(file))

// `npm test` never got as far as its first test on Node 20: a name that its `node:module` lacks was imported by all.
test.skipIf(!machines)(
  'the machine’s own Node understands what starts a fresh clone (skipped where it has none)',
  async () => {
    const code = ['install', 'product', 'bundle', 'runtime']
      .map((name) => `await import('./scripts/${name}.js')`)
      .join('\n')
    const { stderr } = await run(machines ?? '', ['--input-type=module', '--eval', code])
    expect(stderr).toBe('')
  },
)
