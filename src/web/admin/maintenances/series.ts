import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Db } from '../../../database/database.ts'
import type { Change } from '../../../domain/changes/change.ts'
import type { Maintenance } from '../../../domain/maintenances/maintenance.ts'
import { openMaintenances } from '../../../domain/maintenances/queries.ts'
import { endSeries } from '../../../domain/maintenances/repeating.ts'
import { extendMaintenance } from '../../../domain/maintenances/replan.ts'
import { type MaintenanceSeries, readSeries, seriesGoingOn } from '../../../domain/maintenances/series.ts'
import { later } from '../../../lib/clock.ts'
import { Invalid, NotFound } from '../../../lib/errors.ts'
import { operators } from '../../shared/access.ts'
import { type FormState, only } from '../../shared/forms.ts'
import { type Desk, signedIn, submit } from '../desk.ts'
import { done } from '../done.ts'
import { type SeriesLine, ruleInWords } from './repeating.ts'
import { type GivenTranslations, apart } from '../translations.ts'
import { seriesWhom } from '../whom.ts'
import { begun, said, withoutScratch, writingOn } from '../writing.ts'

export async function seriesLines({ db }: Pick<Desk, 'db'>): Promise<SeriesLine[]> {
  const open = await openMaintenances(db)
  return (await seriesGoingOn(db)).map((series) => lineOf(series, open))
}

/** The series that a maintenance is one of; null: of none. */
export async function seriesOf({ db }: Pick<Desk, 'db'>, { seriesId }: Maintenance): Promise<SeriesLine | null> {
  const series = seriesId === null ? null : await readSeries(db, seriesId)
  return series && lineOf(series, await openMaintenances(db))
}

/** A series that has not ended, with what is announced of it. */
export async function lineGoingOn(db: Db, id: string): Promise<SeriesLine> {
  const series = await readSeries(db, id)
  if (!series || series.endedAt !== null) throw new NotFound('There is no such series.')
  return lineOf(series, await openMaintenances(db))
}

function lineOf(series: MaintenanceSeries, open: readonly Maintenance[]): SeriesLine {
  const next = open.filter(({ seriesId, stage }) => seriesId === series.id && stage === 'scheduled')
  return { series, words: ruleInWords(series.rule), next }
}

/** The end of a series. What else is to be done with one of it is done with that one. */
export function seriesRoutes(face: FastifyInstance, desk: Desk): void {
  const page = (id: string) => lineGoingOn(desk.db, id)

  const show = async (request: FastifyRequest, reply: FastifyReply, state: FormState, status: number) => {
    const line = await page((request.params as { id: string }).id)
    const writing = await writingOn(desk, request, `series-end:${line.series.id}`, { isAgain: state.fault !== null })
    const model = { line, state, writing, whom: await seriesWhom(desk, line.next) }
    return desk.show(request, reply, 'admin/maintenances/series', { title: line.series.name, model, status })
  }

  face.get('/maintenances/series/:id', { config: { access: operators('disclose') } }, async (request, reply) => {
    const { id } = request.params as { id: string }
    return show(request, reply, await begun(desk, request, `series-end:${id}`, {}), 200)
  })

  face.post('/maintenances/series/:id/end', { config: { access: operators('disclose') } }, (request, reply) => {
    const { id } = request.params as { id: string }
    return submit(
      request,
      reply,
      async (given) => {
        const { rest, translations } = apart(withoutScratch(given))
        const { body, announced } = only(rest, ['body', 'announced'])
        const word = announced === 'cancel' ? { body, translations } : null
        await desk.change(signedIn(request).actor, async (it) => {
          await endSeries(it, id, { word })
          await said(it, request, `series-end:${id}`)
        })
        return done('/admin/maintenances', 'ended')
      },
      (state, status) => show(request, reply, state, status),
    )
  })
}

/** How much longer it takes, as one taps it. */
export const longerChoices = [
  { value: '15', label: '15 minutes' },
  { value: '30', label: '30 minutes' },
  { value: '60', label: '1 hour' },
  { value: '120', label: '2 hours' },
  { value: '240', label: '4 hours' },
] as const

/** Longer than planned; where that has passed already, longer from now. */
export async function extend(
  change: Change,
  { id, plannedUntil }: Pick<Maintenance, 'id' | 'plannedUntil'>,
  {
    longer,
    ...word
  }: { readonly longer: string; readonly body: string; readonly translations: GivenTranslations | undefined },
): Promise<void> {
  if (!longerChoices.some(({ value }) => value === longer)) throw new Invalid('Say how much longer it takes.', 'longer')
  const from = plannedUntil > change.now ? plannedUntil : change.now
  await extendMaintenance(change, id, { ...word, plannedUntil: later(from, Number(longer) * 60) })
}
