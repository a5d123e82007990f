import { run } from './cli.ts'

// Whatever is written here, databases and copies of them, is for this user only.
process.umask(0o077)

const code = await run(process.argv.slice(2), {
  env: process.env,
  say: (line) => console.log(line),
  tell: (line) => console.error(line),
})
// What failed may have begun to listen or to check: it ends all the same.
if (code !== 0) process.exit(code)
