import { type Deed, type Role, may } from '../../../domain/accounts/account.ts'
import type { Actor } from '../../../domain/changes/actor.ts'
import type { Noun } from '../../../domain/changes/events.ts'

/** What the log can be sifted by. A noun without words does not compile. */
export const nounsInWords: Readonly<Record<Noun, string>> = {
  incident: 'Incidents',
  update: 'Updates that wait',
  message: 'What subscribers are told',
  delivery: 'Whether it reaches anybody',
  promise: 'Promises',
  maintenance: 'Maintenance',
  notice: 'Notices',
  review: 'Reviews',
  action: 'Actions of reviews',
  clock: 'Clocks for authorities',
  impact: 'What was affected',
  report: 'Reports of readers',
  component: 'Systems',
  components: 'The order of systems',
  group: 'Groups',
  template: 'Templates',
  probe: 'Probes',
  heartbeat: 'Heartbeats',
  place: 'Places',
  metric: 'Metrics',
  subscriber: 'Subscribers',
  account: 'People',
  token: 'Tokens',
  alert: 'How operators are called',
  site: 'The page and its settings',
  ledger: 'The ledger',
}

export function isNoun(text: string): text is Noun {
  return Object.hasOwn(nounsInWords, text)
}

/** By which means somebody did something. */
export const meansInWords: Readonly<Record<Actor['kind'], string>> = {
  operator: 'at the desk',
  token: 'with a token',
  probe: 'by what it measured',
  clock: 'when its time came',
  command: 'on the command line',
  setup: 'without being signed in',
}

/** What a probe asks is for those who may see it on its own page. */
const deedOf: Partial<Readonly<Record<Noun, Deed>>> = { probe: 'probe', heartbeat: 'probe', place: 'probe' }

export function maySeeFields(role: Role, noun: Noun): boolean {
  return may(role, deedOf[noun] ?? 'see')
}
