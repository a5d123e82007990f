import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// Types are stripped and code is compiled once, not at each start. The cache is code: it lies beside the packages, not in a
// folder where anybody may write. Where that may not be written, there is none.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/candor', import.meta.url)))

// Whatever is written here, databases and copies of them, is for this user only.
process.umask(0o077)

const { run } = await import('./cli.ts')
process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  say: (line) => console.log(line),
  tell: (line) => console.error(line),
})
