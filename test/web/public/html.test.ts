import { expect, test } from 'vitest'
import type { Snapshot } from '../../../src/domain/status/snapshot-types.ts'
import { locales } from '../../../src/domain/site/site.ts'
import { readerOf } from '../../../src/domain/site/reader.ts'
import { offeredChannels } from '../../../src/domain/subscribers/channel.ts'
import { frontModel } from '../../../src/web/public/front.ts'
import { searchModel } from '../../../src/web/public/search-page.ts'
import { faultOf } from '../../../src/web/public/subscribing/faults.ts'
import { anywhere, subscribeModel } from '../../../src/web/public/subscribing/subscribe-page.ts'
import { manageModel } from '../../../src/web/public/subscribing/subscription-pages.ts'
import { valuesOf } from '../../../src/web/public/subscribing/wish-form.ts'
import type { PublicViews } from '../../../src/web/public/views.ts'
import { htmlValidator } from '../../html-validator.ts'
import { badAfternoon } from '../../bad-afternoon.ts'
import { corrected } from '../../corrected.ts'
import { sampleSubscriber } from '../../sample-subscriber.ts'
import { sixStates } from '../../six-states.ts'
import { sampleComponent, sampleIncident, sampleMaintenance } from '../../sample-snapshot.ts'
import { draw, models } from './render.ts'

const validator = htmlValidator({
  extends: ['html-validate:standard', 'html-validate:a11y', 'html-validate:document'],
  // Our own script stands on our own server.
  rules: { 'require-sri': ['error', { target: 'crossorigin' }] },
})

/** Nothing was ever said or measured: lists are empty, and what is there has the least that it can have. */
const bare: Snapshot = {
  ...badAfternoon,
  groups: [],
  components: [{ ...sampleComponent('one', 'One'), status: 'unknown', statusSince: null }],
  measured: new Map(),
  openIncidents: [],
  openMaintenances: [],
  pastDays: [],
  notices: [],
  recentIncidents: [sampleIncident('none', 'An incident without a word', { severity: 'none', source: 'import' })],
  recentMaintenances: [sampleMaintenance('none', 'Work without a word', { stage: 'cancelled' })],
}

/** Names and texts that want to be markup. */
const hostile: Snapshot = {
  ...badAfternoon,
  components: badAfternoon.components.map((one) => ({ ...one, name: `"><b>${one.name}</b>&amp; '` })),
  recentIncidents: badAfternoon.recentIncidents.map((one) => ({
    ...one,
    name: `</h1><script>alert("1")</script> & ${one.name}`,
    updates: one.updates.map((update) => ({
      ...update,
      body: `<table><td>\n\n# A\n\n- b\n\n> c\n\n[d](http://e) \`f\``,
    })),
  })),
}

/** A notice that stands above the verdict. */
const pinned: Snapshot = {
  ...badAfternoon,
  notices: badAfternoon.notices.map((notice) => ({ ...notice, pinnedAt: notice.shownFrom })),
}

const states = {
  'a bad afternoon': badAfternoon,
  'corrected words': corrected,
  'nothing at all': bare,
  'hostile words': hostile,
}
const names = Object.keys(models(badAfternoon, 'en')) as (keyof PublicViews)[]
const cases = Object.entries(states).flatMap(([state, snapshot]) =>
  (state === 'a bad afternoon' ? locales : ['en', 'fa']).flatMap((locale) =>
    names.map((name) => ({ state, snapshot, locale, name })),
  ),
)

async function faultsIn(html: string): Promise<string[]> {
  const { results } = await validator.validateString(html)
  return results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, line, selector }) => `${line} ${ruleId}: ${message} (${selector ?? ''})`),
  )
}

test.each(cases)('$name in $locale is valid HTML: $state', async ({ snapshot, locale, name }) => {
  expect(await faultsIn(draw(name, models(snapshot, locale)[name]))).toEqual([])
})

test.each(Object.entries({ ...sixStates, 'a pinned notice': pinned }))(
  'the front page is valid HTML: %s',
  async (_, snapshot) => {
    const reader = readerOf(snapshot, 'en')
    expect(await faultsIn(draw('public/front', frontModel(snapshot, reader, 'https://status.example')))).toEqual([])
  },
)

const reader = readerOf(badAfternoon, 'en')
const around = { snapshot: badAfternoon, reader, url: 'https://status.example' }

test.each(['often', 'busy', 'unable'] as const)('a search that is not made is valid HTML: %s', async (why) => {
  const asked = { q: '"><b>', component: 'gone', kind: 'incident' } as const
  expect(await faultsIn(draw('public/search', searchModel(asked, why, badAfternoon, reader, around.url)))).toEqual([])
})

const fields = ['email', 'number', 'channel', 'kinds', 'scope', 'quietFrom', 'webhook', 'slack', 'zone']
test.each(fields)('a form that is refused is valid HTML, what is wrong with it too: %s', async (field) => {
  const fault = faultOf({ field }, reader.say)
  const offered = offeredChannels({ mail: true, sms: true, telegram: true })
  const push = { script: '/assets/push.js', origin: around.url, publicKey: 'k'.repeat(87) }
  const signUp = subscribeModel({
    ...around,
    offered,
    push,
    origin: anywhere,
    sent: { fields: { [field]: '"' }, fault },
  })
  const subscriber = sampleSubscriber(badAfternoon.components[0]?.id ?? '')
  const sent = { values: valuesOf(subscriber), fault }
  const own = manageModel(subscriber, { here: '/here', leave: '/leave', sent }, around)
  expect(await faultsIn(draw('public/subscribe', signUp))).toEqual([])
  expect(await faultsIn(draw('public/subscription-manage', own))).toEqual([])
})
