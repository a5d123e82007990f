import { once } from 'node:events'
import { type AddressInfo, type Server, type Socket, createServer } from 'node:net'
import { onTestFinished } from 'vitest'
import type { CheckDetail } from '../../../src/domain/probes/finding.ts'
import { judged } from '../../../src/domain/probes/verdicts/judging.ts'
import { wallClock } from '../../../src/lib/clock.ts'
import { parseNetwork } from '../../../src/lib/guard.ts'
import { resolver } from '../../../src/lib/resolver.ts'
import type { Circumstances, ProbeKind } from '../../../src/outbound/probing/kind.ts'

/** As a check finds things on loopback, where it may go; names are asked of nobody unless `dnsServers` says so. */
export function circumstances({
  allow = ['127.0.0.1', '::1'],
  dnsServers = ['127.0.0.1:9'],
  timeoutMs = 1500,
} = {}): Circumstances {
  const egress = {
    resolver: resolver({ servers: dnsServers, hostsFile: '/dev/null' }),
    allow: allow.map((text) => parseNetwork(text)!),
  }
  return { egress, timeoutMs, lookUp: 'fresh', signal: new AbortController().signal }
}

/** One check and what it amounts to, where nothing more is expected than what the kind itself does. */
export async function verdictOf<Spec>(
  kind: ProbeKind<Spec>,
  spec: Spec,
  where = circumstances(),
): Promise<CheckDetail> {
  return judged(await kind.check(spec, where), { latencyLimitMs: null, assertions: [] }, wallClock.now())
}

/** A TCP server on loopback; answers its port. */
export async function listening(onConnection: (socket: Socket) => void): Promise<number> {
  return portOf(
    createServer((socket) => {
      socket.on('error', () => undefined)
      onConnection(socket)
    }),
  )
}

export async function portOf(server: Server): Promise<number> {
  const open = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.on('error', () => undefined).on('close', () => open.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** A port on which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
