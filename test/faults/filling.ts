/** A thread that fills its memory as soon as it is told anything: the real one, and a real end of it. */
export const filling = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from 'node:worker_threads'
    parentPort.once('message', () => {
      const all = []
      for (;;) all.push(Array.from({ length: 1000 }, (_, index) => ({ index })))
    })
  `)}`,
)
