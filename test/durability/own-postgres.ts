import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadEmbeddedPostgres } from '../postgres/embedded.ts'
import { freePort } from '../free-port.ts'

/** A PostgreSQL that may be killed: nobody else uses it. */
export interface OwnPostgres {
  readonly url: string
  /** As a power cut of its machine would, but for the disk. */
  kill(): void
  start(): Promise<void>
  stop(): Promise<void>
}

export async function ownPostgres(): Promise<OwnPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'candor-own-postgres-'))
  // Started by root, PostgreSQL runs as a user of its own, who must be able to come here.
  chmodSync(folder, 0o711)
  const data = join(folder, 'data')
  const port = await freePort()
  const said: string[] = []
  const EmbeddedPostgres = await loadEmbeddedPostgres()
  const made = () =>
    new EmbeddedPostgres({
      databaseDir: data,
      port,
      user: 'candor',
      password: 'candor',
      persistent: true,
      createPostgresUser: process.getuid?.() === 0,
      initdbFlags: ['--encoding=UTF8', '--no-locale', '--no-sync'],
      postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'shared_buffers=32MB'],
      onLog: (line) => void said.push(String(line)),
      onError: (line) => void said.push(String(line)),
    })
  let postgres = made()
  await postgres.initialise()
  await postgres.start()
  return {
    url: `postgres://candor:candor@127.0.0.1:${port}/postgres`,
    kill() {
      const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0])
      process.kill(pid, 'SIGKILL')
    },
    async start() {
      postgres = made()
      await postgres.start()
    },
    async stop() {
      await postgres.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
