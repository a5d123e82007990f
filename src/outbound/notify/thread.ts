import { type Listening, type Thread, startThread } from '../../lib/thread.ts'
import type { FromWorker, SendingSettings, ToWorker } from './wire.ts'

/** Starts the thread that sends. */
export function startSending(
  settings: SendingSettings,
  listening: Listening<FromWorker>,
  program: URL = new URL('./notify-worker.ts', import.meta.url),
): Thread<ToWorker> {
  return startThread(
    program,
    {
      name: 'notifier',
      workerData: settings,
      // Small, so that a leak ends this thread and not the page.
      resourceLimits: { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 8, stackSizeMb: 2 },
    },
    listening,
  )
}
