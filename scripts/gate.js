// The whole gate: each step only if the one before it passed. `npm test -- <filter>` runs only the tests it names.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const filters = process.argv.slice(2)

const tests = ['tests', 'vitest', ['run', ...filters]]
const steps = [
  ['format', 'prettier', ['--check', '--log-level=warn', '.']],
  ['lint', 'oxlint', ['--type-aware', '--max-warnings=0']],
  ['types', 'tsc', ['-p', '.']],
  ['unused code', 'knip', []],
  ['known weaknesses', process.execPath, [fileURLToPath(new URL('audit.js', import.meta.url))]],
  tests,
]

for (const [name, command, args] of filters.length > 0 ? [tests] : steps) {
  console.log(`\n▸ ${name}: ${command} ${args.join(' ')}`)
  const began = performance.now()
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' })
  if (error) throw error
  if (status !== 0) {
    console.error(`\n✗ The gate stops at ${name}. Nothing after it was run.`)
    process.exit(1)
  }
  console.log(`✓ ${name}, ${((performance.now() - began) / 1000).toFixed(1)} s`)
}
