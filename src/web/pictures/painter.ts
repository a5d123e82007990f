// Our own Node, with a file of ours and nothing from outside in its arguments.
// oxlint-disable-next-line no-restricted-imports
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Picture } from './picture.ts'
import type { FromPainter, ToPainter } from './wire.ts'

/** Paints pictures in a process that is there only while somebody asks for some. */
export interface Painter {
  paint(picture: Picture): Promise<Buffer>
  close(): void
}

/** Whoever shares an address is followed by a handful of machines within seconds; then for hours by none. */
const idleMs = 10_000

export function createPainter(): Painter {
  const waiting = new Map<number, { resolve(png: Buffer): void; reject(error: Error): void }>()
  let process: ChildProcess | null = null
  let count = 0
  let rest: NodeJS.Timeout | null = null

  function launch(): ChildProcess {
    // No settings of ours, and so no secret: it needs none.
    const launched = fork(fileURLToPath(new URL('./paint.ts', import.meta.url)), [], {
      env: {},
      execArgv: ['--max-semi-space-size=1', '--max-old-space-size=96'],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    launched.on('message', (message) => {
      const { id, png, fault } = message as FromPainter
      const asked = waiting.get(id)
      waiting.delete(id)
      if (png) asked?.resolve(Buffer.from(png.buffer, png.byteOffset, png.byteLength))
      else asked?.reject(new Error(`A picture could not be painted: ${fault}`))
      if (waiting.size === 0) rest = setTimeout(stop, idleMs).unref()
    })
    const gone = (cause?: unknown): void => {
      if (process !== launched) return
      process = null
      fail(new Error('The process that paints pictures is gone.', { cause }))
    }
    launched.on('error', gone)
    launched.on('exit', gone)
    return launched
  }

  function fail(error: Error): void {
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }

  function stop(): void {
    if (rest) clearTimeout(rest)
    process?.kill()
    process = null
  }

  return {
    paint(picture) {
      if (rest) clearTimeout(rest)
      process ??= launch()
      const id = ++count
      const asked = { id, picture } satisfies ToPainter
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        process?.send(asked)
      })
    },
    close() {
      stop()
      fail(new Error('Closed.'))
    },
  }
}
