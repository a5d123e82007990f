import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { breath } from '../../lib/breath.ts'
import { cookiesFor } from '../shared/identity.ts'
import type { Desk, DeskParts } from './desk.ts'
import { pagesForErrors } from './errors.ts'
import { draftRoutes } from './incidents/drafts.ts'
import { guard } from './guard.ts'
import { incidentEvidenceRoutes } from './incidents/incident-evidence.ts'
import { incidentRoutes } from './incidents/incidents.ts'
import { nowRoutes } from './now.ts'
import { previewRoutes } from './incidents/preview.ts'
import { actionRoutes } from './incidents/actions.ts'
import { automationRoutes } from './incidents/automation.ts'
import { alertTeamRoutes } from './alerts/alert-team.ts'
import { alertRoutes } from './alerts/alerts.ts'
import { auditLogRoutes } from './audit/log.ts'
import { clockRoutes } from './clocks.ts'
import { jargonRoutes } from './jargon.ts'
import { componentRoutes } from './components/components.ts'
import { correctionRoutes } from './incidents/corrections.ts'
import { deliveryRoutes } from './subscribers/deliveries.ts'
import { disagreementRoutes } from './incidents/disagreements.ts'
import { groupRoutes } from './components/groups.ts'
import { impactRoutes } from './incidents/impacts.ts'
import { laterRoutes } from './incidents/later.ts'
import { maintenanceRoutes } from './maintenances/maintenances.ts'
import { measuringRoutes } from './probes/measuring.ts'
import { meRoutes } from './accounts/me.ts'
import { metricRoutes } from './probes/metrics.ts'
import { noticeRoutes } from './notices.ts'
import { placeRoutes } from './probes/places.ts'
import { heartbeatRoutes } from './probes/heartbeats.ts'
import { probeChartRoutes } from './probes/probe-charts.ts'
import { probeRoutes } from './probes/probes.ts'
import { readersRoutes } from './subscribers/readers.ts'
import { forgotRoutes, resetRoutes } from './accounts/resets.ts'
import { reviewRoutes } from './incidents/reviews.ts'
import { settingsRoutes } from './settings.ts'
import { teamRoutes } from './accounts/team.ts'
import { termsRoutes } from './terms.ts'
import { templateRoutes } from './templates.ts'
import { tokenRoutes } from './accounts/tokens.ts'
import { whomRoutes } from './whom.ts'
import { lookRoutes } from './look.ts'
import { scratchRoutes } from './scratches.ts'
import { confirmRoutes } from './accounts/confirm.ts'
import { factorRuleRoutes } from './accounts/factor-rule.ts'
import { passkeyRoutes } from './accounts/passkeys.ts'
import { recoveryCodeRoutes } from './accounts/recovery-codes.ts'
import { secondStepRoutes } from './accounts/second-step.ts'
import { securityRoutes } from './accounts/security.ts'
import { channelRoutes } from './subscribers/channels.ts'
import { subscriberListRoutes } from './subscribers/subscriber-lists.ts'
import { subscriberRoutes } from './subscribers/subscribers.ts'
import { setUpRoutes } from './set-up.ts'
import { shower } from './show.ts'
import { signInRoutes } from './accounts/sign-in.ts'
import { singleSignOnRoutes } from './accounts/single-sign-on.ts'

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
