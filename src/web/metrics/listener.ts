import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import { type Family, contentTypes, exposition, formatFor } from '../../lib/exposition.ts'

export interface MetricsListener {
  readonly address: AddressInfo
  close(): Promise<void>
}

/** A door of its own for `/metrics`, without a token: whoever reaches it may read. */
export async function listenForMetrics(
  { host, port }: { readonly host: string; readonly port: number },
  collect: () => Promise<Family[]>,
  log: Logger,
): Promise<MetricsListener> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0]
    if (path !== '/metrics' || (request.method !== 'GET' && request.method !== 'HEAD')) {
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('Only /metrics is here.\n')
      return
    }
    const format = formatFor(request.headers.accept)
    collect().then(
      (families) => {
        response.writeHead(200, { 'content-type': contentTypes[format], 'cache-control': 'no-store' })
        response.end(request.method === 'HEAD' ? '' : exposition(families, format))
      },
      (error: unknown) => {
        log.error(error, 'The numbers could not be gathered.')
        response.writeHead(503, { 'content-type': 'text/plain; charset=utf-8' }).end('Not now.\n')
      },
    )
  })
  server.requestTimeout = 10_000
  server.listen(port, host)
  await once(server, 'listening')
  return {
    address: server.address() as AddressInfo,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
