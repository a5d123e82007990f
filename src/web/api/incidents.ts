import { latestVersion } from '../../domain/changes/log.ts'
import type { Change } from '../../domain/changes/change.ts'
import { listGroups } from '../../domain/components/queries.ts'
import { keepMetadata } from '../../domain/history/metadata.ts'
import { type HistorySearch, createHistorySearch, termsOf } from '../../domain/history/search.ts'
import { type Told, everythingTold, toldById } from '../../domain/history/told.ts'
import { openIncidents, readIncident } from '../../domain/incidents/queries.ts'
import { cancelMaintenance } from '../../domain/maintenances/commands.ts'
import type { MaintenanceStage } from '../../domain/maintenances/maintenance.ts'
import { openMaintenances, readMaintenance } from '../../domain/maintenances/queries.ts'
import type { Db } from '../../database/database.ts'
import { publicComponents } from '../../domain/status/snapshot.ts'
import { Conflict, NotFound } from '../../lib/errors.ts'
import { amongOthers, described, fields, line, optional, whole } from '../../lib/fields.ts'
import { type Call, type Given, reads, writes } from './call.ts'
import { type IncidentAnswer, incident, many } from './documents.ts'
import { type WishedIncident, incidentChanges, newIncidentBody } from './incident-body.ts'
import { changeOne, changeWindow } from './incident-change.ts'
import { openAny } from './incident-open.ts'
import { disclosers, readers } from './scopes.ts'
import { partsOf, toldAnswers } from './shapes.ts'
import { withTheirFields } from './their-fields.ts'
import { usualWord } from './usual-words.ts'

const noun = 'Incidents'
const mostAtOnce = 100

const page = described(optional(whole(1, 100_000)), 'Counted from 1.')
const size = described(optional(whole(1, 1000)), 'How many at once: 100 at most, and usually.')
const part = { page, limit: size, per_page: size }

type Part = { readonly [Name in 'page' | 'limit' | 'per_page']?: number | null }

const lists = [
  { path: 'unresolved', summary: 'Incidents that are open', told: open },
  {
    path: 'scheduled',
    summary: 'Maintenances that are not over',
    told: windows(['scheduled', 'in_progress', 'verifying']),
  },
  { path: 'upcoming', summary: 'Maintenances that have not begun', told: windows(['scheduled']) },
  { path: 'active_maintenance', summary: 'Maintenances under way', told: windows(['in_progress', 'verifying']) },
] as const

export const incidentCalls: readonly Call[] = [
  reads({
    noun,
    path: '/pages/:page/incidents',
    scopes: readers,
    summary: 'Incidents and maintenances, the last one first',
    query: fields({ q: described(optional(line(200)), 'Only those in whose words all of these occur.'), ...part }),
    answer: many(incident),
    read: async ({ db }, given) => {
      const asked = partIn(given.query)
      const told = given.query.q ? await found(db, given.query.q, asked) : await everythingTold(db, asked)
      return toldAnswers(db, told, await partsOf(db, given))
    },
  }),
  ...lists.map(({ path, summary, told }) =>
    reads({
      noun,
      path: `/pages/:page/incidents/${path}`,
      scopes: readers,
      summary,
      query: fields(part),
      answer: many(incident),
      read: async ({ db }, given) => {
        const { offset, limit } = partIn(given.query)
        const some = (await told(db)).slice(offset, offset + limit)
        return toldAnswers(db, some, await partsOf(db, given))
      },
    }),
  ),
  reads({
    noun,
    path: '/pages/:page/incidents/:id',
    scopes: readers,
    summary: 'An incident or a maintenance',
    answer: incident,
    read: ({ db }, given) => answerOf(db, given.params.id, given),
  }),
  writes({
    noun,
    method: 'POST',
    path: '/pages/:page/incidents',
    scopes: disclosers,
    summary: 'Open an incident, announce a maintenance, or tell of an incident of long ago',
    detail: 'With scheduled_for it is a maintenance, with backfilled one that is over. It is public at once.',
    body: amongOthers(fields({ incident: newIncidentBody })),
    status: 201,
    answer: incident,
    write: async (change, given) => {
      const wished = given.body.incident
      const { kind, id } = await withTheirFields('incident', () => openAny(change, wished, given.site))
      if (wished.metadata) await keepMetadata(change, { kind, id, name: wished.name }, wished.metadata)
      return answerOf(change.tx, id, given)
    },
  }),
  ...(['PATCH', 'PUT'] as const).map((method) =>
    writes({
      noun,
      method,
      path: '/pages/:page/incidents/:id',
      scopes: disclosers,
      summary: 'Say the next word of an incident or a maintenance, or correct it',
      detail:
        'What is left out or null stays as it is. A body, another status or other components are told as an update. A ' +
        'title or an impact that was another before is a correction, which readers see.',
      body: amongOthers(fields({ incident: incidentChanges })),
      answer: incident,
      write: async (change, given) => {
        await withTheirFields('incident', () => changeAny(change, given.params.id, given.body.incident))
        return answerOf(change.tx, given.params.id, given)
      },
    }),
  ),
  writes({
    noun,
    method: 'DELETE',
    path: '/pages/:page/incidents/:id',
    scopes: disclosers,
    summary: 'Call off a maintenance that has not begun',
    detail: 'What was told of an incident stays told: it can be resolved and corrected, and not deleted.',
    answer: incident,
    write: async (change, given) => {
      const { kind, thing } = await tellingOf(change.tx, given.params.id)
      if (kind === 'incident')
        throw new Conflict(
          'What readers were told is not deleted: resolve the incident, correct it, or withdraw single updates at the desk.',
        )
      if (thing.beganAt !== null || thing.cancelledAt !== null)
        throw new Conflict('This maintenance has begun or is over: readers were told, and it stays.')
      await cancelMaintenance(change, thing.id, usualWord('cancelled', thing.locale))
      return answerOf(change.tx, thing.id, given)
    },
  }),
]

function partIn({ page: number, limit, per_page: perPage }: Part): { offset: number; limit: number } {
  const most = Math.min(mostAtOnce, limit ?? perPage ?? mostAtOnce)
  return { offset: ((number ?? 1) - 1) * most, limit: most }
}

async function open(db: Db): Promise<Told[]> {
  return (await openIncidents(db)).map((thing) => ({ kind: 'incident', thing }))
}

function windows(stages: readonly MaintenanceStage[]) {
  return async (db: Db): Promise<Told[]> =>
    (await openMaintenances(db))
      .filter(({ stage }) => stages.includes(stage))
      .map((thing) => ({ kind: 'maintenance', thing }))
}

const searches = new WeakMap<Db, HistorySearch>()

async function found(db: Db, q: string, { offset, limit }: { offset: number; limit: number }): Promise<Told[]> {
  const search = searches.get(db) ?? createHistorySearch(db)
  searches.set(db, search)
  const now = {
    version: await latestVersion(db),
    components: await publicComponents(db),
    groups: await listGroups(db),
  }
  const all = await search.find({ terms: termsOf(q), componentId: null, kind: null }, now)
  return toldById(db, all.found.slice(offset, offset + limit))
}

async function tellingOf(db: Db, id: string): Promise<Told> {
  const thing = await readIncident(db, id)
  if (thing) return { kind: 'incident', thing }
  const maintenance = await readMaintenance(db, id)
  if (!maintenance) throw new NotFound('There is no such incident.')
  return { kind: 'maintenance', thing: maintenance }
}

async function changeAny(change: Change, id: string, wished: WishedIncident): Promise<void> {
  const told = await tellingOf(change.tx, id)
  if (told.kind === 'incident') await changeOne(change, told.thing, wished)
  else await changeWindow(change, told.thing, wished)
  const name = wished.name ?? told.thing.name
  if (wished.metadata) await keepMetadata(change, { kind: told.kind, id, name }, wished.metadata)
}

async function answerOf(db: Db, id: string, given: Pick<Given, 'site' | 'url'>): Promise<IncidentAnswer> {
  const [answer] = await toldAnswers(db, [await tellingOf(db, id)], await partsOf(db, given))
  if (!answer) throw new NotFound('There is no such incident.')
  return answer
}
