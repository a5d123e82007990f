import { run } from './cli.ts'

// Whatever is written here, databases and copies of them, is for this user only.
process.umask(0o077)

process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  say: (line) => console.log(line),
  tell: (line) => console.error(line),
})
