// The whole gate: what is checked without running it, side by side, then the tests if all of that passed.
// `npm test -- <filter>` runs only the tests it names.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const filters = process.argv.slice(2)

const checks = [
  // One core is busy for as long with this as with all others. What has not changed since it passed is not read again.
  ['format', 'prettier', ['--check', '--log-level=warn', '--cache', '--cache-strategy=content', '.']],
  ['lint', 'oxlint', ['--type-aware', '--max-warnings=0']],
  ['types', 'tsc', ['-p', '.']],
  ['unused code', 'knip', []],
  ['known weaknesses', process.execPath, [fileURLToPath(new URL('audit.js', import.meta.url))]],
]
const tests = ['tests', 'vitest', ['run', ...filters]]

if (filters.length === 0) {
  const failed = (await Promise.all(checks.map((step) => passes(step, 'pipe')))).filter((name) => name !== null)
  if (failed.length > 0) stop(failed.join(', '))
}
if ((await passes(tests, 'inherit')) !== null) stop('tests')

/** The name of what failed. What one of several says is shown when it has ended. */
async function passes([name, command, args], stdio) {
  const title = `\n▸ ${name}: ${command} ${args.join(' ')}`
  if (stdio === 'inherit') console.log(title)
  const began = performance.now()
  const child = spawn(command, args, { cwd: root, stdio: ['inherit', stdio, stdio] })
  const said = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes) => said.push(bytes))
  const status = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
  if (stdio === 'pipe') console.log(`${title}\n${Buffer.concat(said)}`.trimEnd())
  console.log(`${status === 0 ? '✓' : '✗'} ${name}, ${((performance.now() - began) / 1000).toFixed(1)} s`)
  return status === 0 ? null : name
}

function stop(name) {
  console.error(`\n✗ The gate stops at ${name}. Nothing after it was run.`)
  process.exit(1)
}
