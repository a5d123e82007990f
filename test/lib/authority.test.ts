import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { authority } from './authority.ts'

const ca = authority()

test.each([
  ['valid', { names: ['shop.test'] }, null],
  ['expired', { names: ['shop.test'], from: -30, until: -1 }, 'CERT_HAS_EXPIRED'],
  ['not yet valid', { names: ['shop.test'], from: 1 }, 'CERT_NOT_YET_VALID'],
  ['of another name', { names: ['other.test'] }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
])('a certificate that is %s is held for it', async (_name, wishes, fault) => {
  const server = createServer(ca.issue(wishes), (socket) => socket.end())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const socket = connect({ port, host: '127.0.0.1', servername: 'shop.test', ca: ca.cert, rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  expect(socket.authorizationError?.toString() ?? null).toEqual(fault && expect.stringContaining(fault))
  socket.destroy()
})
