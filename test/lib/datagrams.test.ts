import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { NetworkError } from '../../src/lib/connection.ts'
import { openDatagrams } from '../../src/lib/datagrams.ts'

const never = new AbortController().signal

test('a packet goes there, and the answer comes back', async () => {
  const server = createSocket('udp4')
  server.on('message', (packet, from) => server.send(`heard ${packet.toString()}`, from.port, from.address))
  server.bind(0, '127.0.0.1')
  await once(server, 'listening')
  const datagrams = await openDatagrams('127.0.0.1', server.address().port, never)
  datagrams.send(Buffer.from('hello'))
  expect(await datagrams.hear((packet) => packet.toString())).toBe('heard hello')
  datagrams.close()
  server.close()
})

test('where no way leads there is nothing to send on, and nothing stays open', async () => {
  const open = () => process.getActiveResourcesInfo().filter((name) => name.startsWith('UDP')).length
  const before = open()
  // Without its interface, an address of the link leads nowhere.
  await expect(openDatagrams('fe80::1', 53, never)).rejects.toBeInstanceOf(NetworkError)
  const gone = AbortSignal.abort(new Error('The prober stops.'))
  await expect(openDatagrams('127.0.0.1', 53, gone)).rejects.toMatchObject({ fault: 'stopped' })
  await expect.poll(open).toBeLessThanOrEqual(before)
})
