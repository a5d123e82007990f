import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { probeIfThere } from '../../../src/domain/probes/queries.ts'
import { readQuestion } from '../../../src/domain/probes/rules.ts'
import { readVerdict } from '../../../src/domain/probes/verdicts/verdicts.ts'
import { listening } from './circumstances.ts'
import { liveWorld, until, watches } from './live.ts'

/** A Redis that wants a password, and takes PING. */
function cache(password: string) {
  return (socket: Socket): void => {
    socket.on('data', (chunk: Buffer) => {
      const said = chunk.toString()
      if (said.includes('AUTH')) socket.write(said.includes(password) ? '+OK\r\n' : '-WRONGPASS\r\n')
      else socket.write('+PONG\r\n')
    })
  }
}

test('a sealed password opens where the check is made, and nowhere else', { timeout: 40_000 }, async () => {
  const it = await liveWorld()
  const password = 'canary-sesame'
  const port = await listening(cache(password))
  const { probeId } = await watches(it, 'Cache', { kind: 'redis', host: '127.0.0.1', port, password })
  await until('it is up', async () => (await readVerdict(it.db, probeId))?.state === 'up')
  expect(JSON.stringify(await probeIfThere(it.db, probeId))).not.toContain(password)
  const rows = await it.db.selectFrom('probes').selectAll().where('id', '=', probeId).execute()
  const events = await it.db.selectFrom('events').selectAll().orderBy('seq').execute()
  expect(JSON.stringify([rows, events])).not.toContain(password)
})

test('a dialogue that goes another way is a failure, and comes back as one', { timeout: 40_000 }, async () => {
  const { prober } = await liveWorld()
  const port = await listening((socket) => socket.end('554 go away\r\n'))
  const question = readQuestion({ kind: 'tcp', host: '127.0.0.1', port, speaks: 'smtp' })
  expect(await prober.testNow(question)).toMatchObject({ outcome: 'fail', reason: 'unexpected' })
})
