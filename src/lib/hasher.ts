import { parentPort } from 'node:worker_threads'
import { hashSync, verifySync } from '@node-rs/argon2'
import { giveWay } from './give-way.ts'
import type { Hashing } from './hashing.ts'

// A thread of its own, and not one of the pool that files and names are read with: it gives way to readers.
giveWay()
parentPort?.on('message', (asked: Hashing) => {
  try {
    parentPort?.postMessage({
      done: 'options' in asked ? hashSync(asked.password, asked.options) : verifySync(asked.hash, asked.password),
    })
  } catch (error) {
    parentPort?.postMessage({ failed: error instanceof Error ? error.message : 'unknown' })
  }
})
