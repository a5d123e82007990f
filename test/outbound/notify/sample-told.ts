import type { ToldType } from '../../../src/domain/deliveries/tell.ts'
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
  severity: 'maintenance',
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
  stage: 'notice',
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

const noticed: Told = {
  ...opened,
  event: 'notice.published',
  kind: 'notice',
  subject: notice,
  word: sampleWord('ntc1', 'notice', said.work),
  components: [],
}

/** Everything that can be told of, by the name of the event. */
export const sampleTold = {
  'incident.opened': opened,
  'incident.updated': {
    ...opened,
    event: 'incident.updated',
    moment: 'goes on',
    subject: { ...incident, stage: 'identified' },
    word: sampleWord('u2', 'identified', said.found, { at: at('2026-11-21T14:16:00.000Z') }),
  },
  'incident.resolved': {
    ...opened,
    event: 'incident.resolved',
    moment: 'ends',
    subject: { ...incident, ...over },
    word: sampleWord('u3', 'resolved', said.over, { at: at('2026-11-21T14:18:00.000Z') }),
    components: calm,
  },
  'incident.reopened': { ...opened, event: 'incident.reopened' },
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
    word: sampleWord('u1', 'investigating', said.mistaken, { translations: {} }),
  },
  'review.published': {
    ...opened,
    event: 'review.published',
    kind: 'review',
    moment: 'ends',
    subject: { ...incident, ...over },
    word: sampleWord('r1', 'postmortem', said.found),
    components: calm,
  },
  'action.done': {
    ...opened,
    event: 'action.done',
    kind: 'review',
    moment: 'goes on',
    subject: { ...incident, ...over },
    word: sampleWord('a1', 'postmortem', said.found),
    components: calm,
  },
  'action.dropped': {
    ...opened,
    event: 'action.dropped',
    kind: 'review',
    moment: 'goes on',
    subject: { ...incident, ...over },
    word: sampleWord('a2', 'postmortem', said.mistaken),
    components: calm,
  },
  'maintenance.announced': announced,
  'maintenance.reminded': { ...announced, event: 'maintenance.reminded', moment: 'goes on', word: null },
  'maintenance.began': {
    ...announced,
    event: 'maintenance.began',
    subject: { ...work, stage: 'in_progress' },
    word: sampleWord('u2', 'in_progress', said.work),
  },
  'maintenance.updated': {
    ...announced,
    event: 'maintenance.updated',
    moment: 'goes on',
    subject: { ...work, stage: 'verifying' },
    word: sampleWord('u3', 'verifying', { en: '', fa: '', fr: '', 'pt-BR': '', 'zh-Hant': '' }),
  },
  'maintenance.completed': {
    ...announced,
    event: 'maintenance.completed',
    moment: 'ends',
    subject: { ...work, stage: 'completed', overAt: at('2026-11-28T23:10:00.000Z') },
    word: sampleWord('u4', 'completed', said.over),
    components: calm,
  },
  'maintenance.cancelled': {
    ...announced,
    event: 'maintenance.cancelled',
    moment: 'ends',
    subject: { ...work, stage: 'cancelled' },
    word: sampleWord('u4', 'cancelled', { en: '', fa: '', fr: '', 'pt-BR': '', 'zh-Hant': '' }),
  },
  'notice.published': noticed,
  'notice.shown': { ...noticed, event: 'notice.shown' },
  'notice.changed': { ...noticed, event: 'notice.changed' },
} as const satisfies Record<ToldType, Told>
