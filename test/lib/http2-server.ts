import { once } from 'node:events'
import { type Http2SecureServer, type ServerHttp2Session, type ServerHttp2Stream, createSecureServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { selfSigned } from './certificate.ts'

/** A server of HTTP/2 on loopback; answers its port. */
export async function http2Server(
  answer: (stream: ServerHttp2Stream, headers: Readonly<Record<string, unknown>>) => void,
  shape: (server: Http2SecureServer) => void = () => undefined,
): Promise<number> {
  const server = createSecureServer({
    ...selfSigned,
    maxSessionMemory: 100,
    maxSendHeaderBlockLength: 1 << 20,
    settings: { maxHeaderListSize: 1 << 20 },
  })
  const sessions = new Set<ServerHttp2Session>()
  server.on('session', (session) => {
    sessions.add(session)
    session.on('error', () => undefined).on('close', () => sessions.delete(session))
  })
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined)
    answer(stream as ServerHttp2Stream, headers)
  })
  server.on('sessionError', () => undefined)
  shape(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const session of sessions) session.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}
