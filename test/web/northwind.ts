import type { Change } from '../../src/domain/changes/change.ts'
import { createComponent, setComponentStatus } from '../../src/domain/components/commands.ts'
import { createGroup } from '../../src/domain/components/groups.ts'
import { openIncident, postUpdate } from '../../src/domain/incidents/commands.ts'
import {
  announceMaintenance,
  beginMaintenance,
  cancelMaintenance,
  completeMaintenance,
} from '../../src/domain/maintenances/commands.ts'
import { setUpSite } from '../../src/domain/site/commands.ts'
import { type World, world } from '../world.ts'

export interface Northwind extends World {
  does<T>(work: (change: Change) => Promise<T>): Promise<T>
  readonly search: string
  readonly cards: string
  readonly payouts: string
}

/** A page with something of everything, in a zone whose offset changed three weeks ago; always the same bytes. */
export async function northwind(settings: Readonly<Record<string, string>> = {}): Promise<Northwind> {
  const here = await world(settings)
  const { clock, change } = here
  const does: Northwind['does'] = (work) => change({ kind: 'operator', id: 'ada', name: 'Ada' }, work)
  clock.set('2026-10-20T09:00:00.000Z')
  await change({ kind: 'setup' }, (it) =>
    setUpSite(it, { name: 'Northwind', zone: 'America/New_York', locale: 'en', description: null }),
  )
  const payments = await does((it) => createGroup(it, { name: 'Payments', description: 'Taking and giving money' }))
  const cards = await does((it) => createComponent(it, { name: 'Card payments', groupId: payments }))
  const payouts = await does((it) => createComponent(it, { name: 'Payouts', groupId: payments, bars: 'hidden' }))
  const search = await does((it) => createComponent(it, { name: 'Search', description: 'Finding <things> & people' }))
  await does((it) => createComponent(it, { name: 'Help', shown: 'degraded', startDate: '2026-01-01' }))

  clock.set('2026-10-29T14:05:06.789Z')
  const slow = await does((it) =>
    openIncident(it, {
      name: 'Search is slow',
      stage: 'investigating',
      body: 'Searches take 20 seconds.\nWe are looking into it.',
      components: [{ id: search, status: 'degraded_performance' }],
      beganAt: '2026-10-29T13:58:00Z',
    }),
  )
  clock.advance('20m')
  await does((it) => postUpdate(it, slow, { stage: 'update', body: 'We found **one** slow index.' }))
  clock.advance('20m')
  await does((it) => postUpdate(it, slow, { stage: 'monitoring', body: 'It is rebuilt.' }))
  clock.advance('20m')
  await does((it) =>
    postUpdate(it, slow, { stage: 'resolved', body: 'Searches are as fast as before.', deliver: 'no' }),
  )

  clock.set('2026-11-10T12:00:00.000Z')
  const moved = await announce(does, 'Moving the archive', '2026-11-12T03:00:00Z', '2026-11-12T04:00:00Z', [payouts])
  await announce(does, 'A larger search index', '2026-11-25T23:00:00Z', '2026-11-26T06:00:00Z', [search])
  const never = await announce(does, 'New cables', '2026-11-24T01:00:00Z', '2026-11-24T02:00:00Z', [])
  clock.set('2026-11-12T03:00:00.000Z')
  await does((it) => beginMaintenance(it, moved, { body: 'It begins.' }))
  clock.advance('45m')
  await does((it) => completeMaintenance(it, moved, { body: 'It is done.' }))
  await does((it) => cancelMaintenance(it, never, { body: 'The old ones will do.' }))

  clock.set('2026-11-21T11:30:00.000Z')
  const under = await announce(does, 'New ledgers', '2026-11-21T11:40:00Z', '2026-11-21T13:00:00Z', [payouts])
  clock.advance('10m')
  await does((it) => beginMaintenance(it, under, { body: 'Payouts wait until we are done.' }))
  clock.set('2026-11-21T11:50:00.000Z')
  await does((it) =>
    openIncident(it, {
      name: 'Cards are declined',
      stage: 'identified',
      body: 'One of two acquirers declines every card. Paying by transfer works.',
      components: [{ id: cards, status: 'partial_outage' }],
    }),
  )
  await does((it) => setComponentStatus(it, search, { status: 'degraded_performance' }))
  clock.set('2026-11-21T12:00:00.000Z')
  return { ...here, does, search, cards, payouts }
}

function announce(
  does: Northwind['does'],
  name: string,
  plannedFrom: string,
  plannedUntil: string,
  components: readonly string[],
): Promise<string> {
  return does((it) =>
    announceMaintenance(it, {
      name,
      body: 'We work on it at night.',
      plannedFrom,
      plannedUntil,
      components: [...components],
    }),
  )
}
