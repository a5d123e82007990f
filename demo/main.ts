/**
 * `npm run demo`: a company that does not exist, with a year of history, on a database that is gone when you stop it, and
 * small services on loopback that its probes watch. One of them fails now and then.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../src/config.ts'
import { wallClock, millisecondsOf } from '../src/lib/clock.ts'
import { serve } from '../src/main.ts'
import { buildDemo, owner } from './build.ts'
import { startServices } from './services.ts'
import { runJob } from './watching.ts'

const folder = mkdtempSync(join(tmpdir(), 'candor-demo-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const url = join(folder, 'candor.db')
const services = await startServices(() => millisecondsOf(wallClock.now()) / 1000)
console.log('Building a company that does not exist, with a year of history…')
const job = await buildDemo({ url, services })
const config = readConfig({
  CANDOR_LOG_LEVEL: 'warn',
  ...process.env,
  CANDOR_DATABASE_URL: url,
  CANDOR_DATA_DIR: folder,
  CANDOR_EGRESS_ALLOW: '127.0.0.0/8',
})
const home = await serve(config, (line) => console.log(line))
if (job !== null) runJob(`${home}/hb/${job}`)
console.log(`The desk: ${home}/admin, as ${owner.email} with the password “${owner.password}”.`)
console.log('The service behind “API” fails for four minutes of every twenty. Stop with Ctrl+C; nothing is kept.')
