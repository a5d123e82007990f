import { changeIncident, openIncident, postUpdate, reopenIncident } from '../../../src/domain/incidents/commands.ts'
import { draftIncident, publishDraft } from '../../../src/domain/incidents/drafts.ts'
import {
  announceMaintenance,
  beginMaintenance,
  cancelMaintenance,
  completeMaintenance,
  postMaintenanceUpdate,
} from '../../../src/domain/maintenances/commands.ts'
import { announceSeries, endSeries } from '../../../src/domain/maintenances/repeating.ts'
import { changeMaintenance, extendMaintenance } from '../../../src/domain/maintenances/replan.ts'
import { changeNotice, endNotice, publishNotice } from '../../../src/domain/notices/commands.ts'
import { explain } from '../../../src/domain/probes/engine/explaining.ts'
import { addAction, changeAction, completeAction, dropAction } from '../../../src/domain/reviews/actions.ts'
import { correctReview, publishReview } from '../../../src/domain/reviews/commands.ts'
import { annul } from '../../../src/domain/revisions/annulling.ts'
import { addImpact, correctImpact, removeImpact } from '../../../src/domain/revisions/impacts.ts'
import { correctUpdate, withdrawUpdate } from '../../../src/domain/revisions/words.ts'
import { type Moves, french, harms, words } from './hand.ts'

const reason = 'We looked again.'

/** What operators say, and take back. */
export const said: Moves = {
  'an incident': async ({ does, lot, one, draw, at }) => {
    const components = draw([[], [{ id: await one('components'), status: draw(harms) }]])
    const begun = draw([{}, { beganAt: at(-30) }, { beganAt: at(-60 * 30) }])
    const promised = draw([{}, { nextUpdateBy: at(40) }, { noPromiseReason: 'It is over when it is.' }])
    return does((it) =>
      openIncident(it, {
        ...words(lot),
        stage: 'investigating',
        components,
        ...begun,
        ...promised,
        translations: draw([{}, french(lot)]),
      }),
    )
  },
  'a draft that is published': async ({ here, does, lot, one }) => {
    const components = [{ id: await one('components'), status: 'major_outage' as const }]
    const id = await does((it) =>
      draftIncident(it, { ...words(lot), components, beganAt: here.clock.now(), stage: 'investigating' }),
    )
    return does((it) => publishDraft(it, id))
  },
  'an update': async ({ does, lot, one, draw }) => {
    const [id, component] = [await one('incidents'), await one('components')]
    const components = draw([{}, { components: [{ id: component, status: draw(['operational', ...harms]) }] }])
    const stage = draw(['update', 'identified', 'monitoring', 'resolved'] as const)
    return does((it) =>
      postUpdate(it, id, {
        body: `Update ${lot}`,
        stage,
        ...components,
        translations: draw([{}, { fr: { body: `Suite ${lot}` } }]),
      }),
    )
  },
  'it is not over': async ({ does, lot, one }) => {
    const id = await one('incidents')
    return does((it) => reopenIncident(it, id, { body: `Again ${lot}`, stage: 'investigating' }))
  },
  'an incident is corrected': async ({ does, lot, one, draw, at }) => {
    const id = await one('incidents')
    const change = draw([
      { name: `Better ${lot}` },
      { beganAt: at(-200) },
      { noticedAt: at(-10) },
      { overAt: at(-2) },
      { severityOverride: draw(['minor', 'major', 'critical'] as const) },
      { translations: { fr: { name: `Mieux ${lot}` } } },
    ])
    return does((it) => changeIncident(it, id, { ...change, reason }))
  },
  'a word is corrected': async ({ does, lot, one, draw }) => {
    const id = await one('updates')
    const change = draw([{ body: `Right ${lot}` }, { translations: { fr: { body: `Juste ${lot}` } } }])
    return does((it) => correctUpdate(it, id, { ...change, reason }))
  },
  'a word is withdrawn': async ({ does, one }) => {
    const id = await one('updates')
    return does((it) => withdrawUpdate(it, id, { reason }))
  },
  'an impact is corrected': async ({ does, one, draw, at }) => {
    const id = await one('impacts')
    const change = draw([{ status: draw(harms) }, { beganAt: at(-300) }, { endedAt: at(-3) }])
    return does((it) => correctImpact(it, id, { ...change, reason }))
  },
  'an impact is added': async ({ does, one, draw, at }) => {
    const [id, component] = [await one('incidents'), await one('components')]
    return does((it) =>
      addImpact(it, id, { reason, component, status: draw(harms), beganAt: at(-90), endedAt: at(-20) }),
    )
  },
  'an impact is removed': async ({ does, one }) => {
    const id = await one('impacts')
    return does((it) => removeImpact(it, id, { reason }))
  },
  'it was none': async ({ does, one }) => {
    const id = await one('incidents')
    return does((it) => annul(it, id, { reason }))
  },
  'a review': async ({ does, lot, one, draw }) => {
    const id = await one('incidents')
    const heads = { happened: `What ${lot}`, why: `Why ${lot}` }
    const actions = [{ title: `To do ${lot}`, dueOn: draw(['2026-11-20', '2026-12-24']) }]
    return does((it) => publishReview(it, id, { heads, actions, as: draw(['preliminary', 'final'] as const) }))
  },
  'a review is corrected': async ({ does, lot, one }) => {
    const id = await one('incidents')
    return does((it) => correctReview(it, id, { heads: { happened: `Other ${lot}` }, reason }))
  },
  'an action': async ({ does, lot, one, draw }) => {
    const [incident, id] = [await one('incidents'), await one('actions')]
    return draw([
      () => does((it) => addAction(it, incident, { title: `Do ${lot}`, dueOn: '2026-11-22' })),
      () => does((it) => changeAction(it, id, { title: `Do ${lot}` })),
      () => does((it) => completeAction(it, id, { word: `Done ${lot}` })),
      () => does((it) => dropAction(it, id, { word: `No ${lot}` })),
    ])()
  },
  'planned work': async ({ does, lot, one, draw, at }) => {
    const from = draw([5, 60, 60 * 24 * 9])
    const window = { plannedFrom: at(from), plannedUntil: at(from + 60) }
    const components = draw([[], [await one('components')]])
    const runsBy = draw(['clock', 'hand'] as const)
    return does((it) =>
      announceMaintenance(it, { ...words(lot), ...window, components, runsBy, translations: french(lot) }),
    )
  },
  'work that repeats': async ({ does, lot, one, at }) => {
    const components = [await one('components')]
    const window = { plannedFrom: at(60), plannedUntil: at(120) }
    return does((it) => announceSeries(it, { ...words(lot), ...window, components, rule: 'FREQ=DAILY' }))
  },
  'it repeats no more': async ({ does, one }) => {
    const id = await one('maintenance_series')
    return does((it) => endSeries(it, id, { word: { body: 'No more.' } }))
  },
  'a word on work': async ({ does, lot, one, draw, at }) => {
    const [id, component] = [await one('maintenances'), await one('components')]
    const body = `Work ${lot}`
    return draw([
      () => does((it) => beginMaintenance(it, id, { body })),
      () => does((it) => completeMaintenance(it, id, { body })),
      () => does((it) => cancelMaintenance(it, id, { body })),
      () =>
        does((it) =>
          postMaintenanceUpdate(it, id, { body, stage: draw(['scheduled', 'in_progress', 'verifying'] as const) }),
        ),
      () => does((it) => extendMaintenance(it, id, { body, plannedUntil: at(60 * 24 * 12) })),
      () => does((it) => changeMaintenance(it, id, { body, plannedFrom: at(30), plannedUntil: at(95) })),
      () => does((it) => changeMaintenance(it, id, { name: `Work ${lot}`, components: [component] })),
      () => does((it) => changeMaintenance(it, id, { translations: { fr: { name: `Travaux ${lot}` } } })),
    ])()
  },
  'a notice': ({ does, lot, draw, at }) =>
    does((it) =>
      publishNotice(it, {
        ...words(lot),
        ...draw([{}, { shownFrom: at(30) }, { shownUntil: at(20) }]),
        pinned: draw(['yes', 'no'] as const),
        translations: french(lot),
      }),
    ),
  'another notice': async ({ does, lot, one, draw, at }) => {
    const id = await one('notices')
    return draw([
      () => does((it) => changeNotice(it, id, { body: `Notice ${lot}` })),
      () => does((it) => changeNotice(it, id, { shownUntil: at(10) })),
      () => does((it) => changeNotice(it, id, { pinned: draw(['yes', 'no'] as const) })),
      () => does((it) => changeNotice(it, id, { translations: french(lot) })),
      () => does((it) => endNotice(it, id)),
    ])()
  },
  'why they disagree': async ({ does, lot, one }) => {
    const id = await one('components')
    return does((it) => explain(it, id, { body: `Because ${lot}` }))
  },
}
