import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, onTestFinished, test } from 'vitest'
import { type Document, toDocument } from '../../../src/web/shared/document.ts'
import { createListener } from '../../../src/web/shared/listener.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Megabytes of the heap that cannot be collected. */
function held(): number {
  collect()
  return process.memoryUsage().heapUsed / 1024 / 1024
}

const paths = Array.from({ length: 40 }, (_, index) => `/page-${index}`)

async function serving(): Promise<number> {
  const documents = new Map<string, Document>()
  for (const path of paths) documents.set(path, await toDocument(path, { contentType: 'text/plain', body: path }))
  const listener = createListener({ find: (path) => documents.get(path), frontDoor: false, trustProxy: [] })
  await listener.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => void listener.server.close())
  return (listener.server.address() as AddressInfo).port
}

test('a stranger who asks for each page in many long manners of their own has the server keep none of them', async () => {
  const port = await serving()
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  onTestFinished(() => agent.destroy())
  const ask = async (path: string, tag: string): Promise<number | undefined> => {
    const asking = request({ port, path, agent, headers: { 'if-none-match': `"${tag}"` } })
    const [answer] = (await once(asking.end(), 'response')) as [IncomingMessage]
    answer.resume()
    await once(answer, 'end')
    return answer.statusCode
  }
  for (const path of paths) expect(await ask(path, 'a first time')).toBe(200)
  const before = held()
  for (const path of paths)
    for (let each = 0; each < 60; each += 1) await ask(path, `${each}${path}`.repeat(2000).slice(0, 14_000))
  // Of the 33 MB that were sent.
  expect(held() - before).toBeLessThan(8)
  for (const path of paths) for (let each = 0; each < 120; each += 1) await ask(path, `${each}${path}`.repeat(20))
  expect(held() - before).toBeLessThan(8)
}, 240_000)
