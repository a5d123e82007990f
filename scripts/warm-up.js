// For the container: makes the bundle and starts it once on an empty page, so that its first start is as quick as its second.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { root } from './runtime.js'

const folder = mkdtempSync(join(tmpdir(), 'candor-'))
const candor = spawn(process.execPath, [join(root, 'bin/candor.js')], {
  env: { ...process.env, CANDOR_DATA_DIR: folder, CANDOR_HOST: '127.0.0.1', CANDOR_PORT: '0' },
  stdio: ['ignore', 'pipe', 'inherit'],
})
candor.once('exit', (code) => {
  rmSync(folder, { recursive: true })
  process.exitCode = code ?? 1
})
for await (const line of createInterface(candor.stdout)) {
  const heard = /\(listening on (\S+)\)/.exec(line)?.[1]
  if (heard === undefined) continue
  const page = await fetch(`http://${heard}`)
  console.log(`It answers ${page.status}.`)
  // What was compiled is kept when it stops.
  candor.kill('SIGINT')
}
