import { once } from 'node:events'
import { type RequestListener, createServer } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import { onTestFinished } from 'vitest'
import type { CheckDetail } from '../../../../src/domain/probes/finding.ts'
import { judged } from '../../../../src/domain/probes/judging.ts'
import { type ProbeQuestion } from '../../../../src/domain/probes/input.ts'
import { readQuestion } from '../../../../src/domain/probes/rules.ts'
import { parseNetwork } from '../../../../src/lib/guard.ts'
import { resolver } from '../../../../src/lib/resolver.ts'
import { loadKind } from '../../../../src/outbound/probing/kinds/index.ts'
import { nameServer } from '../../../lib/name-server.ts'

/** Asks once, as the worker would, from a machine that may reach itself; every name that ends in `.test` is on it. */
export async function checked(question: ProbeQuestion, allow = ['127.0.0.1']): Promise<CheckDetail> {
  const names = await nameServer((name) => (name.endsWith('.test') ? ['127.0.0.1'] : 'absent'))
  const egress = {
    resolver: resolver({ servers: [names.address] }),
    allow: allow.map((text) => parseNetwork(text)!),
  }
  const { kind, spec, expects, timeoutMs } = readQuestion({ timeoutMs: 2000, ...question })
  const way = await loadKind(kind)!
  const { signal } = new AbortController()
  return judged(await way.check(spec, { egress, timeoutMs, lookUp: 'fresh', signal }), expects)
}

/** Listens on loopback until the test ends; answers the port. */
export async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    if ('closeAllConnections' in server) (server.closeAllConnections as () => void)()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** A web server on loopback; answers its origin. */
export async function webServer(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listening(createServer(listener))}`
}
