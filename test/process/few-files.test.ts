import { once } from 'node:events'
import { type Socket, connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startCandor } from './child.ts'

const few = 64
const withFewFiles = ['sh', '-c', `ulimit -n ${few}; exec "$0" "$@"`, process.execPath, 'bin/candor.js'] as const

test('with few files to open it lets in who reads, however many only hold connections', async () => {
  const candor = await startCandor(withFewFiles, { CANDOR_LOG_LEVEL: 'warn' })
  const { hostname, port } = new URL(candor.url)
  const held: Socket[] = []
  onTestFinished(() => held.forEach((socket) => socket.destroy()))
  for (let count = 0; count < 4 * few; count += 1) {
    const socket = connect({ host: hostname, port: Number(port) })
    socket.on('error', () => undefined)
    held.push(socket)
    await once(socket, 'connect')
    if (count % 32 > 0) continue
    // Also what opens the database, and what has to be loaded first.
    expect((await fetch(candor.url, { headers: { connection: 'close' } })).status).toBe(200)
    expect((await fetch(`${candor.url}/admin/sign-in`, { headers: { connection: 'close' } })).status).toBe(200)
  }
  expect((await fetch(`${candor.url}/readyz`)).status).toBe(200)
  expect(candor.child.exitCode).toBeNull()
  expect(candor.logged().match(/as many connections as there may be/g)).toHaveLength(1)
})
