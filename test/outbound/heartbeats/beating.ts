import { createComponent } from '../../../src/domain/components/commands.ts'
import { createProbe } from '../../../src/domain/probes/commands.ts'
import { giveAddress } from '../../../src/domain/probes/heartbeats/commands.ts'
import { hear } from '../../../src/domain/probes/heartbeats/hear.ts'
import { readSignal } from '../../../src/domain/probes/heartbeats/heartbeat.ts'
import { heartbeatOf } from '../../../src/domain/probes/heartbeats/queries.ts'
import type { NewProbe } from '../../../src/domain/probes/input.ts'
import { readVerdict } from '../../../src/domain/probes/verdicts/verdicts.ts'
import { eventsAfter } from '../../../src/domain/changes/log.ts'
import { heartbeatWatch } from '../../../src/outbound/heartbeats/watch.ts'
import type { Deps } from '../../../src/deps.ts'

const ada = { kind: 'operator', id: 'o1', name: 'Ada' } as const

/** A heartbeat of a job, every five minutes with one of patience unless something else is said, and its job. */
export async function beating<Parts extends Pick<Deps, 'db' | 'change' | 'clock'>>(
  parts: Parts,
  settings: Partial<NewProbe> = {},
) {
  const { db, change } = parts
  const componentId = await change(ada, (it) => createComponent(it, { name: 'Backups' }))
  const schedule = settings['cron'] === undefined ? { period: '5m', grace: '1m' } : {}
  const wish = { kind: 'heartbeat', policy: 'publish', ...schedule, ...settings }
  const id = await change(ada, (it) => createProbe(it, { componentId, ...wish }))
  const token = await change(ada, (it) => giveAddress(it, id))
  let watch = heartbeatWatch(parts)
  return {
    componentId,
    id,
    token,
    calls: (word = '', text = '') => hear(parts, { token, signal: readSignal(word)!, text }),
    looks: () => watch.look(),
    /** As a new process would. */
    restarts: () => {
      watch = heartbeatWatch(parts)
      return watch.look()
    },
    heartbeat: async () => (await heartbeatOf(db, id))!,
    verdict: async () => {
      const found = await readVerdict(db, id)
      return [found?.state, found?.since]
    },
    state: async () => (await readVerdict(db, id))?.state,
    incidents: () => db.selectFrom('incidents').select(['began_at', 'over_at']).orderBy('number').execute(),
    events: async (type: string) => (await eventsAfter(db, 0, 1000)).filter((event) => event.type === type),
  }
}
