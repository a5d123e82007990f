import type { ComponentStatus } from '../../../src/domain/components/component.ts'
import type { Snapshot } from '../../../src/domain/status/snapshot-types.ts'
import {
  type SampleComponent,
  sampleComponent,
  sampleDays,
  sampleGroup,
  sampleIncident,
  sampleSnapshot,
} from '../../sample-snapshot.ts'

const days = sampleDays()

function one(id: string, name: string, status: ComponentStatus, more: Partial<SampleComponent> = {}): SampleComponent {
  return sampleComponent(id, name, status, { days, ...more })
}

const cards = {
  translations: {
    fr: { name: 'Paiements par carte' },
    'pt-BR': { name: 'Pagamentos com cartão' },
    fa: { name: 'پرداخت با کارت' },
    'zh-Hant': { name: '卡片付款' },
  },
} as const

const europe = sampleGroup('eu', 'Europe', {
  position: 1,
  translations: { fa: { name: 'اروپا' }, 'zh-Hant': { name: '歐洲' }, 'pt-BR': { name: 'Europa' } },
})
const asia = sampleGroup('asia', 'Asia', {
  position: 2,
  translations: { fr: { name: 'Asie' }, fa: { name: 'آسیا' }, 'zh-Hant': { name: '亞洲' }, 'pt-BR': { name: 'Ásia' } },
})

/** Twelve systems, six in Europe and six in Asia. */
function world(status: (place: 'eu' | 'asia', index: number) => ComponentStatus): Snapshot {
  const components = (['eu', 'asia'] as const).flatMap((groupId) =>
    Array.from({ length: 6 }, (_, index) =>
      one(`${groupId}-${index}`, index === 0 ? 'API' : `Region ${groupId} ${index}`, status(groupId, index), {
        groupId,
      }),
    ),
  )
  return sampleSnapshot({ groups: [europe, asia], components })
}

const website = one('website', 'Website', 'operational')
const snapshot = (components: readonly SampleComponent[], more: Partial<Snapshot> = {}): Snapshot =>
  sampleSnapshot({ components, ...more })

/** States of a site that the verdict has to find a sentence for. */
export const states = {
  'nothing listed': snapshot([]),
  'all works': snapshot([website, one('api', 'API', 'operational')]),
  'one system, and it works': snapshot([website]),
  'one plural name is partly down, one is slow': snapshot([
    one('cards', 'Card payments', 'partial_outage', cards),
    one('hooks', 'Webhooks', 'degraded_performance'),
    website,
  ]),
  'one singular name is down': snapshot([one('api', 'API', 'major_outage'), website]),
  'three names are down, nothing else is listed in that state': snapshot([
    one('api', 'API', 'major_outage'),
    one('cards', 'Card payments', 'major_outage', cards),
    one('hooks', 'Webhooks', 'major_outage'),
    website,
  ]),
  'everything is down': snapshot([one('api', 'API', 'major_outage'), one('website', 'Website', 'major_outage')]),
  'a whole group is partly down': world((place) => (place === 'eu' ? 'partial_outage' : 'operational')),
  'some of one group are down': world((place, index) => (place === 'eu' && index < 4 ? 'major_outage' : 'operational')),
  'some of several groups are slow': world((_, index) => (index < 3 ? 'degraded_performance' : 'operational')),
  'the same name in two groups': world((place, index) =>
    place === 'eu' && index === 0 ? 'major_outage' : 'operational',
  ),
  'three kinds of trouble at once': snapshot([
    one('api', 'API', 'major_outage'),
    one('cards', 'Card payments', 'partial_outage', cards),
    one('search', 'Search', 'degraded_performance'),
    website,
  ]),
  'maintenance alone': snapshot([one('search', 'Search', 'under_maintenance'), website]),
  'trouble beside maintenance and what is not measured': snapshot([
    one('api', 'API', 'partial_outage'),
    one('search', 'Search', 'under_maintenance'),
    one('mail', 'E-mail', 'unknown'),
    website,
  ]),
  'maintenance, and nothing else is measured': snapshot([
    one('search', 'Search', 'under_maintenance'),
    one('mail', 'E-mail', 'unknown'),
  ]),
  'some not measured, the rest works': snapshot([one('mail', 'E-mail', 'unknown'), website]),
  'nothing is measured': snapshot([one('mail', 'E-mail', 'unknown'), one('api', 'API', 'unknown')]),
  'all works, and an incident is watched': snapshot([website], {
    openIncidents: [sampleIncident('a', 'Search was slow', { stage: 'monitoring' })],
  }),
  'all works, and two incidents are open': snapshot([website], {
    openIncidents: [sampleIncident('a', 'Late invoices'), sampleIncident('b', 'Wrong totals', { stage: 'monitoring' })],
  }),
} as const satisfies Record<string, Snapshot>
