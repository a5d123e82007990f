import type { Told, ToldComponent, ToldSubject, ToldWord } from '../../../src/domain/deliveries/told.ts'
import { at } from '../../sample-snapshot.ts'
import { type Sentences, inOthers, names, said } from './sample-texts.ts'

export function sampleWord(id: string, stage: string, body: Sentences, more: Partial<ToldWord> = {}): ToldWord {
  return {
    id,
    stage,
    body: body.en,
    locale: 'en',
    translations: inOthers('body', body),
    at: at('2026-11-21T14:15:00.000Z'),
    nextUpdateBy: null,
    noPromiseReason: null,
    ...more,
  }
}

function component(id: string, groupId: string | null, name: Sentences, to: ToldComponent['to']): ToldComponent {
  return { id, groupId, name: name.en, translations: inOthers('name', name), from: 'operational', to }
}

export const sampleComponents = {
  cards: (to: ToldComponent['to']) => component('cards', 'money', names.cards, to),
  hooks: (to: ToldComponent['to']) => component('hooks', null, names.hooks, to),
}

const incident: ToldSubject = {
  noun: 'incident',
  id: 'inc1',
  name: names.failing.en,
  locale: 'en',
  translations: inOthers('name', names.failing),
  severity: 'critical',
  stage: 'investigating',
  beganAt: at('2026-11-21T13:05:00.000Z'),
  overAt: null,
  planned: null,
}

const work: ToldSubject = {
  ...incident,
  noun: 'maintenance',
  id: 'mnt1',
  name: names.moving.en,
  translations: inOthers('name', names.moving),
  severity: 'none',
  stage: 'scheduled',
  beganAt: at('2026-11-28T22:00:00.000Z'),
  planned: { from: at('2026-11-28T22:00:00.000Z'), until: at('2026-11-28T23:30:00.000Z') },
}

const notice: ToldSubject = {
  ...incident,
  noun: 'notice',
  id: 'ntc1',
  name: names.terms.en,
  translations: inOthers('name', names.terms),
  severity: 'none',
  stage: '',
}

const opened: Told = {
  event: 'incident.opened',
  kind: 'incident',
  moment: 'begins',
  subject: incident,
  word: sampleWord('u1', 'investigating', said.looking, { nextUpdateBy: at('2026-11-21T14:45:00.000Z') }),
  wordBefore: null,
  components: [sampleComponents.cards('major_outage'), sampleComponents.hooks('degraded_performance')],
}
const calm = [sampleComponents.cards('operational'), sampleComponents.hooks('operational')]
const over = { overAt: at('2026-11-21T14:02:00.000Z'), stage: 'resolved' } as const
const announced: Told = {
  ...opened,
  event: 'maintenance.announced',
  kind: 'maintenance',
  subject: work,
  word: sampleWord('u1', 'scheduled', said.work),
  components: [sampleComponents.cards('under_maintenance')],
}

/** Everything that can be told of, by the name of the event. */
export const sampleTold = {
  'incident.opened': opened,
  'incident.updated': {
    ...opened,
    event: 'incident.updated',
    moment: 'goes on',
    subject: { ...incident, stage: 'identified' },
    word: sampleWord('u2', 'identified', said.found, { at: at('2026-11-21T14:16:00.000Z'), noPromiseReason: null }),
  },
  'incident.resolved': {
    ...opened,
    event: 'incident.resolved',
    moment: 'ends',
    subject: { ...incident, ...over },
    word: sampleWord('u3', 'resolved', said.over),
    components: calm,
  },
  'incident.reopened': { ...opened, event: 'incident.reopened', word: null },
  'incident.changed': { ...opened, event: 'incident.changed', moment: 'goes on', word: null },
  'incident.annulled': {
    ...opened,
    event: 'incident.annulled',
    moment: 'ends',
    subject: { ...incident, ...over },
    word: null,
    components: calm,
  },
  'incident.widened': { ...opened, event: 'incident.widened', moment: 'goes on', word: null },
  'update.corrected': {
    ...opened,
    event: 'update.corrected',
    moment: 'goes on',
    wordBefore: sampleWord('u1', 'investigating', said.over),
  },
  'update.withdrawn': {
    ...opened,
    event: 'update.withdrawn',
    moment: 'goes on',
    word: null,
    wordBefore: sampleWord('u1', 'investigating', said.looking),
  },
  'review.published': {
    ...opened,
    event: 'review.published',
    kind: 'review',
    moment: 'ends',
    subject: { ...incident, ...over },
    word: null,
    components: calm,
  },
  'review.corrected': {
    ...opened,
    event: 'review.corrected',
    kind: 'review',
    moment: 'goes on',
    subject: { ...incident, ...over },
    word: null,
    components: calm,
  },
  'maintenance.announced': announced,
  'maintenance.reminded': { ...announced, event: 'maintenance.reminded', moment: 'goes on', word: null },
  'maintenance.changed': { ...announced, event: 'maintenance.changed', moment: 'goes on', word: null },
  'maintenance.began': {
    ...announced,
    event: 'maintenance.began',
    moment: 'goes on',
    subject: { ...work, stage: 'in_progress' },
    word: null,
  },
  'maintenance.updated': {
    ...announced,
    event: 'maintenance.updated',
    moment: 'goes on',
    subject: { ...work, stage: 'verifying' },
    word: null,
  },
  'maintenance.extended': {
    ...announced,
    event: 'maintenance.extended',
    moment: 'goes on',
    subject: { ...work, stage: 'in_progress' },
    word: null,
  },
  'maintenance.completed': {
    ...announced,
    event: 'maintenance.completed',
    moment: 'ends',
    subject: { ...work, stage: 'completed', overAt: at('2026-11-28T23:10:00.000Z') },
    word: null,
    components: calm,
  },
  'maintenance.cancelled': {
    ...announced,
    event: 'maintenance.cancelled',
    moment: 'ends',
    subject: { ...work, stage: 'cancelled' },
    word: null,
  },
  'notice.published': {
    ...opened,
    event: 'notice.published',
    kind: 'notice',
    subject: notice,
    word: sampleWord('u1', '', said.work),
    components: [],
  },
  'notice.changed': {
    ...opened,
    event: 'notice.changed',
    kind: 'notice',
    moment: 'goes on',
    subject: notice,
    word: null,
    components: [],
  },
  'notice.ended': {
    ...opened,
    event: 'notice.ended',
    kind: 'notice',
    moment: 'ends',
    subject: notice,
    word: null,
    components: [],
  },
} as const satisfies Record<string, Told>
