import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, type Server, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

export interface Canary {
  readonly port: number
  /** What reached it so far: a connection, a packet or a ping, each as an address. */
  reached(): string[]
}

/** Listens to TCP and UDP on one port of several addresses of this machine, and stands in for its `ping`. */
export async function canary(addresses: readonly string[]): Promise<Canary> {
  const seen: string[] = []
  const first = await tcpOn(addresses[0] as string, 0, seen)
  const { port } = first.address() as AddressInfo
  for (const address of addresses.slice(1)) await tcpOn(address, port, seen)
  for (const address of addresses) await udpOn(address, port, seen)
  const pings = pinging()
  return { port, reached: () => [...seen, ...pings()] }
}

async function tcpOn(address: string, port: number, seen: string[]): Promise<Server> {
  const server = createServer((socket) => {
    seen.push(`tcp ${address}`)
    socket.on('error', () => undefined)
    socket.destroy()
  })
  server.listen(port, address)
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return server
}

async function udpOn(address: string, port: number, seen: string[]): Promise<void> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4')
  socket.on('message', () => seen.push(`udp ${address}`))
  socket.bind(port, address)
  await once(socket, 'listening')
  onTestFinished(() => void socket.close())
}

/** A `ping` that writes down whom it was sent to, and says that nobody was there. */
function pinging(): () => string[] {
  const folder = mkdtempSync(join(tmpdir(), 'candor-canary-'))
  const asked = join(folder, 'asked')
  const program = join(folder, 'ping')
  const path = process.env['PATH'] ?? ''
  writeFileSync(
    program,
    `#!/bin/sh\nfor last; do :; done\necho "ping $last" >> ${asked}\necho '1 packets transmitted, 0 received'\n`,
  )
  chmodSync(program, 0o755)
  process.env['PATH'] = `${folder}:${path}`
  onTestFinished(() => {
    process.env['PATH'] = path
    rmSync(folder, { recursive: true, force: true })
  })
  return () => (existsSync(asked) ? readFileSync(asked, 'utf8').trim().split('\n') : [])
}
