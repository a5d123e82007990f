import type { Migration } from '../src/database/database.ts'
import { places } from './0003/places.ts'
import { incidentEngine } from './0003/incident-engine.ts'
import { packedChecks } from './0003/checks.ts'
import { metrics } from './0003/metrics.ts'
import { heartbeatTables } from './0003/heartbeats.ts'
import { judgement } from './0003/judgement.ts'
import { probeQuestions } from './0003/questions.ts'
import { probeRequests } from './0003/requests.ts'

/** Every kind of probe, judged from several places: one call for each part. */
export const probesInFull: Migration = {
  name: '0003-probes-in-full',
  async up(db) {
    await probeQuestions(db)
    await probeRequests(db)
    await incidentEngine(db)
    await places(db)
    await judgement(db)
    await heartbeatTables(db)
    await packedChecks(db)
    await metrics(db)
  },
}
