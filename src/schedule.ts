import type { Deps } from './deps.ts'
import type { Job } from './lib/cron.ts'
import type { Publication } from './web/shared/publication.ts'

/** Everything that happens by itself. Each job is safe to run twice and safe to miss. */
export function schedule(deps: Deps, publication: Publication): Job[] {
  return [
    { name: 'publish what happened', every: '* * * * * *', run: () => publication.tick() },
    { name: 'prove that writing works', every: '*/5 * * * * *', run: () => deps.heartbeat.beat() },
  ]
}
