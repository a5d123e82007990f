import { once } from 'node:events'
import { getPriority } from 'node:os'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'

const code = `
  import { readlinkSync } from 'node:fs'
  import { getPriority } from 'node:os'
  import { parentPort } from 'node:worker_threads'
  import { giveWay } from ${JSON.stringify(new URL('../../src/lib/give-way.ts', import.meta.url).href)}
  giveWay()
  parentPort.postMessage(getPriority(Number(readlinkSync('/proc/thread-self').split('/').pop())))
`

test.skipIf(process.platform !== 'linux')(
  'a thread gives way, and the one beside it does not (skipped where threads have no priority of their own)',
  async () => {
    const before = getPriority()
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`))
    const [priority] = (await once(worker, 'message')) as [number]
    await worker.terminate()
    expect(priority).toBe(Math.max(before, 10))
    expect(getPriority()).toBe(before)
  },
)
