/** Preloaded into the product: hears what the prober's thread says of itself, and keeps the last word in a file. */
import { writeFileSync } from 'node:fs'
import type { Worker } from 'node:worker_threads'
import { wallClock } from '../src/lib/clock.ts'
import type { FromWorker } from '../src/outbound/probing/wire.ts'

process.on('worker', (worker: Worker) => {
  worker.on('message', (message: FromWorker) => {
    if (message.type !== 'beat') return
    const said = { at: Date.parse(wallClock.now()), ...message.vitals }
    writeFileSync(process.env['BENCH_TAP'] ?? '/dev/null', JSON.stringify(said))
  })
})
