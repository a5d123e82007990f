import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { addSubscribers } from '../../../src/domain/subscribers/adding.ts'
import { openTarget } from '../../../src/domain/subscribers/addresses.ts'
import { usualWishes } from '../../../src/domain/subscribers/input.ts'
import { deliverDue } from '../../../src/outbound/notify/deliver-due.ts'
import { desk } from '../../domain/desk.ts'
import { tells } from '../../telling.ts'
import { receiver, sendingParts } from './receiver.ts'

interface Payload {
  readonly type: string
  readonly number: number
  readonly data: {
    readonly incident: { readonly id: string; readonly stage: string }
    readonly update: { readonly body: string }
  }
}

/** A page with a program that is told by webhook, and the two minutes and retries of each message as the clock says. */
async function listeningProgram() {
  const here = await desk()
  const server = await receiver()
  await here.does((change) =>
    addSubscribers(
      change,
      [
        {
          channel: 'webhook',
          target: { url: `${server.url}/hook`, format: 'standard' },
          wishes: usualWishes({ locale: 'en', zone: 'UTC' }),
          consentedAt: here.clock.now(),
        },
      ],
      'operator',
    ),
  )
  const { id, target_sealed: sealed } = await here.db.selectFrom('subscribers').selectAll().executeTakeFirstOrThrow()
  const { egress, means } = sendingParts({})
  const accepted: Payload[] = []
  const ids: string[] = []
  return {
    ...here,
    server,
    id,
    secret: openTarget(here.vault, id, sealed)['secret'] ?? '',
    accepted,
    ids,
    /** A minute passes, and what is due is sent. */
    async minute(status: number, passes = '1m') {
      here.clock.advance(passes)
      await tells(here)
      server.answers(status)
      const before = server.received.length
      await deliverDue({ ...here, egress, means })
      for (const { body, headers } of server.received.slice(before)) {
        ids.push(String(headers['webhook-id']))
        if (status === 200) accepted.push(JSON.parse(body.toString()) as Payload)
      }
    },
    waiting: async () =>
      (await here.db.selectFrom('deliveries').select('message').where('done_at', 'is', null).execute()).length,
  }
}

test('a program that was down for an hour hears all of it when it is up again, each incident in order', async () => {
  const here = await listeningProgram()
  const stages = ['investigating', 'identified', 'monitoring'] as const
  const opened = [await here.opens(), await here.opens()]
  for (let minute = 0; minute < 60; minute += 1) {
    if (minute % 15 === 5) {
      const stage = stages[Math.floor(minute / 15) % 3] ?? 'update'
      for (const id of opened) await here.posts(id, { stage, body: `Word of minute ${minute}.` })
    }
    await here.minute(503)
  }
  for (const id of opened) await here.posts(id, { stage: 'resolved', body: 'It is over.' })
  expect(here.accepted).toEqual([])
  // It was asked now and then, and never for what comes later before what came first.
  const asked = here.ids.length
  expect(asked).toBeGreaterThan(4)
  expect(new Set(here.ids).size).toBe(2)

  for (let minute = 0; minute < 90 && (minute < 3 || (await here.waiting()) > 0); minute += 1) await here.minute(200)
  expect(await here.waiting()).toBe(0)
  for (const id of opened) {
    const heard = here.accepted.filter(({ data }) => data.incident.id === id)
    expect(heard.map(({ data }) => data.update.body)).toEqual([
      expect.any(String),
      'Word of minute 5.',
      'Word of minute 20.',
      'Word of minute 35.',
      'Word of minute 50.',
      'It is over.',
    ])
    expect(heard.map(({ number }) => number)).toEqual(heard.map(({ number }) => number).toSorted((a, b) => a - b))
  }
  // Repeats have the name of the first attempt, so a program can tell them.
  expect(new Set(here.ids).size).toBe(here.accepted.length)
})

test('every letter of the outbox is signed with the secret of its subscriber', async () => {
  const here = await listeningProgram()
  await here.opens()
  for (let minute = 0; minute < 3; minute += 1) await here.minute(200)
  const [taken] = here.server.received
  const verify = new Webhook(here.secret)
  expect(verify.verify(taken?.body.toString() ?? '', taken?.headers as Record<string, string>)).toMatchObject({
    type: 'incident.opened',
    data: { links: { leave: expect.stringContaining('/subscriptions/leave/') as unknown } },
  })
})

test('a program that says it is gone for good is asked no more', async () => {
  const here = await listeningProgram()
  const id = await here.opens()
  for (let minute = 0; minute < 3; minute += 1) await here.minute(410)
  await here.posts(id, { stage: 'resolved', body: 'It is over.' })
  for (let minute = 0; minute < 5; minute += 1) await here.minute(200)
  expect(here.server.received).toHaveLength(1)
  expect(await here.db.selectFrom('subscribers').select('disabled_because').executeTakeFirst()).toEqual({
    disabled_because: 'gone',
  })
})

test('a program that is not there for two days is given up, and was asked now and then until then', async () => {
  const here = await listeningProgram()
  await here.opens()
  for (let hour = 0; hour < 60; hour += 1) await here.minute(404, '1h')
  expect(here.server.received.length).toBeGreaterThan(20)
  expect(await here.db.selectFrom('deliveries').select(['outcome', 'reason', 'code']).execute()).toEqual([
    { outcome: 'failed', reason: 'gone', code: '404' },
  ])
  expect(await here.db.selectFrom('subscribers').select('disabled_because').executeTakeFirst()).toEqual({
    disabled_because: 'gone',
  })
})
