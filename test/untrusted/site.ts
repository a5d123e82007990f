import { invite } from '../../src/domain/accounts/invitations.ts'
import { newToken, personName } from '../../src/domain/accounts/input.ts'
import { createToken } from '../../src/domain/accounts/tokens.ts'
import { changeDetails } from '../../src/domain/accounts/commands.ts'
import { addJargon } from '../../src/domain/coach/jargon.ts'
import { createComponent } from '../../src/domain/components/commands.ts'
import { createGroup } from '../../src/domain/components/groups.ts'
import { newComponent, newGroup } from '../../src/domain/components/input.ts'
import { openIncident, postUpdate, changeIncident } from '../../src/domain/incidents/commands.ts'
import { draftIncident } from '../../src/domain/incidents/drafts.ts'
import { incidentChanges, newDraft, newIncident, newUpdate } from '../../src/domain/incidents/input.ts'
import { planUpdate } from '../../src/domain/incidents/waiting.ts'
import {
  announceMaintenance,
  beginMaintenance,
  cancelMaintenance,
  postMaintenanceUpdate,
} from '../../src/domain/maintenances/commands.ts'
import { maintenanceUpdate, maintenanceWord, newMaintenance, newSeries } from '../../src/domain/maintenances/input.ts'
import { announceSeries } from '../../src/domain/maintenances/repeating.ts'
import { createMetric } from '../../src/domain/metrics/commands.ts'
import { newNotice } from '../../src/domain/notices/input.ts'
import { publishNotice } from '../../src/domain/notices/commands.ts'
import { addPlace } from '../../src/domain/places/commands.ts'
import { createProbe } from '../../src/domain/probes/commands.ts'
import { letClockGo, startClock } from '../../src/domain/regulators/commands.ts'
import { newClock, reason } from '../../src/domain/regulators/input.ts'
import { addAction } from '../../src/domain/reviews/actions.ts'
import { draftReview, publishReview } from '../../src/domain/reviews/commands.ts'
import { draftWords, newAction, newReview } from '../../src/domain/reviews/input.ts'
import { updateCorrection, withdrawal } from '../../src/domain/revisions/input.ts'
import { correctUpdate, withdrawUpdate } from '../../src/domain/revisions/words.ts'
import { changeSite } from '../../src/domain/site/commands.ts'
import { siteChanges } from '../../src/domain/site/input.ts'
import { createTemplate } from '../../src/domain/templates/commands.ts'
import { givenTemplate } from '../../src/domain/templates/input.ts'
import { type Person, people } from '../people.ts'
import { type World, world } from '../world.ts'
import { type Text, filled } from './filled.ts'

export interface Told {
  readonly here: World
  readonly ada: Person
  /** By the noun that stands before it in an address. */
  readonly ids: Readonly<Record<string, string>>
  readonly slug: string
}

/** A page of which every word that an operator can write is one of these. */
export async function told(words: Text): Promise<Told> {
  let count = 0
  // No two are the same: what is changed to what it was is no change.
  const text: Text = (kind, most) => `${words(kind, most - 5)} ${++count}`
  const here = await world()
  const { ada } = await people(here)
  const { clock } = here
  const one = <T>(work: Parameters<typeof here.change<T>>[1]): Promise<T> =>
    here.change({ kind: 'operator', id: ada.id, name: 'Ada' }, work)

  clock.set('2026-11-10T12:00:00.000Z')
  await one((it) => changeSite(it, filled(siteChanges, text, { locale: 'en', zone: 'UTC' })))
  await one((it) =>
    changeDetails(it, ada.id, filled(personName, text, { name: `Ada ${text('line', 70)}`, email: 'ada@example.org' })),
  )
  const group = await one((it) =>
    createGroup(it, filled(newGroup, text, { name: `A ${text('line', 110)}`, instanceKey: 'EU7' })),
  )
  // Both have the first position, one of the page and one of its group: their names decide which comes first.
  const component = await one((it) =>
    createComponent(it, filled(newComponent, text, { name: `B ${text('line', 110)}`, groupId: group })),
  )
  // Later, so that which comes first does not hang on how many ids were taken by words that were refused.
  clock.advance('1m')
  const other = await one((it) => createComponent(it, filled(newComponent, text, { name: `C ${text('line', 110)}` })))
  const probe = await one((it) =>
    createProbe(it, { componentId: component, url: 'https://example.com', name: text('line', 100) }),
  )
  await one((it) => addPlace(it, { name: text('line', 60) } as never))
  await one((it) => createToken(it, filled(newToken, text, { scope: 'read' })))
  await one((it) => invite(it, { email: 'cy@example.org', role: 'viewer' }))
  await one((it) => addJargon(it, { word: `k8s ${text('line', 40)}`, instead: text('line', 100) }))
  const template = await one((it) =>
    createTemplate(it, filled(givenTemplate, withoutPlaces(text), { use: 'incident' })),
  )
  const metric = await one((it) =>
    createMetric(it, {
      name: text('line', 100),
      suffix: text('line', 20),
      decimals: 1,
      componentId: other,
      shown: 'yes',
    }),
  )

  const over = await one((it) =>
    openIncident(
      it,
      filled(newIncident, text, {
        stage: 'investigating',
        components: [{ id: other, status: 'major_outage' }],
        noPromiseReason: null,
      }),
    ),
  )
  const first = await one((it) =>
    postUpdate(it, over, filled(newUpdate, text, { stage: 'identified', noPromiseReason: null })),
  )
  const second = await one((it) =>
    postUpdate(it, over, filled(newUpdate, text, { stage: 'update', noPromiseReason: null })),
  )
  clock.advance('1h')
  await one((it) => postUpdate(it, over, filled(newUpdate, text, { stage: 'resolved', noPromiseReason: null })))
  await one((it) => changeIncident(it, over, filled(incidentChanges, text)))
  await one((it) => correctUpdate(it, first, filled(updateCorrection, text)))
  await one((it) => withdrawUpdate(it, second, filled(withdrawal, text)))
  await one((it) =>
    publishReview(
      it,
      over,
      filled(newReview, text, { as: 'final', actions: [filled(newAction, text, { dueOn: '2026-12-01' })], seen: null }),
    ),
  )
  const action = await one((it) => addAction(it, over, filled(newAction, text, { dueOn: '2026-12-02' })))

  clock.set('2026-11-21T09:00:00.000Z')
  const incident = await one((it) =>
    openIncident(
      it,
      filled(newIncident, text, {
        stage: 'investigating',
        components: [{ id: component, status: 'partial_outage' }],
        nextUpdateBy: null,
      }),
    ),
  )
  await one((it) =>
    postUpdate(
      it,
      incident,
      filled(newUpdate, text, { stage: 'update', nextUpdateBy: '2026-11-22T10:00:00Z', noPromiseReason: null }),
    ),
  )
  await one((it) =>
    planUpdate(it, incident, {
      word: filled(newUpdate, text, { stage: 'monitoring', noPromiseReason: null }),
      publishesAt: '2026-11-21T13:00:00.000Z',
    } as never),
  )
  const clockId = await one((it) =>
    startClock(
      it,
      incident,
      filled(newClock, text, {
        regime: 'custom',
        awareAt: '2026-11-21T08:00:00Z',
        amount: 3,
        unit: 'days',
        runsFrom: 'aware',
      }),
    ),
  )
  const let_ = await one((it) => startClock(it, incident, { regime: 'gdpr', awareAt: '2026-11-21T08:00:00Z' } as never))
  await one((it) => letClockGo(it, let_, filled(reason, text)))
  const draft = await one((it) =>
    draftIncident(
      it,
      filled(newDraft, text, {
        beganAt: '2026-11-21T08:00:00Z',
        components: [{ id: other, status: 'major_outage' }],
        noPromiseReason: null,
      }),
    ),
  )
  await one((it) => draftReview(it, incident, filled(draftWords, text, { seen: null })).catch(() => undefined))

  const plan = { plannedFrom: '2026-11-21T09:30:00Z', plannedUntil: '2026-11-21T20:00:00Z', components: [other] }
  const maintenance = await one((it) => announceMaintenance(it, filled(newMaintenance, text, plan)))
  clock.set('2026-11-21T09:40:00.000Z')
  await one((it) => beginMaintenance(it, maintenance, filled(maintenanceWord, text)))
  await one((it) => postMaintenanceUpdate(it, maintenance, filled(maintenanceUpdate, text, { stage: 'verifying' })))
  const later = { plannedFrom: '2026-11-25T09:30:00Z', plannedUntil: '2026-11-25T20:00:00Z', components: [component] }
  await one((it) => announceMaintenance(it, filled(newMaintenance, text, later)))
  const never = await one((it) => announceMaintenance(it, filled(newMaintenance, text, later)))
  await one((it) => cancelMaintenance(it, never, filled(maintenanceWord, text)))
  const series = await one((it) => announceSeries(it, filled(newSeries, text, { ...later, rule: 'FREQ=WEEKLY' })))
  const notice = await one((it) => publishNotice(it, filled(newNotice, text)))
  clock.set('2026-11-21T12:00:00.000Z')
  const { slug } = await here.db
    .selectFrom('components')
    .select('slug')
    .where('id', '=', component)
    .executeTakeFirstOrThrow()
  const { publication } = await here.app()
  await publication.refresh()
  return {
    here,
    ada,
    slug,
    ids: {
      incidents: incident, over, maintenances: maintenance, never, notices: notice, components: component, groups: group, probes: probe,
      templates: template, metrics: metric, charts: metric, actions: action, clocks: clockId, drafts: draft, series,
    }, // prettier-ignore
  }
}

/** A template refuses places that it does not know. */
function withoutPlaces(text: Text): Text {
  return (kind, most) => text(kind, most).replaceAll(/\{\{|\}\}/g, '')
}
