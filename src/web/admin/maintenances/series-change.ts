import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Db } from '../../../database/database.ts'
import { componentNames } from '../../../domain/components/queries.ts'
import { changeSeries } from '../../../domain/maintenances/series-change.ts'
import { planSeries } from '../../../domain/maintenances/series-plan.ts'
import {
  type MaintenanceSeries,
  type Occurrence,
  nextOccurrences,
  readSeries,
} from '../../../domain/maintenances/series.ts'
import type { Instant } from '../../../lib/clock.ts'
import { Conflict, Invalid, Refusal } from '../../../lib/errors.ts'
import { localTime } from '../../../lib/local-times.ts'
import { operators } from '../../shared/access.ts'
import { type Form, type FormState, filled, formOf, text, texts } from '../../shared/forms.ts'
import { isOvertaken, mustBeAsSeen, seenAs } from '../as-seen.ts'
import { choosable, localInstant } from '../composer.ts'
import { type Desk, signedIn, submit } from '../desk.ts'
import { done } from '../done.ts'
import type { Changing } from '../models.ts'
import {
  type ForeseenChange,
  type SeriesLine,
  choiceOf,
  foreseenChange,
  repeatChoices,
  ruleInWords,
  ruleOf,
  windowWords,
} from './repeating.ts'
import { lineGoingOn } from './series.ts'
import { apart, renewed, translationValues } from '../translations.ts'
import { seriesChangeWhom } from '../whom.ts'
import { begun, said, withoutScratch, writingOn } from '../writing.ts'

/** All of a series that are to come, changed at once; which ones change is shown before anything is saved. */
export function seriesChangeRoutes(face: FastifyInstance, desk: Desk): void {
  const address = '/maintenances/series/:id/change'
  const form = async (
    request: FastifyRequest,
    reply: FastifyReply,
    state: FormState,
    { status, next }: { readonly status: number; readonly next: ForeseenChange | null },
  ) => {
    const line = await lineGoingOn(desk.db, idOf(request))
    const { series } = line
    const seen = seenAs(factsOf(series))
    return desk.show(request, reply, 'admin/maintenances/series-change', {
      title: 'Change the series',
      model: {
        line,
        state,
        next,
        since: sinceChoices(line, desk.clock.now()),
        repeats: repeatChoices.filter(({ value }) => value !== ''),
        systems: await choosable(desk.db, new Map()),
        whom: await seriesChangeWhom(desk, [...series.componentIds, ...texts(state.values, 'components')]),
        writing: await writingOn(desk, request, `series:${series.id}`, {
          isAgain: state.fault !== null || next !== null,
        }),
        seen,
        standing: isOvertaken(state.values, seen) ? await standing(desk, series) : null,
      },
      status,
    })
  }

  face.get(address, { config: { access: operators('disclose') } }, async (request, reply) => {
    const { series } = await lineGoingOn(desk.db, idOf(request))
    const own = await begun(desk, request, `series:${series.id}`, valuesOf(series, desk.clock.now()))
    return form(request, reply, own, { status: 200, next: null })
  })

  face.post(address, { config: { access: operators('disclose') } }, async (request, reply) => {
    const id = idOf(request)
    const typed = formOf(request.body)
    const next = await unlooked(desk, id, typed)
    if (next) return form(request, reply, filled(typed), { status: 200, next })
    return submit(
      request,
      reply,
      async (given) => {
        await desk.change(signedIn(request).actor, async (it) => {
          const { series } = await lineGoingOn(it.tx, id)
          mustBeAsSeen(given, factsOf(series))
          // Somebody may have skipped one of them a moment ago.
          const next = await foreseenIn(it.tx, series, { typed: given, now: it.now })
          if (next.seen !== text(given, 'looked')) {
            throw new Conflict('What is announced was changed a moment ago. Look again at what becomes of it.')
          }
          await changeSeries(it, id, wishOf(series, given))
          await said(it, request, `series:${id}`)
        })
        return done(`/admin/maintenances/series/${id}`, 'changed')
      },
      (state, status) => form(request, reply, state, { status, next: null }),
    )
  })
}

/** What would become of it, where that was not looked at; null: it was, or it will be refused. */
async function unlooked(desk: Desk, id: string, typed: Form): Promise<ForeseenChange | null> {
  try {
    const series = await readSeries(desk.db, id)
    if (!series || series.endedAt !== null) return null
    mustBeAsSeen(typed, factsOf(series))
    const next = await foreseenIn(desk.db, series, { typed, now: desk.clock.now() })
    return next.seen === text(typed, 'looked') ? null : next
  } catch (error) {
    // It is refused again where refusals are shown.
    if (error instanceof Refusal) return null
    throw error
  }
}

async function foreseenIn(
  db: Db,
  series: MaintenanceSeries,
  { typed, now }: { readonly typed: Form; readonly now: Instant },
): Promise<ForeseenChange> {
  const wish = wishOf(series, typed)
  return foreseenChange(await planSeries(db, series, { wish: { ...wish, since: wish.since ?? null }, now }))
}

function wishOf(series: MaintenanceSeries, given: Form) {
  const { rest, translations } = apart(withoutScratch(given))
  const { zone } = series
  const plannedFrom = localInstant(rest, 'plannedFrom', zone) as Instant | undefined
  const plannedUntil = localInstant(rest, 'plannedUntil', zone) as Instant | undefined
  if (!plannedFrom) throw new Invalid('Say when the next one begins.', 'plannedFrom')
  if (!plannedUntil) throw new Invalid('Say when the next one ends.', 'plannedUntil')
  const rule = ruleOf(text(rest, 'repeats'), { from: localTime(plannedFrom, zone), rule: text(rest, 'rule') })
  if (rule === null) throw new Invalid('Say how it repeats.', 'repeats')
  const [name, body, word] = [text(rest, 'name'), text(rest, 'body'), text(rest, 'word')]
  return {
    name,
    body,
    rule,
    plannedFrom,
    plannedUntil,
    runsBy: text(rest, 'runsBy') || undefined,
    since: text(rest, 'since') || undefined,
    word: word || undefined,
    components: texts(rest, 'components'),
    translations: renewed(translations, translationValues(series.translations), {
      name: [series.name, name],
      body: [series.body, body],
    }),
  }
}

/** The form as the series is: with the window of the next one, as its rule has it. */
function valuesOf(series: MaintenanceSeries, now: Instant): Form {
  const { zone, rule } = series
  const [next] = nextOccurrences(series, now, 1)
  const from = next ? localTime(next.from, zone) : ''
  const repeats = choiceOf(rule, from)
  return {
    since: '',
    name: series.name,
    body: series.body,
    plannedFrom: from,
    plannedUntil: next ? localTime(next.until, zone) : '',
    repeats,
    rule: repeats === 'rule' ? rule : '',
    runsBy: series.runsBy,
    components: series.componentIds,
    ...translationValues(series.translations),
  }
}

/** All from the next time of the rule on, or from a later one on. What an earlier rule left before it is not among them. */
function sinceChoices({ series, next: announced }: SeriesLine, now: Instant) {
  const [next] = nextOccurrences(series, now, 1)
  const from = (window: Pick<Occurrence, 'from' | 'until'>): string => `from ${windowWords(window, series.zone)} on`
  const toCome = announced
    .map(({ id, plannedFrom, plannedUntil: until }) => ({ id, from: plannedFrom, until }))
    .filter((one) => one.from > now)
  const isLater = next !== undefined && toCome.some((one) => one.from < next.from)
  const later = toCome.filter((one) => next !== undefined && one.from > next.from)
  return [
    { value: '', label: isLater ? from(next) : 'all that are to come' },
    ...later.map((one) => ({ value: one.id, label: from(one) })),
  ]
}

function factsOf(series: MaintenanceSeries): string[] {
  const { name, body, rule, from, seconds, runsBy, componentIds, translations } = series
  return [name, body, rule, from, String(seconds), runsBy, componentIds.join(' '), JSON.stringify(translations)]
}

async function standing(desk: Desk, series: MaintenanceSeries): Promise<Changing['standing']> {
  const names = await componentNames(desk.db, series.componentIds)
  const [next] = nextOccurrences(series, desk.clock.now(), 1)
  return [
    { label: 'Title', text: series.name },
    { label: 'Repeats', text: ruleInWords(series.rule) },
    { label: 'The next one', text: next ? windowWords(next, series.zone) : 'none' },
    { label: 'What customers should know', text: series.body },
    { label: 'Systems', text: [...names.values()].join(', ') || 'none' },
  ]
}

function idOf(request: FastifyRequest): string {
  return (request.params as { id: string }).id
}
