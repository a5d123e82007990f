import type { Change } from '../src/domain/changes/change.ts'
import { createProbe } from '../src/domain/probes/commands.ts'
import { giveAddress } from '../src/domain/probes/heartbeats/commands.ts'

const everyMs = 60_000

/** A job that calls every minute, and is missed when it does not. Answers the secret part of its address. */
export async function awaitJob(change: Change, componentId: string): Promise<string> {
  const id = await createProbe(change, {
    componentId,
    kind: 'heartbeat',
    name: 'Export of the night’s reports',
    period: '1m',
    grace: '2m',
    policy: 'draft-then-publish',
    publishAfterSeconds: 60,
  })
  return giveAddress(change, id)
}

/** The job: it says when it begins and how it went, with its last line, until the demo stops. */
export function runJob(address: string): void {
  const run = async (): Promise<void> => {
    await fetch(`${address}/start`, { method: 'POST' })
    await fetch(`${address}/0`, { method: 'POST', body: '1,204 reports written.\n' })
  }
  const again = (): void => void run().catch(() => console.log('The job of the demo could not call.'))
  again()
  setInterval(again, everyMs).unref()
}
