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
  ...(['subscribers', 'subscribers/unsubscribed', 'incidents/:incident/subscribers'] as const).map((path) =>
    reads({
      noun,
      path: `/pages/:page/${path}`,
      scopes: readers,
      summary: 'Subscribers: none yet',
      answer: many(anything),
      read: async () => [],
    }),
  ),
  ...(['subscribers/:id', 'incidents/:incident/subscribers/:id'] as const).map((path) =>
    reads({
      noun,
      path: `/pages/:page/${path}`,
      scopes: readers,
      summary: 'A subscriber: there is none yet',
      answer: anything,
      read: async () => {
        throw new NotFound('There is no such subscriber.')
      },
    }),
  ),
  ...(['subscribers', 'incidents/:incident/subscribers'] as const).map((path) =>
    writes({
      noun,
      method: 'POST',
      path: `/pages/:page/${path}`,
      scopes: managers,
      summary: 'Add a subscriber: not possible yet',
      answer: anything,
      write: async () => {
        throw new Invalid('cannot be added: this page has feeds and no subscribers yet', 'subscriber')
      },
    }),
  ),
]
