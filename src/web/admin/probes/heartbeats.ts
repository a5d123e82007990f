import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { latestChecks } from '../../../domain/probes/checks/checks.ts'
import { giveAddress } from '../../../domain/probes/heartbeats/commands.ts'
import { heartbeatOf } from '../../../domain/probes/heartbeats/queries.ts'
import type { Probe } from '../../../domain/probes/probe.ts'
import { readProbe } from '../../../domain/probes/queries.ts'
import { latestState } from '../../../domain/probes/verdicts/states.ts'
import { readVerdict } from '../../../domain/probes/verdicts/verdicts.ts'
import { later } from '../../../lib/clock.ts'
import { NotFound } from '../../../lib/errors.ts'
import { operators } from '../../shared/access.ts'
import { type Desk, signedIn } from '../desk.ts'
import { findingInWords } from './evidence.ts'
import { callingLines } from './heartbeat-lines.ts'
import type { HeartbeatPage } from '../models.ts'
import { leadToOnce, shownOnce } from '../shown-once.ts'

const twoHours = 7200

export function heartbeatRoutes(face: FastifyInstance, desk: Desk): void {
  const show = async (request: FastifyRequest, reply: FastifyReply, token: string | null): Promise<FastifyReply> => {
    const { id = '' } = request.params as { id?: string }
    const probe = await readProbe(desk.db, id)
    const heartbeat = await heartbeatOf(desk.db, id)
    if (!heartbeat) throw new NotFound('This probe asks by itself: nothing has to call.')
    const model: HeartbeatPage = {
      probe,
      heartbeat,
      verdict: probe.pausedAt ? 'paused' : ((await readVerdict(desk.db, id))?.state ?? 'unknown'),
      address: token === null ? null : `${desk.config.url}/hb/${token}`,
      lines: callingLines(token === null ? `${desk.config.url}/hb/…` : `${desk.config.url}/hb/${token}`),
      checks: await heardOf(desk, probe),
    }
    return desk.show(request, reply, 'admin/probes/heartbeat', { title: probe.name, model })
  }

  face.get('/probes/:id/heartbeat', { config: { access: operators('probe') } }, (request, reply) =>
    show(request, reply, shownOnce<string>(request, reply, desk, pageOf(request))),
  )

  face.post('/probes/:id/heartbeat', { config: { access: operators('probe') } }, async (request, reply) => {
    const { id = '' } = request.params as { id?: string }
    const token = await desk.change(signedIn(request).actor, (it) => giveAddress(it, id))
    return leadToOnce(request, reply, desk, { page: pageOf(request), what: token })
  })
}

function pageOf(request: FastifyRequest): string {
  return `/admin/probes/${(request.params as { readonly id: string }).id}/heartbeat`
}

async function heardOf({ db, clock }: Desk, { id }: Probe): Promise<HeartbeatPage['checks']> {
  const state = await latestState(db, id)
  const checks = await latestChecks(db, id, later(clock.now(), -twoHours), 10)
  return checks.map((check) => {
    const last = state?.last?.at.slice(0, 19) === check.at.slice(0, 19) ? state.last : check
    const finding = check.outcome === 'pass' ? 'it called' : findingInWords(last)
    return { at: check.at, outcome: check.outcome, finding }
  })
}
