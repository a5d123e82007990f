import { type Db, inTransaction } from '../../database/database.ts'
import { type Instant, later } from '../../lib/clock.ts'
import { Conflict, NotFound } from '../../lib/errors.ts'
import { type MessageKey, messages } from '../../lib/messages.ts'
import { clockActor } from '../changes/actor.ts'
import type { Change, Changer } from '../changes/change.ts'
import { draftIncident } from '../incidents/drafts.ts'
import { readSite } from '../site/queries.ts'
import { locales } from '../site/site.ts'
import { minuteOf } from '../status/moments.ts'

/** What somebody says: that an open incident affects them, or that something else is wrong, perhaps with a component. */
export type Report =
  | { readonly incidentId: string; readonly componentId: null }
  | { readonly incidentId: null; readonly componentId: string | null }

/** After a draft was raised, whatever became of it, the same component raises none for so long. */
const quietSeconds = 3600

/**
 * Counts a reader, once a day for each thing. No event: nothing follows from one report, and who counts them looks. Many
 * at once about a component of which we say that it works are an event, and draft an incident.
 */
export async function takeReport(
  { db, change }: { readonly db: Db; readonly change: Changer },
  report: Report,
  { token, now }: { readonly token: string; readonly now: Instant },
): Promise<void> {
  const { asked, burst } = (await readSite(db)).reports
  if (asked === 'no') throw new NotFound('This site does not ask its readers.')
  await mustBeAbout(db, report)
  const counted = await inTransaction(db, (tx) =>
    tx
      .insertInto('reports')
      .values({ token, incident_id: report.incidentId, component_id: report.componentId, at: minuteOf(now) })
      .onConflict((on) => on.column('token').doNothing())
      .returning('token')
      .executeTakeFirst(),
  )
  const { componentId } = report
  if (!counted || componentId === null) return
  const reports = await countSince(db, componentId, later(minuteOf(now), -burst.minutes * 60))
  if (reports >= burst.reports && (await isSaidToWork(db, componentId, now))) {
    const words = inAllLanguages()
    await change(clockActor, (it) => raiseDraft(it, componentId, { words, reports, minutes: burst.minutes }))
  }
}

/** What a report names exists, and readers know of it. */
async function mustBeAbout(db: Db, { incidentId, componentId }: Report): Promise<void> {
  if (incidentId !== null) {
    const incident = await db
      .selectFrom('incidents')
      .select('over_at')
      .where('id', '=', incidentId)
      .where('told_at', 'is not', null)
      .where('dismissed_at', 'is', null)
      .executeTakeFirst()
    if (!incident) throw new NotFound('There is no such incident.')
    if (incident.over_at !== null) throw new Conflict('This incident is over.')
  } else if (componentId !== null) {
    const component = await db
      .selectFrom('components')
      .select('id')
      .where('id', '=', componentId)
      .where('removed_at', 'is', null)
      .executeTakeFirst()
    if (!component) throw new NotFound('There is no such system.')
  }
}

async function countSince(db: Db, componentId: string, since: Instant): Promise<number> {
  const { count } = await db
    .selectFrom('reports')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('component_id', '=', componentId)
    .where('at', '>=', since)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Nothing is said about it, no draft waits that names it, and readers raised none a moment ago. */
async function isSaidToWork(db: Db, componentId: string, now: Instant): Promise<boolean> {
  const impact = await db
    .selectFrom('impacts')
    .select('id')
    .where('component_id', '=', componentId)
    .where('ended_at', 'is', null)
    .limit(1)
    .executeTakeFirst()
  if (impact) return false
  const burst = await db
    .selectFrom('report_bursts')
    .select('at')
    .where('component_id', '=', componentId)
    .where('at', '>', later(now, -quietSeconds))
    .limit(1)
    .executeTakeFirst()
  return !burst
}

type Words = Readonly<Record<string, (component: string) => { readonly name: string; readonly body: string }>>

/** Before the change: a catalogue may have to be read from its file. */
function inAllLanguages(): Words {
  return Object.fromEntries(
    locales.map((locale) => {
      const say = messages(locale)
      const said = (key: MessageKey, component: string) => say(key, { component })
      return [
        locale,
        (component: string) => ({
          name: said('report.draftName', component),
          body: said('report.draftBody', component),
        }),
      ]
    }),
  )
}

async function raiseDraft(
  change: Change,
  componentId: string,
  { words, reports, minutes }: { readonly words: Words; readonly reports: number; readonly minutes: number },
): Promise<void> {
  // Two reports at once see the same number: the second one finds the draft of the first.
  if (!(await isSaidToWork(change.tx, componentId, change.now))) return
  const { locale } = await readSite(change.tx)
  const component = await change.tx
    .selectFrom('components')
    .select(['name', 'translations'])
    .where('id', '=', componentId)
    .executeTakeFirstOrThrow()
  const names = JSON.parse(component.translations) as Readonly<Record<string, { readonly name?: string }>>
  const said = Object.fromEntries(
    Object.entries(words).map(([language, say]) => [language, say(names[language]?.name ?? component.name)]),
  )
  const own = said[locale]
  if (!own) throw new Error(`There are no words in ${locale}.`)
  const id = await draftIncident(change, {
    name: own.name,
    body: own.body,
    translations: Object.fromEntries(Object.entries(said).filter(([language]) => language !== locale)),
    components: [{ id: componentId, status: 'degraded_performance' }],
    beganAt: later(change.now, -minutes * 60),
  })
  await change.tx.updateTable('incidents').set({ source: 'readers' }).where('id', '=', id).execute()
  await change.tx
    .insertInto('report_bursts')
    .values({ component_id: componentId, at: change.now, incident_id: id, reports, minutes })
    .execute()
  await change.record({
    type: 'report.burst',
    subject: componentId,
    data: { name: component.name, incident: id, reports, minutes },
  })
}
