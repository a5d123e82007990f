// Preloaded into the product: listens to what the prober's thread says of itself, and keeps the last word in a file.
import { writeFileSync } from 'node:fs'

process.on('worker', (worker) => {
  worker.on('message', (message) => {
    if (message.type === 'beat')
      writeFileSync(process.env.BENCH_TAP, JSON.stringify({ at: Date.now(), ...message.vitals }))
  })
})
