/** Local servers to be probed, a process of their own: says its addresses, and keeps how long each request took. */
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { type RequestListener, createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { authority } from '../test/lib/authority.ts'

const [scheme = 'http', many = '16', file = ''] = process.argv.slice(2)

/** When the first packet of each connection came. */
const begun = new WeakMap<Socket, number>()
const took: [path: string, at: number, ms: number][] = []

const answer: RequestListener = (request, response) => {
  const { socket } = request
  const raw = (socket as Socket & { _parent?: Socket })._parent ?? socket
  response.once('finish', () => {
    if (scheme === 'https')
      took.push([request.url ?? '', Date.now(), performance.now() - (begun.get(raw) ?? Number.NaN)])
  })
  response.end('well')
}

const addresses: string[] = []
for (let number = 0; number < Number(many); number += 1) {
  const server =
    scheme === 'https' ? createSecureServer(authority().issue({ names: ['127.0.0.1'] }), answer) : createServer(answer)
  server.on('connection', (socket: Socket) => begun.set(socket, performance.now()))
  server.keepAliveTimeout = 1000
  server.listen(0, '127.0.0.1', 1024)
  await once(server, 'listening')
  addresses.push(`${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`)
}
console.log(JSON.stringify(addresses))

process.once('SIGTERM', () => {
  if (file) writeFileSync(file, JSON.stringify(took))
  process.exit(0)
})
