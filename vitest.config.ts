import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { defineConfig } from 'vitest/config'

const root = import.meta.dirname
const browser = 'test/browser/**/*.test.ts'
const tests = globSync('test/**/*.test.ts', { cwd: root }).filter((file) => !file.startsWith('test/browser/'))

// No folder or suffix to remember: a test that reaches test/database.ts through its imports needs a database, and
// runs on SQLite (`app`) and on PostgreSQL (`postgres`). All others run once (`unit`).
const app = tests.filter((file) => reachesDatabase(file))
const unit = tests.filter((file) => !app.includes(file))

export default defineConfig({
  test: {
    pool: 'forks',
    // Each test has a world of its own, so files can share what is loaded; and many wait for a process or a socket.
    isolate: false,
    maxWorkers: 3,
    // So that what hangs ends some time. What is merely slow, on a machine with other things to do, is no fault.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      { extends: true, test: { name: 'unit', include: unit } },
      { extends: true, test: { name: 'app', include: app } },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: app,
          globalSetup: ['test/postgres/server.ts'],
          setupFiles: ['test/postgres/use.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: [browser],
          globalSetup: ['test/browser/unpack.ts'],
        },
      },
    ],
  },
})

function reachesDatabase(file: string, seen = new Set<string>()): boolean {
  if (file === 'test/database.ts') return true
  if (seen.has(file) || !existsSync(join(root, file))) return false
  seen.add(file)
  const imports = [...readFileSync(join(root, file), 'utf8').matchAll(/^import [^'"]*from '(\.{1,2}\/[^']+\.ts)'/gm)]
  return imports
    .map(([, path = '']) => relative(root, join(root, dirname(file), path)))
    .some((path) => path.startsWith('test/') && reachesDatabase(path, seen))
}
