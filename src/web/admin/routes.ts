import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { breath } from '../../lib/breath.ts'
import { cookiesFor } from '../shared/identity.ts'
import type { Desk, DeskParts } from './desk.ts'
import { pagesForErrors } from './errors.ts'
import { draftRoutes } from './drafts.ts'
import { guard } from './guard.ts'
import { incidentEvidenceRoutes } from './incident-evidence.ts'
import { incidentRoutes } from './incidents.ts'
import { nowRoutes } from './now.ts'
import { previewRoutes } from './preview.ts'
import { actionRoutes } from './actions.ts'
import { automationRoutes } from './automation.ts'
import { alertTeamRoutes } from './alert-team.ts'
import { alertRoutes } from './alerts.ts'
import { auditLogRoutes } from './audit/log.ts'
import { clockRoutes } from './clocks.ts'
import { jargonRoutes } from './jargon.ts'
import { componentRoutes } from './components.ts'
import { correctionRoutes } from './corrections.ts'
import { deliveryRoutes } from './deliveries.ts'
import { disagreementRoutes } from './disagreements.ts'
import { groupRoutes } from './groups.ts'
import { impactRoutes } from './impacts.ts'
import { laterRoutes } from './later.ts'
import { maintenanceRoutes } from './maintenances.ts'
import { measuringRoutes } from './measuring.ts'
import { meRoutes } from './me.ts'
import { metricRoutes } from './metrics.ts'
import { noticeRoutes } from './notices.ts'
import { placeRoutes } from './places.ts'
import { heartbeatRoutes } from './heartbeats.ts'
import { probeChartRoutes } from './probe-charts.ts'
import { probeRoutes } from './probes.ts'
import { readersRoutes } from './readers.ts'
import { forgotRoutes, resetRoutes } from './resets.ts'
import { reviewRoutes } from './reviews.ts'
import { settingsRoutes } from './settings.ts'
import { teamRoutes } from './team.ts'
import { termsRoutes } from './terms.ts'
import { templateRoutes } from './templates.ts'
import { tokenRoutes } from './tokens.ts'
import { whomRoutes } from './whom.ts'
import { lookRoutes } from './look.ts'
import { scratchRoutes } from './scratches.ts'
import { confirmRoutes } from './confirm.ts'
import { factorRuleRoutes } from './factor-rule.ts'
import { passkeyRoutes } from './passkeys.ts'
import { recoveryCodeRoutes } from './recovery-codes.ts'
import { secondStepRoutes } from './second-step.ts'
import { securityRoutes } from './security.ts'
import { channelRoutes } from './channels.ts'
import { subscriberListRoutes } from './subscriber-lists.ts'
import { subscriberRoutes } from './subscribers.ts'
import { setUpRoutes } from './set-up.ts'
import { shower } from './show.ts'
import { signInRoutes } from './sign-in.ts'
import { singleSignOnRoutes } from './single-sign-on.ts'

/** It is built when somebody first comes, a tenth of a second of work: readers are answered after so many of its pages. */
const pagesAtOnce = 8

const pages: readonly ((inside: FastifyInstance, desk: Desk) => void)[] = [
  signInRoutes,
  singleSignOnRoutes,
  secondStepRoutes,
  confirmRoutes,
  nowRoutes,
  incidentRoutes,
  correctionRoutes,
  impactRoutes,
  draftRoutes,
  automationRoutes,
  previewRoutes,
  scratchRoutes,
  laterRoutes,
  templateRoutes,
  clockRoutes,
  incidentEvidenceRoutes,
  reviewRoutes,
  readersRoutes,
  actionRoutes,
  maintenanceRoutes,
  whomRoutes,
  deliveryRoutes,
  subscriberRoutes,
  subscriberListRoutes,
  channelRoutes,
  noticeRoutes,
  componentRoutes,
  groupRoutes,
  probeRoutes,
  heartbeatRoutes,
  placeRoutes,
  probeChartRoutes,
  metricRoutes,
  measuringRoutes,
  disagreementRoutes,
  teamRoutes,
  forgotRoutes,
  resetRoutes,
  tokenRoutes,
  settingsRoutes,
  lookRoutes,
  termsRoutes,
  jargonRoutes,
  meRoutes,
  securityRoutes,
  recoveryCodeRoutes,
  passkeyRoutes,
  factorRuleRoutes,
  auditLogRoutes,
  alertRoutes,
  alertTeamRoutes,
]

/** The operators' desk under `/admin`, and the first run under `/setup`. */
export const adminFace: FastifyPluginAsync<DeskParts> = async (face, options) => {
  face.decorateRequest('actor', null)
  face.decorateRequest('visitor')
  const parts = {
    ...options,
    change: untilSeen(options),
    cookies: cookiesFor(options.config.url),
  }
  const desk: Desk = { ...parts, show: shower(face, parts) }

  const behind = (prefix: string, move: (inside: FastifyInstance) => Promise<void>) =>
    face.register(
      async (inside) => {
        guard(inside, desk)
        pagesForErrors(inside, desk)
        await move(inside)
      },
      { prefix },
    )

  await behind('/setup', async (inside) => setUpRoutes(inside, desk))
  await behind('/admin', async (inside) => {
    for (const [index, routes] of pages.entries()) {
      // Before the first one, too: to load this file was a piece by itself.
      if (index % pagesAtOnce === 0) await breath()
      routes(inside, desk)
    }
  })
}

/** When the desk says “Published.”, it is: the answer waits for the page. That the page is late changes nothing of what was done. */
function untilSeen({ change, settled, followed, log }: DeskParts): DeskParts['change'] {
  return async (actor, work) => {
    const result = await change(actor, work)
    await settled().catch((error: unknown) => log.error(error, 'A change was made, but is not published yet.'))
    await followed().catch((error: unknown) => log.error(error, 'A change was made, and will be told a moment later.'))
    return result
  }
}
