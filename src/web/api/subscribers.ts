import { Invalid, NotFound } from '../../lib/errors.ts'
import { anything } from '../../lib/fields.ts'
import { type Call, reads, writes } from './call.ts'
import { many, subscriberCount, subscriberHistogram } from './documents.ts'
import { managers, readers } from './scopes.ts'

const noun = 'Subscribers'
const none = { active: 0, unconfirmed: 0, quarantined: 0, total: 0 }

/** There are none yet, and that is what is answered: an empty list, noughts, and a plain no to who would add one. */
export const subscriberCalls: readonly Call[] = [
  reads({
    noun,
    path: '/pages/:page/subscribers/count',
    scopes: readers,
    summary: 'How many subscribers there are: none yet',
    answer: subscriberCount,
    read: async () => ({ email: 0, sms: 0, webhook: 0, integration_partner: 0, slack: 0, teams: 0 }),
  }),
  reads({
    noun,
    path: '/pages/:page/subscribers/histogram_by_state',
    scopes: readers,
    summary: 'How many subscribers there are, by their state: none yet',
    answer: subscriberHistogram,
    read: async () => ({
      email: none,
      sms: none,
      webhook: none,
      integration_partner: none,
      slack: none,
      teams: none,
    }),
  }),
  ...Object.entries({
    subscribers: 'Subscribers of the page: none yet',
    'subscribers/unsubscribed': 'Those who unsubscribed: nobody yet',
    'incidents/:incident/subscribers': 'Subscribers of an incident: none yet',
  }).map(([path, summary]) =>
    reads({
      noun,
      path: `/pages/:page/${path}`,
      scopes: readers,
      summary,
      answer: many(anything),
      read: async () => [],
    }),
  ),
  ...Object.entries({
    'subscribers/:id': 'A subscriber of the page: there is none yet',
    'incidents/:incident/subscribers/:id': 'A subscriber of an incident: there is none yet',
  }).map(([path, summary]) =>
    reads({
      noun,
      path: `/pages/:page/${path}`,
      scopes: readers,
      summary,
      answer: anything,
      read: async () => {
        throw new NotFound('There is no such subscriber.')
      },
    }),
  ),
  ...Object.entries({
    subscribers: 'Add a subscriber of the page: not possible yet',
    'incidents/:incident/subscribers': 'Add a subscriber of an incident: not possible yet',
  }).map(([path, summary]) =>
    writes({
      noun,
      method: 'POST',
      path: `/pages/:page/${path}`,
      scopes: managers,
      summary,
      answer: anything,
      write: async () => {
        throw new Invalid('cannot be added: this page has feeds and no subscribers yet', 'subscriber')
      },
    }),
  ),
]
