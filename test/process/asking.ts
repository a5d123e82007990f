import { type Socket, connect } from 'node:net'

export interface Asked {
  answered: number
  /** What went wrong, in words; empty: nothing. */
  readonly failed: string[]
}

/**
 * Asks for one address again and again, on a connection that is kept or on a new one each time, until told to end. Nothing
 * may fail: neither a request on its way, nor a connection that is only being made. By hand, because Node's client needs
 * three times as long for each: two thousand a second beside the server that is asked would be half a core of a machine.
 */
export function asking(url: string, { keeps, everyMs = 0 }: { readonly keeps: boolean; readonly everyMs?: number }) {
  const asked: Asked = { answered: 0, failed: [] }
  let ended = false
  let kept: Socket | null = null
  const run = async (): Promise<Asked> => {
    let due = performance.now()
    while (!ended) {
      const socket = kept ?? connection(url, () => (kept = null))
      await once(url, socket, keeps ? 'keep-alive' : 'close').then(
        ({ status, stays }) => {
          kept = stays && !socket.destroyed ? socket : null
          if (!stays) socket.destroy()
          if (status === 200) asked.answered += 1
          else asked.failed.push(String(status))
        },
        (error: unknown) => {
          kept = null
          asked.failed.push(String(error))
        },
      )
      // From when it was due, and not from when it was asked: who comes late once does not ask for less.
      due += everyMs
      const rest = due - performance.now()
      if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest))
    }
    kept?.destroy()
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

/** One that the server closes while nothing is asked on it is not used again. */
function connection(url: string, closed: () => void): Socket {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  return socket.on('end', closed).on('close', closed).on('error', closed)
}

interface Answered {
  readonly status: number
  /** Whether the server lets the connection be used again. */
  readonly stays: boolean
}

/** No second attempt: that a client tries again is not our merit. */
function once(url: string, socket: Socket, mode: 'keep-alive' | 'close'): Promise<Answered> {
  const { host, pathname } = new URL(url)
  return new Promise((resolve, reject) => {
    let heard = ''
    const over = (work: () => void): void => {
      socket.off('data', hear).off('error', fail).off('close', gone)
      work()
    }
    const hear = (bytes: Buffer): void => {
      // A character for each byte, so that lengths are those of the wire.
      heard += bytes.toString('latin1')
      const end = heard.indexOf('\r\n\r\n')
      if (end === -1) return
      const head = heard.slice(0, end)
      const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1]
      if (length === undefined) return over(() => reject(new Error(`An answer without a length: ${head}`)))
      if (heard.length < end + 4 + Number(length)) return
      over(() => resolve({ status: Number(head.slice(9, 12)), stays: !/\r\nconnection: close/i.test(head) }))
    }
    const fail = (error: Error): void => over(() => reject(error))
    const gone = (): void => fail(new Error('The connection was closed before it was answered.'))
    socket.on('data', hear).on('error', fail).on('close', gone)
    socket.write(`GET ${pathname} HTTP/1.1\r\nhost: ${host}\r\nconnection: ${mode}\r\n\r\n`)
  })
}
