import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Db } from '../../database/database.ts'
import { readIncidentOrDraft } from '../../domain/incidents/queries.ts'
import type { Incident } from '../../domain/incidents/incident.ts'
import { type RegulatorsClock, type Report, isPressing, owedReports } from '../../domain/regulators/clock.ts'
import {
  enterFact,
  finishReport,
  letClockGo,
  startClock,
  takeClockUp,
  undoReport,
} from '../../domain/regulators/commands.ts'
import { clocksOf, openClocks, readClock } from '../../domain/regulators/queries.ts'
import { regimeNames, regimes } from '../../domain/regulators/regime.ts'
import { readSite } from '../../domain/site/queries.ts'
import type { Instant } from '../../lib/clock.ts'
import { NotFound } from '../../lib/errors.ts'
import { operators } from '../shared/access.ts'
import { type Form, type FormState, filled, only, text } from '../shared/forms.ts'
import { entryWords } from './clock-words.ts'
import { localInstant } from './composer.ts'
import { type Desk, signedIn, submit } from './desk.ts'
import { done } from './done.ts'
import type { Pressing } from './models.ts'
import { deskWords } from './words.ts'

/** What is owed to authorities because of an incident: for operators only, and never published. */
export function clockRoutes(face: FastifyInstance, desk: Desk): void {
  const page = async (request: FastifyRequest, reply: FastifyReply, state: FormState, status: number) => {
    const incident = await incidentOf(desk, (request.params as { id: string }).id)
    return desk.show(request, reply, 'admin/clocks/list', {
      title: 'Clocks for authorities',
      model: {
        incident,
        clocks: await clocksOf(desk.db, incident.id),
        regimes: regimeNames.map((name) => ({ name, ...regimes[name] })),
        kinds: entryWords,
        state,
      },
      status,
    })
  }

  face.get('/incidents/:id/clocks', { config: { access: operators('see') } }, async (request, reply) => {
    const incident = await incidentOf(desk, (request.params as { id: string }).id)
    const { local } = deskWords(desk.clock.now(), (await readSite(desk.db)).zone)
    const noticed = incident.noticedAt ?? incident.toldAt ?? incident.createdAt
    return page(
      request,
      reply,
      filled({ regime: 'gdpr', awareAt: local(noticed), unit: 'hours', runsFrom: 'aware' }),
      200,
    )
  })

  face.post('/incidents/:id/clocks', { config: { access: operators('disclose') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const { id } = request.params as { id: string }
        const { zone } = await readSite(desk.db)
        const {
          awareAt: _aware,
          classifiedAt: _classified,
          ...rest
        } = only(given, ['regime', 'awareAt', 'classifiedAt', 'name', 'amount', 'unit', 'runsFrom'])
        const times = {
          awareAt: localInstant(given, 'awareAt', zone) ?? desk.clock.now(),
          classifiedAt: localInstant(given, 'classifiedAt', zone),
        }
        const clock = rest.regime === 'custom' ? rest : { regime: rest.regime }
        await desk.change(signedIn(request).actor, (it) => startClock(it, id, { ...clock, ...times }))
        return done(`/admin/incidents/${id}/clocks`, 'started')
      },
      (state, status) => page(request, reply, state, status),
    ),
  )

  reportRoutes(face, desk)
  factRoutes(face, desk)
}

/** That a report was sent, or was not after all. */
function reportRoutes(face: FastifyInstance, desk: Desk): void {
  const page = async (request: FastifyRequest, reply: FastifyReply, state: FormState, status: number) => {
    const { clock, incident } = await clockOf(desk, request)
    const report = reportOf(clock, request)
    return desk.show(request, reply, 'admin/clocks/report', {
      title: report.words,
      model: { clock, incident, report, state },
      status,
    })
  }

  face.get('/clocks/:clock/reports/:report', { config: { access: operators('disclose') } }, (request, reply) =>
    page(request, reply, filled({}), 200),
  )

  face.post('/clocks/:clock/reports/:report', { config: { access: operators('disclose') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const { clock, incident } = await clockOf(desk, request)
        const { name } = reportOf(clock, request)
        const { act, note } = only(given, ['act', 'at', 'note'])
        const at = localInstant(given, 'at', (await readSite(desk.db)).zone)
        await desk.change(signedIn(request).actor, (it) =>
          act === 'undo' ? undoReport(it, clock.id, name, { note }) : finishReport(it, clock.id, name, { at, note }),
        )
        return done(`/admin/incidents/${incident.id}/clocks`, 'entered')
      },
      (state, status) => page(request, reply, state, status),
    ),
  )
}

/** When we were aware, when it was classified, and whether anything is owed at all. */
function factRoutes(face: FastifyInstance, desk: Desk): void {
  const page = async (request: FastifyRequest, reply: FastifyReply, state: FormState, status: number) => {
    const { clock, incident } = await clockOf(desk, request)
    return desk.show(request, reply, 'admin/clocks/facts', {
      title: clock.title,
      model: { clock, incident, state, hasClassification: hasClassification(clock) },
      status,
    })
  }

  face.get('/clocks/:clock', { config: { access: operators('disclose') } }, async (request, reply) => {
    const { clock } = await clockOf(desk, request)
    return page(request, reply, filled(await shownFacts(desk, clock)), 200)
  })

  face.post('/clocks/:clock', { config: { access: operators('disclose') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const { clock, incident } = await clockOf(desk, request)
        await enter(desk, request, { clock, given, before: await shownFacts(desk, clock) })
        return done(`/admin/incidents/${incident.id}/clocks`, 'entered')
      },
      (state, status) => page(request, reply, state, status),
    ),
  )
}

async function enter(
  desk: Desk,
  request: FastifyRequest,
  { clock, given, before }: { clock: RegulatorsClock; given: Form; before: Form },
): Promise<void> {
  const { act, note, why } = only(given, ['act', 'awareAt', 'classifiedAt', 'note', 'why'])
  const { zone } = await readSite(desk.db)
  // The fields know minutes only: a time that was not touched keeps its seconds.
  const moved = (name: 'awareAt' | 'classifiedAt'): Instant | null | undefined =>
    given[name] === undefined || text(given, name) === text(before, name)
      ? undefined
      : (localInstant(given, name, zone) ?? null)
  const [aware, classified] = [moved('awareAt'), moved('classifiedAt')]
  await desk.change(signedIn(request).actor, async (it) => {
    if (act === 'let-go') return letClockGo(it, clock.id, { note: why })
    if (act === 'take-up') return takeClockUp(it, clock.id)
    if (aware !== undefined) await enterFact(it, clock.id, { fact: 'aware', at: aware, note })
    if (classified !== undefined) await enterFact(it, clock.id, { fact: 'classified', at: classified, note })
  })
}

async function shownFacts(desk: Desk, { awareAt, classifiedAt }: RegulatorsClock): Promise<Form> {
  const { local } = deskWords(desk.clock.now(), (await readSite(desk.db)).zone)
  return { awareAt: awareAt ? local(awareAt) : '', classifiedAt: classifiedAt ? local(classifiedAt) : '' }
}

function hasClassification({ reports }: RegulatorsClock): boolean {
  return reports.some(({ term }) => term.from === 'classified')
}

async function clockOf(
  desk: Desk,
  request: FastifyRequest,
): Promise<{ readonly clock: RegulatorsClock; readonly incident: Incident }> {
  const clock = await readClock(desk.db, (request.params as { clock: string }).clock)
  if (!clock) throw new NotFound('There is no such clock.')
  return { clock, incident: await incidentOf(desk, clock.incidentId) }
}

function reportOf({ reports }: RegulatorsClock, request: FastifyRequest): Report {
  const { report } = request.params as { report: string }
  const found = reports.find(({ name }) => name === report)
  if (!found) throw new NotFound('This clock has no such report.')
  return found
}

async function incidentOf(desk: Desk, id: string): Promise<Incident> {
  const incident = await readIncidentOrDraft(desk.db, id)
  if (!incident || incident.dismissedAt !== null) throw new NotFound('There is no such incident.')
  return incident
}

/** What is due soon or overdue, the most pressing first. Costs what is open. */
export async function pressing(db: Db, now: Instant): Promise<Pressing[]> {
  const clocks = await openClocks(db)
  const found = clocks.flatMap((clock) =>
    owedReports(clock).flatMap((report) => (isPressing(report, now) ? [{ clock, report }] : [])),
  )
  const names = new Map<string, string>()
  for (const { clock } of found) {
    const incident = names.has(clock.incidentId) ? null : await readIncidentOrDraft(db, clock.incidentId)
    if (incident && incident.dismissedAt === null) names.set(incident.id, incident.name)
  }
  return found
    .flatMap((one): Pressing[] => {
      const incident = names.get(one.clock.incidentId)
      return incident === undefined ? [] : [{ ...one, incident }]
    })
    .toSorted((a, b) => ((a.report.dueAt ?? '') < (b.report.dueAt ?? '') ? -1 : 1))
}
