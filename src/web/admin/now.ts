import type { FastifyInstance } from 'fastify'
import { type Account, may } from '../../domain/accounts/account.ts'
import { tokensThatEnd } from '../../domain/accounts/tokens.ts'
import type { Incident } from '../../domain/incidents/incident.ts'
import { backupFinding } from '../../domain/backups/log.ts'
import { confirmations } from '../../domain/incidents/confirming.ts'
import { drafts, readIncidentOrDraft } from '../../domain/incidents/queries.ts'
import { waitingUpdates } from '../../domain/incidents/waiting.ts'
import { doubtedPlaces } from '../../domain/probes/verdicts/doubted.ts'
import { mutes } from '../../domain/probes/muting.ts'
import { resolvedButFailing } from '../../domain/probes/engine/measured-systems.ts'
import { listProbes } from '../../domain/probes/queries.ts'
import { latestStates } from '../../domain/probes/verdicts/states.ts'
import { probeVerdicts } from '../../domain/probes/verdicts/verdicts.ts'
import { scratchesOf } from '../../domain/scratches/queries.ts'
import { wordsIn } from '../../domain/scratches/scratch.ts'
import { readersSay } from '../../domain/reports/queries.ts'
import { openActions, owedReviews } from '../../domain/reviews/queries.ts'
import { isOverdue } from '../../domain/reviews/review.ts'
import { later, secondsBetween } from '../../lib/clock.ts'
import { operators } from '../shared/access.ts'
import { calling } from './alerts/alert-team.ts'
import { automationOf } from './incidents/automation.ts'
import { pressing } from './clocks.ts'
import type { Desk } from './desk.ts'
import { evidenceOf } from './probes/evidence.ts'
import type { NowModel, ProberState } from './models.ts'
import { heldMails } from './telling.ts'
import { pageOf } from './writing.ts'

/** What needs a word now, the most urgent first; nothing else. */
export function nowRoutes(face: FastifyInstance, desk: Desk): void {
  face.get('/', { config: { access: operators('see') } }, async (request, reply) => {
    const snapshot = await desk.readSnapshot()
    if (!snapshot.site.setUpAt && request.visitor.account?.role === 'owner') return reply.redirect('/setup/site', 303)
    const waiting = await drafts(desk.db)
    const names = new Map(snapshot.openIncidents.map(({ id, name }) => [id, name]))
    const own = request.visitor.account ? await scratchesOf(desk.db, request.visitor.account.id) : []
    const model: NowModel = {
      ...(await calling(desk, request.visitor.account)),
      held: await heldMails(desk),
      drafts: await Promise.all(waiting.map(async (draft) => ({ draft, evidence: await evidenceOf(desk, draft) }))),
      asked: await confirmations(
        desk.db,
        waiting.map(({ id }) => id),
      ),
      waiting: (await waitingUpdates(desk.db)).map((one) => ({ waiting: one, name: names.get(one.incidentId) ?? '…' })),
      begun: own.map(({ subject, form, updatedAt }) => ({
        page: pageOf(subject),
        subject,
        excerpt: wordsIn(form),
        updatedAt,
      })),
      incidents: snapshot.openIncidents.toSorted(byPromise),
      names: new Map(snapshot.components.map(({ id, name }) => [id, name])),
      disagreements: snapshot.disagreements,
      ...(await engineSays(desk, snapshot.openIncidents)),
      pressing: await pressing(desk.db, desk.clock.now()),
      ailing: snapshot.components.filter(({ status }) => status !== 'operational'),
      ...(await promisedWork(desk, snapshot.today)),
      ...(await readersSay(desk.db, desk.clock.now(), { incidents: snapshot.openIncidents, drafts: waiting })),
      maintenances: snapshot.openMaintenances,
      prober: await proberState(desk),
      ailingParts: await ailingParts(desk),
      doubted: await doubtedPlaces(desk.db, { now: desk.clock.now(), began: null }),
      backup: await backupFinding(desk.db, desk.clock.now(), { isScheduled: desk.config.backupTo !== null }),
      ending: await endingTokens(desk, request.visitor.account),
      components: snapshot.components.length,
    }
    return desk.show(request, reply, 'admin/now', { title: 'Now', model })
  })
}

/** What the engine would have somebody know: what it cannot do, what it must not, and what it keeps to itself. */
async function engineSays(
  desk: Desk,
  open: readonly Incident[],
): Promise<Pick<NowModel, 'advice' | 'stillFailing' | 'mutes'>> {
  const { db, clock } = desk
  const advice = new Map<string, string>()
  for (const incident of open) {
    const { advice: found } = await automationOf(desk, incident)
    if (found) advice.set(incident.id, found.words)
  }
  const stillFailing: { id: string; name: string; words: string }[] = []
  for (const id of await resolvedButFailing(db, clock.now())) {
    const incident = await readIncidentOrDraft(db, id)
    const found = incident && (await automationOf(desk, incident)).advice
    if (found) stillFailing.push({ id, name: incident.name, words: found.words })
  }
  const muted = await mutes(db, clock.now())
  const names = new Map(muted.size === 0 ? [] : (await listProbes(db)).map(({ id, name }) => [id, name]))
  return {
    advice,
    stillFailing,
    mutes: [...muted.values()].map((mute) => ({ ...mute, name: names.get(mute.probeId) ?? 'A probe' })),
  }
}

/** Reviews that are late or due within a day, and actions whose day has passed: what can wait stands on its own page. */
async function promisedWork({ db, clock }: Desk, today: string): Promise<Pick<NowModel, 'owed' | 'overdue' | 'today'>> {
  const soon = later(clock.now(), 24 * 3600)
  const owed = (await owedReviews(db)).filter(({ dueAt }) => dueAt <= soon)
  return { owed, overdue: (await openActions(db)).filter((action) => isOverdue(action, today)), today }
}

async function endingTokens({ db, clock }: Desk, account: Account | null): Promise<NowModel['ending']> {
  if (!account || !may(account.role, 'configure')) return []
  const ending = await tokensThatEnd(db, clock.now())
  return ending.map(({ name, expiresAt }) => ({ name, at: expiresAt }))
}

/** The next promised update first, those without a promise last. */
function byPromise(a: Incident, b: Incident): number {
  const [first, second] = [a.nextUpdateBy ?? '9', b.nextUpdateBy ?? '9']
  return first < second ? -1 : first > second ? 1 : 0
}

/** By the name that its part of `/readyz` has. Whatever calls operators stands above, as what they are called for. */
const withoutPart: Readonly<Record<string, string>> = {
  prober: 'Nothing is checked meanwhile.',
  notifier: 'What is due is sent once it runs again.',
  'sign-ins': 'Meanwhile nobody comes in with a password.',
  publication: 'Readers have what was published last.',
  mirror: 'Whoever reads it there has what was published before.',
  telegram: 'Nobody who writes to the bot is heard meanwhile.',
}

async function ailingParts({ health }: Desk): Promise<NowModel['ailingParts']> {
  const said = { ...(await health.parts()), ...(await health.remarks()) }
  return Object.entries(withoutPart).flatMap(([part, meaning]) => {
    const problem = said[part] ?? null
    return problem === null ? [] : [{ what: problem.charAt(0).toUpperCase() + problem.slice(1), meaning }]
  })
}

async function proberState({ db, clock }: Desk): Promise<ProberState> {
  const all = await listProbes(db)
  const states = await latestStates(db)
  const known = await probeVerdicts(db)
  const running = all.filter(({ pausedAt }) => pausedAt === null)
  const verdicts = running.map(({ id }) => known.get(id)?.state ?? 'unknown')
  const measured = running.flatMap(({ id }) => states.get(id)?.measuredAt ?? [])
  const measuredAt = measured.toSorted().at(-1) ?? null
  const shortest = Math.min(...running.map(({ intervalSeconds }) => intervalSeconds))
  const since = measuredAt ?? running.map(({ createdAt }) => createdAt).toSorted()[0] ?? null
  return {
    probes: all.length,
    paused: all.length - running.length,
    down: verdicts.filter((verdict) => verdict === 'down').length,
    unknown: verdicts.filter((verdict) => verdict === 'unknown').length,
    measuredAt,
    isSilent: since !== null && secondsBetween(since, clock.now()) > 3 * shortest + 60,
  }
}
