import type { Incident, Update } from '../src/domain/incidents/incident.ts'
import type { Facts, Revision } from '../src/domain/revisions/revision.ts'
import type { Snapshot } from '../src/domain/status/snapshot-types.ts'
import { badAfternoon } from './bad-afternoon.ts'
import { at } from './sample-snapshot.ts'

const persian = {
  before: 'پرداخت‌های کارتی از ساعت ۱۳:۴۲ ناموفق است.',
  since: 'برخی پرداخت‌های کارتی از ساعت ۱۳:۳۱ ناموفق است.',
}

/** The bad afternoon, whose words and facts were corrected since: in both languages, in one of them, or not at all. */
export const corrected: Snapshot = { ...badAfternoon, ...incidentsOf(badAfternoon) }

function incidentsOf({
  openIncidents,
  recentIncidents,
}: Snapshot): Pick<Snapshot, 'openIncidents' | 'recentIncidents'> {
  return { openIncidents: openIncidents.map(correct), recentIncidents: recentIncidents.map(correct) }
}

function correct(incident: Incident): Incident {
  if (incident.id !== 'cards') return incident
  const [second, first] = incident.updates as [Update, Update]
  return {
    ...incident,
    severity: 'critical',
    severityOverride: 'critical',
    updates: [
      { ...second, body: second.body.replace('one of our two', 'one of our three'), revision: 1 },
      { ...first, translations: { fa: { body: persian.since } }, revision: 1, translates: { fa: 1 } },
    ],
    withdrawn: [
      {
        id: 'gone',
        stage: 'identified',
        author: 'Ines, payments on-call',
        locale: 'en',
        displayedAt: at('2026-11-21T14:13:00.000Z'),
        withdrawnAt: at('2026-11-21T14:16:00.000Z'),
        reason: 'It was about another incident.',
        translations: { fa: { reason: 'دربارهٔ رخداد دیگری بود.' } },
      },
    ],
    revisions: [
      revision(
        'r1',
        'u2',
        '14:12',
        texts({ en: second.body.replace('rejects', 'regects') }, { en: second.body }),
        null,
      ),
      revision(
        'r2',
        'u2',
        '14:15',
        texts({ en: second.body }, { en: second.body.replace('one of our two', 'one of our three') }),
        'We have three of them.',
      ),
      revision(
        'r3',
        'u1',
        '13:59',
        texts({ en: first.body.replace('13:42', '13:45'), fa: persian.before }, { en: first.body, fa: persian.since }),
        'The logs show it.',
      ),
      fact('r4', '14:02', { name: 'Card payments fail' }, { name: incident.name }),
      fact('r5', '14:03', { beganAt: at('2026-11-21T13:45:00.000Z') }, { beganAt: incident.beganAt }),
      fact('r6', '14:04', { severity: 'major' }, { severity: 'critical' }),
      impact('r7', '14:05', ['partial_outage', '13:45', null], ['partial_outage', '13:42', null]),
      impact('r8', '14:06', null, ['degraded_performance', '13:50', null]),
      impact('r9', '14:07', ['major_outage', '13:50', '13:55'], null),
    ],
  }
}

type Change = Pick<Revision, 'before' | 'after'>

function texts(before: Facts, after: Facts): Change {
  return { before: { texts: before }, after: { texts: after } }
}

function revision(id: string, subject: string, time: string, change: Change, reason: string | null): Revision {
  const when = at(`2026-11-21T${time}:00.000Z`)
  const translations = {}
  const common = { of: 'update', owner: 'cards', author: 'Ada', shown: 'yes', annulment: null } as const
  return { id, subject, at: when, reason, translations, ...common, ...change }
}

function fact(id: string, time: string, before: Facts, after: Facts): Revision {
  return { ...revision(id, 'cards', time, { before, after }, 'The logs show it.'), of: 'incident' }
}

type Interval = readonly [status: string, from: string, until: string | null]

function impact(id: string, time: string, before: Interval | null, after: Interval | null): Revision {
  const facts = (interval: Interval | null): Facts | null =>
    interval && {
      component: 'card-payments',
      status: interval[0],
      beganAt: at(`2026-11-21T${interval[1]}:00.000Z`),
      endedAt: interval[2] && at(`2026-11-21T${interval[2]}:00.000Z`),
    }
  return { ...revision(id, id, time, { before: facts(before), after: facts(after) }, 'The logs.'), of: 'impact' }
}
