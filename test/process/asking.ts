import { Agent, get } from 'node:http'

export interface Asked {
  answered: number
  /** What went wrong, in words; empty: nothing. */
  readonly failed: string[]
}

/**
 * Asks for one address again and again, on a connection that is kept or on a new one each time, until told to end. Nothing
 * may fail: neither a request on its way, nor a connection that is only being made.
 */
export function asking(url: string, { keeps, everyMs = 0 }: { readonly keeps: boolean; readonly everyMs?: number }) {
  const agent = new Agent({ keepAlive: keeps, maxSockets: 1 })
  const asked: Asked = { answered: 0, failed: [] }
  let ended = false
  const run = async (): Promise<Asked> => {
    while (!ended) {
      const began = performance.now()
      await once(url, agent).then(
        (status) => (status === 200 ? (asked.answered += 1) : asked.failed.push(String(status))),
        (error: unknown) => asked.failed.push(String(error)),
      )
      const rest = everyMs - (performance.now() - began)
      if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest))
    }
    agent.destroy()
    return asked
  }
  const done = run()
  return {
    asked,
    end() {
      ended = true
      return done
    },
  }
}

/** No second attempt: that a client tries again is not our merit. */
function once(url: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      response.resume()
      response.once('end', () => resolve(response.statusCode ?? 0))
      response.once('error', reject)
    }).once('error', reject)
  })
}
