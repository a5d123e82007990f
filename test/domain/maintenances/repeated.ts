import { advanceMaintenances } from '../../../src/domain/maintenances/advance.ts'
import type { NewSeries, SeriesChanges } from '../../../src/domain/maintenances/input.ts'
import { openMaintenances } from '../../../src/domain/maintenances/queries.ts'
import { announceOccurrences, announceSeries } from '../../../src/domain/maintenances/repeating.ts'
import { changeSeries } from '../../../src/domain/maintenances/series-change.ts'
import type { Unchecked } from '../../../src/lib/fields.ts'
import { type Desk, desk } from '../desk.ts'

/** On a Saturday: every Tuesday night, unless another rule is given. */
export async function repeated(given: Partial<Unchecked<NewSeries>> = {}, at?: Desk) {
  const here = at ?? (await desk())
  const id = await here.does((it) =>
    announceSeries(it, {
      name: 'Index rebuild',
      body: 'Search is read-only.',
      plannedFrom: '2026-11-24T02:00:00Z',
      plannedUntil: '2026-11-24T04:00:00Z',
      components: [here.search],
      rule: 'FREQ=WEEKLY;BYDAY=TU',
      translations: { fr: { name: 'Reconstruction de l’index', body: 'La recherche est en lecture seule.' } },
      ...given,
    }),
  )
  const planned = async () => (await openMaintenances(here.db)).map(({ plannedFrom }) => plannedFrom.slice(0, 16))
  const ticks = async (): Promise<void> => {
    await announceOccurrences(here)
    await advanceMaintenances(here)
  }
  return { ...here, id, planned, ticks }
}

/** Every Wednesday night instead, from 25 November on. */
export const wednesdays = {
  name: 'Index rebuild',
  body: 'Search is read-only.',
  plannedFrom: '2026-11-25T02:00:00Z',
  plannedUntil: '2026-11-25T04:00:00Z',
  rule: 'FREQ=WEEKLY;BYDAY=WE',
  translations: { fr: { name: 'Reconstruction de l’index', body: 'La recherche est en lecture seule.' } },
}

/** One that repeats, and how it is changed as a whole. */
export async function changeable(given: Parameters<typeof repeated>[0] = {}) {
  const here = await repeated(given)
  const changes = (given: Partial<Unchecked<SeriesChanges>> = {}) =>
    here.does((it) => changeSeries(it, here.id, { ...wednesdays, components: [here.search], ...given }))
  return { ...here, changes }
}
