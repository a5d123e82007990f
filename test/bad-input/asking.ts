import { Agent, type IncomingHttpHeaders, request } from 'node:http'

/** One request, written so that it can be sent again by hand. */
export interface Ask {
  /** What it was made from. */
  readonly of: string
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Asker {
  ask(one: Ask): Promise<Answer>
  close(): void
}

/** Over real connections, kept for the next request as browsers do. */
export function asker(port: number): Asker {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 })
  const once = (one: Ask): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const sent = request(
        {
          host: '127.0.0.1',
          port,
          agent,
          method: one.method,
          path: one.path,
          headers: { ...one.headers },
          setHost: !('host' in one.headers),
        },
        (answer) => {
          const parts: Buffer[] = []
          answer.on('data', (part: Buffer) => parts.push(part))
          answer.on('error', reject)
          answer.on('end', () =>
            resolve({
              status: answer.statusCode ?? 0,
              headers: answer.headers,
              body: Buffer.concat(parts).toString('utf8'),
            }),
          )
        },
      )
      sent.setTimeout(20_000, () => sent.destroy(new Error('There was no answer within 20 seconds.')))
      sent.on('error', reject)
      const body = one.body ?? ''
      if (body.length > 0 && !('transfer-encoding' in one.headers))
        sent.setHeader('content-length', Buffer.byteLength(body))
      sent.end(body)
    })
  // A connection that was refused before its body was read is closed, and may take the answer with it: then again.
  const twice = (one: Ask): Promise<Answer> =>
    once(one).catch((error: NodeJS.ErrnoException) =>
      error.code === 'EPIPE' || error.code === 'ECONNRESET' ? once(one) : Promise.reject(error),
    )
  return {
    async ask(one) {
      // On a machine that is busy with other tests it may be told to come back, and is no fault of what was sent.
      for (let attempt = 0; attempt < 5000; attempt += 1) {
        const answer = await twice(one)
        if (!(answer.status === 503 && isShed(answer.body, answer.headers))) return answer
      }
      throw new Error('There was too much to do for very long.')
    },
    close: () => agent.destroy(),
  }
}

/** Whether it was refused because there is too much to do: see web/shared/pressure.ts. */
export function isShed(text: string, headers: IncomingHttpHeaders = {}): boolean {
  // The search says it in the reader's language, and to HEAD in no words. One that failed stands in the log, which is watched.
  const isSearch = headers['retry-after'] !== undefined && (text === '' || text.includes('/history/search'))
  return isSearch || /There is too much to do just now|Many people are looking at once/.test(text)
}
