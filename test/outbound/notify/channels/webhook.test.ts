import { Webhook, WebhookVerificationError } from 'standardwebhooks'
import { expect, test } from 'vitest'
import type { Outcome } from '../../../../src/outbound/notify/channel.ts'
import { webhook } from '../../../../src/outbound/notify/channels/webhook.ts'
import type { Letter } from '../../../../src/outbound/notify/letter.ts'
import { type Received, receiver, sendingParts } from '../receiver.ts'
import { letter } from '../sample-letter.ts'
import { sampleTold } from '../sample-told.ts'
import { sampleMessages } from '../samples.ts'

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const before = `whsec_${Buffer.alloc(32, 9).toString('base64')}`
const told = [sampleTold['incident.updated']]

interface Sent {
  readonly [name: string]: object | undefined
}

/** A program that is told, with these fields of its subscription. */
async function program(more: Readonly<Record<string, string>> = {}) {
  const server = await receiver()
  const target = { url: `${server.url}/hook`, secret, ...more }
  return {
    ...server,
    send: (what: Partial<Letter> = {}): Promise<Outcome> =>
      webhook.send(letter({ told, ...what }), target, sendingParts({})),
    json: () => server.received.map(({ body }) => JSON.parse(body.toString()) as Sent),
  }
}

/** As a receiver does it that follows the specification. */
function verified({ body, headers }: Received, by: string): unknown {
  return new Webhook(by).verify(body.toString(), headers as Record<string, string>)
}

test('a program can tell that it was us who wrote', async () => {
  const { received, send } = await program()
  expect(await send()).toEqual({ became: 'accepted', code: '200' })
  const [taken] = received as [Received]
  expect(verified(taken, secret)).toMatchObject({ type: 'incident.updated' })
  expect(taken.headers).toMatchObject({
    'webhook-id': '7.mwqhpbc0.sub1',
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'Candor (notifications)',
  })
  expect(() => verified(taken, before)).toThrow(WebhookVerificationError)
})

test('while a secret is being changed, the old one and the new one both do', async () => {
  const { received, send } = await program({ secretBefore: before })
  await send()
  const [taken] = received as [Received]
  expect(String(taken.headers['webhook-signature']).split(' ')).toHaveLength(2)
  expect(verified(taken, secret)).toEqual(verified(taken, before))
})

test.each([
  ['body', (one: Received) => ({ ...one, body: Buffer.from(one.body.toString().replace('identified', 'resolved')) })],
  ['name', (one: Received) => ({ ...one, headers: { ...one.headers, 'webhook-id': '8.sub1' } })],
  [
    'time',
    (one: Received) => ({ ...one, headers: { ...one.headers, 'webhook-timestamp': String(Date.now() / 1000 - 400) } }),
  ],
])('a %s that somebody changed on the way is found out', async (_what, changed) => {
  const { received, send } = await program()
  await send()
  expect(() => verified(changed(received[0] as Received), secret)).toThrow(WebhookVerificationError)
})

test('it is told what happened, as data, with the way to the page and out', async () => {
  const { send, json } = await program()
  await send()
  const [one] = json()
  expect(one).toMatchObject({
    version: 1,
    type: 'incident.updated',
    timestamp: '2026-11-21T12:00:00.000Z',
    number: 7,
    data: {
      site: { id: 'site1', name: 'Northwind Status', url: 'https://status.example' },
      kind: 'incident',
      moment: 'continues',
      incident: {
        id: 'inc1',
        severity: 'critical',
        stage: 'identified',
        began_at: '2026-11-21T13:05:00.000Z',
        over_at: null,
        url: 'https://status.example/incidents/inc1',
      },
      update: { id: 'u2', stage: 'identified', at: '2026-11-21T14:16:00.000Z' },
      update_before: null,
      components: [
        { id: 'cards', group_id: 'money', status_before: 'operational', status: 'major_outage' },
        { id: 'hooks', group_id: null, status_before: 'operational', status: 'degraded_performance' },
      ],
      links: {
        manage: 'https://status.example/subscriptions/manage/sub1.0.m',
        leave: 'https://status.example/subscriptions/leave/sub1.0.l',
      },
    },
  })
})

test('whoever was signed up is asked first, by a link that a program can follow', async () => {
  const { send, json } = await program({ format: 'statuspage' })
  const button = { says: 'Confirm', url: 'https://status.example/subscriptions/confirm/sub1.1.c' }
  await send({ kind: 'confirm', told: [], button, links: [], leave: null })
  expect(json()).toMatchObject([
    { type: 'subscription.confirm', data: { action: { label: 'Confirm', url: button.url }, links: { leave: null } } },
  ])
})

test('every kind of letter is said in JSON that is signed', async () => {
  const server = await receiver()
  for (const { letter: one, name } of sampleMessages(['en'])) {
    await webhook.send({ ...one, told: one.told.slice(-1) }, { url: server.url, secret }, sendingParts({}))
    const payload = verified(server.received.at(-1) as Received, secret) as { type: string; data: object }
    expect(payload.type, name).toMatch(/^[a-z]+(\.[a-z]+)?$/)
    expect(JSON.stringify(payload), name).not.toContain('undefined')
  }
})

test('a program that was written for Statuspage reads the incident, then each component that changed', async () => {
  const { received, send, json } = await program({ format: 'statuspage' })
  expect(await send()).toEqual({ became: 'accepted', code: '200' })
  const names = received.map(({ headers }) => String(headers['webhook-id']))
  expect([names[0], names.slice(1).toSorted()]).toEqual([
    '7.mwqhpbc0.sub1',
    ['7.mwqhpbc0.sub1.cards', '7.mwqhpbc0.sub1.hooks'],
  ])
  expect(received.map((one) => verified(one, secret))).toHaveLength(3)
  const [incident, ...rest] = json()
  const cards = rest.find((one) => (one['component'] as { id: string }).id === 'cards')
  expect(incident).toMatchObject({
    meta: { unsubscribe: 'https://status.example/subscriptions/leave/sub1.0.l' },
    page: { id: 'site1', status_indicator: 'major', status_description: 'Partial System Outage' },
    incident: {
      id: 'inc1',
      status: 'identified',
      impact: 'critical',
      incident_updates: [{ id: 'u2', incident_id: 'inc1' }],
    },
  })
  expect(cards).toMatchObject({
    component: { id: 'cards', name: 'Card payments', status: 'major_outage' },
    component_update: { old_status: 'operational', new_status: 'major_outage', component_id: 'cards' },
  })
})

/** The keys that real deliveries had (contracts/statuspage.md §4.4). */
const keys = {
  incident:
    'backfilled components created_at id impact impact_override incident_updates monitoring_at name page_id postmortem_body postmortem_body_last_updated_at postmortem_ignored postmortem_notified_subscribers postmortem_notified_twitter postmortem_published_at resolved_at scheduled_auto_completed scheduled_auto_in_progress scheduled_for scheduled_remind_prior scheduled_reminded_at scheduled_until shortlink status updated_at',
  update:
    'affected_components body created_at custom_tweet deliver_notifications display_at id incident_id status twitter_updated_at updated_at wants_twitter_update',
  component: 'created_at description group_id id name page_id position showcase status updated_at',
  component_update: 'component_id component_type created_at id new_status old_status',
}
const keysOf = (thing: object = {}): string => Object.keys(thing).toSorted().join(' ')

test('its payloads have the keys that Statuspage sends, and no other', async () => {
  const { send, json } = await program({ format: 'statuspage' })
  await send()
  const [first, second] = json()
  const incident = first?.['incident'] as { readonly incident_updates: readonly object[] }
  expect(keysOf(first?.['meta'])).toBe('documentation generated_at unsubscribe')
  expect(keysOf(first?.['page'])).toBe('id status_description status_indicator')
  expect(keysOf(incident)).toBe(keys.incident)
  expect(keysOf(incident.incident_updates[0])).toBe(keys.update)
  expect(keysOf(second?.['component'])).toBe(keys.component)
  expect(keysOf(second?.['component_update'])).toBe(keys.component_update)
})

test.each([
  [
    'maintenance.announced',
    { status: 'scheduled', impact: 'maintenance', scheduled_until: '2026-11-28T23:30:00.000Z' },
  ],
  ['incident.resolved', { status: 'resolved', resolved_at: '2026-11-21T14:02:00.000Z' }],
  // Its text is no postmortem.
  ['action.done', { status: 'resolved', postmortem_body: null, postmortem_published_at: null }],
  ['review.published', { status: 'postmortem', postmortem_published_at: '2026-11-21T14:15:00.000Z' }],
  ['notice.published', { status: 'monitoring', impact: 'none' }],
] as const)('%s has a place in it', async (event, expected) => {
  const { send, json } = await program({ format: 'statuspage' })
  await send({ told: [sampleTold[event]] })
  expect(json()[0]?.['incident']).toMatchObject(expected)
})

test('as many components as there are, each once', async () => {
  const { received, send } = await program({ format: 'statuspage' })
  const [one] = sampleTold['incident.updated'].components
  const components = Array.from({ length: 30 }, (_, index) => ({ ...one!, id: `c${index}` }))
  await send({ told: [{ ...sampleTold['incident.updated'], components }] })
  expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(31)
})

test('when it fails midway, the rest is not sent out of order', async () => {
  const { received, send, answers } = await program({ format: 'statuspage' })
  answers(500)
  expect(await send()).toEqual({ became: 'later', reason: 'receiver failed', code: '500' })
  expect(received).toHaveLength(1)
})

test.each<[number, Outcome]>([
  [200, { became: 'accepted', code: '200' }],
  [204, { became: 'accepted', code: '204' }],
  [400, { became: 'later', reason: 'refused by the receiver', code: '400' }],
  [401, { became: 'later', reason: 'refused by the receiver', code: '401' }],
  [404, { became: 'later', reason: 'gone', code: '404' }],
  [410, { became: 'never', reason: 'gone', code: '410', ends: 'gone' }],
  [500, { became: 'later', reason: 'receiver failed', code: '500' }],
])('what %i means', async (status, expected) => {
  const { send, answers } = await program()
  answers(status, { body: status === 204 ? '' : 'ada@example.org is not here' })
  expect(await send()).toEqual(expected)
})

test.each([301, 302, 303, 307, 308])('a redirect (%i) is a failure and is not followed', async (status) => {
  const elsewhere = await receiver()
  const { received, send, answers } = await program()
  answers(status, { headers: { location: `${elsewhere.url}/` } })
  expect(await send()).toEqual({ became: 'later', reason: 'refused by the receiver', code: String(status) })
  expect([received.length, elsewhere.received.length]).toEqual([1, 0])
})

test.each([
  [429, '120', 120],
  [503, '1.5', 2],
  [503, '9999999', 86_400],
  [429, 'soon', undefined],
])('whoever is busy (%i) says for how long: %s', async (status, said, seconds) => {
  const { send, answers } = await program()
  answers(status, { headers: { 'retry-after': said } })
  const outcome = await send()
  expect(outcome).toMatchObject({ became: 'later', code: String(status) })
  expect('retryAfterSeconds' in outcome ? outcome.retryAfterSeconds : undefined).toBe(seconds)
})

test('of an answer without end only a little is read', async () => {
  const { send, answers } = await program()
  answers(200, { body: 'x'.repeat(8 * 1024 * 1024) })
  expect(await send()).toMatchObject({ became: 'accepted' })
})

test('nobody there, or no such name, is worth another try', async () => {
  for (const url of ['http://127.0.0.1:1/hook', 'http://nowhere.invalid/hook']) {
    const outcome = await webhook.send(letter({ told }), { url, secret }, sendingParts({}))
    expect(outcome, url).toMatchObject({ became: 'later', code: null })
  }
})

test('it says where it leads, and no more of the address', () => {
  expect(webhook.destination({ url: 'https://example.org/secret?token=1' })).toBe('example.org:443')
  expect(webhook.destination({ url: 'http://[::1]:8080/secret' })).toBe('::1:8080')
})
