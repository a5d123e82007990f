import type { Snapshot } from '../../../src/domain/status/snapshot-types.ts'
import { sampleNotice, sampleSnapshot } from '../../sample-snapshot.ts'
import { called, incident, instances, onlyInTrouble, placed, site } from './sites.ts'

const [down, partly, slow] = ['major_outage', 'partial_outage', 'degraded_performance'] as const
const [planned, unknown, works] = ['under_maintenance', 'unknown', 'operational'] as const

const fine = { website: works, login: works, uploads: works } as const
const four = { api: works, cards: works, search: works, hooks: works } as const

/** States of a site that the verdict has to find a sentence for. */
export const states = {
  'nothing listed': sampleSnapshot(),
  'all works': site({ website: works, api: works }),
  'one system, and it works': site({ website: works }),
  'one system, and it is down': site({ website: down }),
  'a notice only': { ...site(fine), notices: [sampleNotice] },
  'one singular name is down': site({ api: down, ...fine }),
  'one plural name is down': site({ cards: down, ...fine }),
  'one is partly down': site({ login: partly, website: works, api: works, search: works }),
  'one is slow': site({ search: slow, ...fine }),
  'one is down, and one other works': site({ api: down, website: works }),
  'one is down, and two others work': site({ api: down, website: works, cards: works }),
  'what works is listed only in trouble': onlyInTrouble(site({ api: down, website: works })),
  'two are down': site({ api: down, cards: down, ...fine }),
  'three are down': site({ api: down, cards: down, hooks: down, ...fine }),
  'four are down, of seven': site({ api: down, cards: down, hooks: down, mail: down, ...fine }),
  'six are slow, of nine': site({
    api: slow,
    cards: slow,
    hooks: slow,
    mail: slow,
    payouts: slow,
    reports: slow,
    ...fine,
  }),
  'all but one are down': site({ api: down, cards: down, hooks: down, mail: down, website: works }),
  'all but two are slow': site({ api: slow, cards: slow, hooks: slow, mail: slow, website: works, login: works }),
  'all but one are partly down, and that one is down': site({
    api: down,
    cards: partly,
    hooks: partly,
    mail: partly,
    website: partly,
  }),
  'everything is down': site({ api: down, website: down }),
  'everything is slow': site({ api: slow, website: slow, cards: slow, search: slow }),
  'everything is partly down': site({ api: partly, website: partly, cards: partly }),
  'everything is under maintenance': site({ api: planned, website: planned }),
  'one is partly down, one is slow': site({ cards: partly, hooks: slow, ...fine }),
  'three kinds of trouble at once': site({ api: down, cards: partly, search: slow, ...fine }),
  'several of each of two kinds': site({ api: down, mail: down, cards: slow, search: slow, payouts: slow, ...fine }),
  'several of each of three kinds': site({
    api: down,
    mail: down,
    cards: partly,
    payouts: partly,
    search: slow,
    reports: slow,
    ...fine,
  }),
  'two kinds of trouble, and nothing works': site({ api: down, website: down, cards: slow }),
  'a whole group is partly down': placed({
    eu: { api: partly, cards: partly, search: partly, hooks: partly },
    asia: four,
  }),
  'two whole groups are down': placed({
    eu: { api: down, cards: down, search: down, hooks: down },
    asia: { api: down, cards: down, search: down, hooks: down },
    us: four,
  }),
  'four whole groups are down, and others not': placed({
    eu: { api: down, cards: down },
    asia: { api: down, cards: down },
    us: { api: down, cards: down },
    gulf: { api: down, cards: down },
    alone: fine,
  }),
  'a whole group, and one more': placed({
    eu: { api: down, cards: down, search: down, hooks: down },
    asia: { ...four, search: down },
  }),
  'most of one group': placed({ eu: { api: down, cards: down, search: down, mail: down, hooks: works }, asia: four }),
  'a whole group, and most of another': placed({
    eu: { api: slow, cards: slow, search: slow, hooks: slow },
    asia: { api: slow, cards: slow, search: slow, hooks: slow, mail: works, login: works },
    alone: { website: works },
  }),
  'shares of two groups': placed({
    eu: { api: slow, cards: slow, search: works, hooks: works },
    asia: { api: slow, cards: slow, search: slow, hooks: works },
    alone: { website: works },
  }),
  'many, here and there': placed({
    eu: { api: slow, cards: slow, search: slow, hooks: works },
    asia: { api: slow, cards: slow, search: slow, hooks: works },
    us: { api: slow, cards: slow, search: slow, hooks: works },
    gulf: { api: slow, cards: slow, search: works, hooks: works },
  }),
  'the same name in two groups': placed({ eu: { ...four, api: down }, asia: four }),
  'a group of one': placed({ eu: { api: down }, asia: { cards: works, search: works, hooks: works } }),
  'a group down, and another slow': placed({
    eu: { api: down, cards: down, search: down, hooks: down },
    asia: { api: slow, cards: slow, search: slow, hooks: slow },
    alone: fine,
  }),
  'an instance is down': instances(40, ['api', 'search'], (number) => (number === 7 ? down : works)),
  'one system of an instance is slow': instances(40, ['api', 'search'], (number, system) =>
    number === 7 && system === 'search' ? slow : works,
  ),
  'five instances are down': instances(40, ['api', 'search'], (number) => (number <= 5 ? down : works)),
  'hundreds of instances are slow': instances(1528, ['api'], (number) => (number % 5 === 0 ? slow : works)),
  'maintenance alone': site({ search: planned, ...fine }),
  'two under maintenance': site({ cards: planned, payouts: planned, ...fine }),
  'trouble beside maintenance and what is not measured': site({ api: partly, search: planned, mail: unknown, ...fine }),
  'maintenance, and nothing else is measured': site({ search: planned, mail: unknown }),
  'one is not measured, the rest works': site({ mail: unknown, ...fine }),
  'most is not measured': site({ mail: unknown, api: unknown, cards: unknown, hooks: unknown, website: works }),
  'nothing is measured': site({ mail: unknown, api: unknown }),
  'nothing is measured, and an incident is open': site({ mail: unknown }, [incident('Late invoices', 'identified')]),
  'all works, and an incident that named nothing is watched': site(fine, [incident('Late invoices', 'monitoring')]),
  'all works, and what was down is watched': site({ search: works, ...fine }, [
    incident('No search', 'monitoring', ['search']),
  ]),
  'all works, and an incident is open': site(fine, [incident('Late invoices', 'investigating')]),
  'all works, and two incidents are open': site(fine, [
    incident('Late invoices', 'investigating'),
    incident('Wrong totals', 'monitoring'),
  ]),
  'all works, and five incidents are open': site(
    fine,
    ['One', 'Two', 'Three', 'Four', 'Five'].map((name) => incident(name, 'identified')),
  ),
  'all works, and an incident with a long title is open': site(fine, [
    incident('Invoices of customers who pay by transfer from abroad arrive two days late', 'identified'),
  ]),
  'one is down with its incident, and another incident names nothing': site({ api: down, ...fine }, [
    incident('No answers', 'investigating', ['api']),
    incident('Late invoices', 'investigating'),
  ]),
  'everything is down, and an incident names nothing': site({ api: down, website: down }, [
    incident('Nothing answers', 'investigating'),
  ]),
  'names with quotes, digits and marks': called(['Bob’s “Plan B”', '2FA', 'R&D <beta>'], down),
  'names with their own full stops and brackets': called(['Acme Inc.', 'Mail (old)'], slow),
  'a name in Persian and one in Chinese': called(['درگاه پرداخت', '台北機房'], partly),
  'a very long name': called([`Reconciliation ${'of transfers between branches '.repeat(4)}overnight`], slow),
} as const satisfies Record<string, Snapshot>
