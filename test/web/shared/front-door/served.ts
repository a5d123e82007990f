import type { RequestListener } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import Fastify from 'fastify'
import { onTestFinished } from 'vitest'
import { preferredForm } from '../../../../src/web/markdown/negotiate.ts'
import { type Document, type Rendered, answer, toDocument } from '../../../../src/web/shared/document.ts'
import { type Listener, createListener } from '../../../../src/web/shared/listener.ts'

export interface Served {
  readonly listener: Listener
  readonly port: number
  /** Connections by the port of the client, until somebody looks at them. */
  readonly accepted: Map<number, Socket>
}

const rendered: Readonly<Record<string, Rendered>> = {
  '/': {
    contentType: 'text/html; charset=utf-8',
    body: '<p>All systems work.</p>'.repeat(200),
    headers: { 'content-security-policy': "default-src 'none'", 'x-frame-options': 'DENY' },
  },
  '/index.md': { contentType: 'text/markdown; charset=utf-8', body: 'All systems work.' },
  '/summary.json': {
    contentType: 'application/json; charset=utf-8',
    body: '{"status":"ok"}',
    headers: { 'access-control-allow-origin': '*', 'cache-control': 'max-age=10' },
  },
  '/caf%C3%A9': { contentType: 'text/plain; charset=utf-8', body: 'café' },
  '/badge.png': { contentType: 'image/png', body: Buffer.from([137, 80, 78, 71, 13, 10, 26, 10, 0]) },
  '/en/': { contentType: 'text/plain; charset=utf-8', body: '', status: 302, headers: { location: '/' } },
  '/large': { contentType: 'text/plain; charset=utf-8', body: 'large '.repeat(20_000) },
}

export async function documentsByPath(): Promise<ReadonlyMap<string, Document>> {
  const entries = Object.entries(rendered).map(async ([path, one]) => [path, await toDocument(path, one)] as const)
  return new Map(await Promise.all(entries))
}

/** The same documents through the front door, in front of Fastify's routing, or through the same Fastify. */
export async function serveDocuments(
  documents: ReadonlyMap<string, Document>,
  frontDoor: 'on' | 'in front of routing' | 'off' | 'off, read as a stream',
): Promise<Served> {
  const listener = createListener({
    // Where nothing is ready, Fastify finds it and answers.
    find: (path) => (frontDoor.startsWith('off') ? undefined : documents.get(path)),
    frontDoor: frontDoor === 'on',
    trustProxy: [],
  })
  const accepted = new Map<number, Socket>()
  listener.server.prependListener('connection', (socket) => accepted.set(socket.remotePort ?? 0, socket))
  // Somebody else who listens keeps Node from taking what comes straight from the kernel.
  if (frontDoor === 'off, read as a stream') {
    listener.server.on('connection', (socket) => socket.on('data', () => undefined))
  }
  const app = Fastify({
    serverFactory: (handler: RequestListener) => listener.attach(handler),
    // As the product does: one address has two forms.
    rewriteUrl: ({ url = '/', headers }) => preferredForm(url, headers.accept),
  })
  app.get('/*', async (request, reply) => {
    const document = documents.get(request.url)
    return document ? answer(request, reply, document) : reply.code(404).type('text/plain').send('Not here.\n')
  })
  app.post('/*', async (request) => ({ said: request.body ?? null }))
  await app.ready()
  listener.open()
  await listener.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(async () => {
    await listener.leave({ keepListening: 0, idle: 0, underWay: 0 })
    await app.close()
  })
  return { listener, port: (listener.server.address() as AddressInfo).port, accepted }
}
