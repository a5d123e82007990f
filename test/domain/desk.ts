import type { Actor } from '../../src/domain/changes/actor.ts'
import type { Change } from '../../src/domain/changes/change.ts'
import { type LoggedEvent, eventsAfter } from '../../src/domain/changes/log.ts'
import { createComponent } from '../../src/domain/components/commands.ts'
import type { Component, ComponentStatus } from '../../src/domain/components/component.ts'
import { openIncident, postUpdate } from '../../src/domain/incidents/commands.ts'
import { draftIncident } from '../../src/domain/incidents/drafts.ts'
import type { NewDraft, NewIncident, NewUpdate } from '../../src/domain/incidents/input.ts'
import type { Incident } from '../../src/domain/incidents/incident.ts'
import { readIncidentOrDraft } from '../../src/domain/incidents/queries.ts'
import type { Unchecked } from '../../src/lib/fields.ts'
import { type World, world } from '../world.ts'

export const ada: Actor = { kind: 'operator', id: 'ada', name: 'Ada' }
export const probe: Actor = { kind: 'probe', id: 'probe-1', name: 'Search from here' }

export interface Desk extends World {
  /** Component ids. */
  readonly search: string
  readonly payments: string
  /** Ada does it. */
  does<T>(work: (change: Change) => Promise<T>): Promise<T>
  /** The engine does it, in the name of a probe. */
  engine<T>(work: (change: Change) => Promise<T>): Promise<T>
  opens(incident?: Partial<Unchecked<NewIncident>>): Promise<string>
  posts(id: string, update: Partial<Unchecked<NewUpdate>>): Promise<string>
  drafts(draft?: Partial<Unchecked<NewDraft>>): Promise<string>
  incident(id: string): Promise<Incident>
  /** What readers see of a component. */
  status(id: string): Promise<ComponentStatus>
  component(id: string): Promise<Component>
  /** Everything that happened since the desk was set up. */
  events(): Promise<LoggedEvent[]>
  /** Every row of every table, as text. */
  everything(): Promise<string>
}

/** A site in UTC with two components, at noon on 21 November 2026. */
export async function desk(): Promise<Desk> {
  const here = await world()
  const { db, change, clock } = here
  const does: Desk['does'] = (work) => change(ada, work)
  const engine: Desk['engine'] = (work) => change(probe, work)
  const search = await does((it) => createComponent(it, { name: 'Search' }))
  const payments = await does((it) => createComponent(it, { name: 'Card payments' }))
  const since = await here.latestVersion()
  const words = { body: 'Searches fail. We are looking into it.', stage: 'investigating' }
  const component: Desk['component'] = async (id) => {
    const found = (await here.readSnapshot()).components.find((each) => each.id === id)
    if (!found) throw new Error(`There is no component ${id}.`)
    return found
  }
  return {
    ...here,
    search,
    payments,
    does,
    engine,
    opens: (incident = {}) =>
      does((it) =>
        openIncident(it, {
          name: 'Search is slow',
          ...words,
          components: [{ id: search, status: 'partial_outage' }],
          ...incident,
        }),
      ),
    posts: (id, update) => does((it) => postUpdate(it, id, { body: 'We know more.', stage: 'identified', ...update })),
    drafts: (draft = {}) =>
      engine((it) =>
        draftIncident(it, {
          name: 'Search does not answer',
          body: 'Our checks of Search fail.',
          probeId: 'probe-1',
          components: [{ id: search, status: 'major_outage' }],
          beganAt: '2026-11-21T11:57:00Z',
          noticedAt: '2026-11-21T11:58:00Z',
          publishesAt: '2026-11-21T12:05:00Z',
          ...draft,
        }),
      ),
    async incident(id) {
      const found = await readIncidentOrDraft(db, id)
      if (!found) throw new Error(`There is no incident ${id}.`)
      return found
    },
    status: async (id) => (await here.readSnapshot()).components.find((each) => each.id === id)?.status ?? 'unknown',
    component,
    events: () => eventsAfter(db, since, 1000),
    everything: () => dump(here),
    clock,
  }
}

const tables = [
  'sites',
  'groups',
  'components',
  'impacts',
  'incidents',
  'updates',
  'maintenances',
  'maintenance_components',
  'maintenance_series',
  'notices',
  'component_days',
  'probes',
  'events',
] as const

async function dump({ db }: World): Promise<string> {
  const parts = await Promise.all(
    tables.map(async (table) => {
      const rows = await db.selectFrom(table).selectAll().execute()
      const lines = rows.map((row) => JSON.stringify(row)).toSorted()
      return `${table}\n${lines.join('\n')}`
    }),
  )
  return parts.join('\n\n')
}
