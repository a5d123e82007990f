import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Small real services on loopback, for the demo's probes to watch. */
export interface Services {
  readonly steady: string
  readonly slow: string
  readonly shaky: string
  /** The status page of a supplier, which admits trouble for a while of each hour. */
  readonly supplier: string
  close(): void
}

/** `shaky` fails for four minutes of every twenty, by the clock of the machine: long enough to be noticed and told. */
const round = 20 * 60
const broken = 4 * 60
const hour = 3600
const troubled = 6 * 60

export async function startServices(secondsNow: () => number): Promise<Services> {
  const steady = await listen((respond) => respond(200, 'ok'))
  const slow = await listen((respond) => setTimeout(() => respond(200, 'ok'), 120))
  const shaky = await listen((respond) => {
    const failing = secondsNow() % round >= round - broken
    respond(failing ? 503 : 200, failing ? 'no' : 'ok')
  })
  const supplier = await listen((respond) => {
    const indicator = secondsNow() % hour < troubled ? 'minor' : 'none'
    respond(200, JSON.stringify({ page: { id: 'meridian' }, status: { indicator }, components: [] }))
  })
  return {
    steady: steady.url,
    slow: slow.url,
    shaky: shaky.url,
    supplier: new URL('/', supplier.url).href,
    close: () => [steady, slow, shaky, supplier].forEach((service) => service.close()),
  }
}

async function listen(handle: (respond: (status: number, body: string) => void) => void) {
  const server = createServer((_, response) =>
    handle((status, body) => response.writeHead(status, { 'content-type': 'text/plain' }).end(body)),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/health`, close: () => server.close() }
}
