import { expect, test } from 'vitest'
import { answerAsks } from '../../../../src/domain/subscribers/signing-up.ts'
import { hearMail } from '../../../../src/domain/subscribers/inbound/mail.ts'
import { readers } from '../../../domain/subscribers/readers.ts'
import { createComponent } from '../../../../src/domain/components/commands.ts'
import { world } from '../../../world.ts'

const cy = 'cy@example.org'

async function here() {
  const it = await world({ CANDOR_SMTP_URL: 'smtp://127.0.0.1:1', CANDOR_MAIL_FROM: 'status@status.example' })
  const search = await it.change({ kind: 'setup' }, (change) => createComponent(change, { name: 'Search' }))
  const { app, publication } = await it.app()
  await publication.refresh()
  const post = async (body: object | string, type = 'application/json') => {
    const answer = await app.inject({
      method: 'POST',
      url: '/api/v2/subscribers.json',
      payload: body,
      headers: { 'content-type': type, origin: 'https://elsewhere.example' },
    })
    await answerAsks(it)
    return answer
  }
  return {
    it,
    app,
    search,
    post,
    ...readers(it),
    asks: async (email: string) =>
      (await post({ subscriber: { email } })).json<{ subscriber: { id: string } }>().subscriber.id,
    removes: async (id: string) => {
      const { statusCode } = await app.inject({ method: 'DELETE', url: `/api/v2/subscribers/${id}.json` })
      await answerAsks(it)
      return statusCode
    },
    resends: async (id: string) => {
      const { statusCode } = await app.inject({
        method: 'POST',
        url: `/api/v2/subscriptions/${id}/resend_confirmation`,
      })
      await answerAsks(it)
      return statusCode
    },
  }
}

test('the answer has the keys of the recorded one, in their order, and nobody is told before they say yes', async () => {
  const { post, found, letters, search } = await here()
  const answer = await post(
    `subscriber[email]=${cy}&subscriber[component_id]=${search}`,
    'application/x-www-form-urlencoded',
  )
  expect([answer.statusCode, answer.headers['access-control-allow-origin']]).toEqual([201, '*'])
  const { subscriber } = answer.json<{ subscriber: Record<string, unknown> }>()
  expect(Object.keys(subscriber)).toEqual([
    'created_at',
    'skip_confirmation_notification',
    'quarantined_at',
    'id',
    'mode',
    'purge_at',
    'email',
  ])
  expect(subscriber).toMatchObject({
    mode: 'email',
    email: cy,
    quarantined_at: null,
    created_at: expect.stringMatching(/^2026-11-21T12:00:00\.000Z$/) as string,
  })
  expect(await found(cy)).toMatchObject({
    confirmedAt: null,
    source: 'api',
    scope: { everything: 'no', components: [search] },
  })
  expect(await letters(cy)).toEqual(['confirm'])
})

test('the answer does not tell who is known, and neither does what is done with its id', async () => {
  const { post, subscribes, isKnown, removes, resends, letters } = await here()
  await subscribes(cy)
  const known = await post({ subscriber: { email: cy } })
  const unknown = await post({ subscriber: { email: 'dee@example.org' } })
  const alike = (text: string): string => text.replaceAll(/"id":"[^"]*"|"email":"[^"]*"/g, '')
  expect(alike(known.body)).toBe(alike(unknown.body))
  expect({ ...known.headers, ratelimit: '', date: '', 'content-length': '' }).toEqual({
    ...unknown.headers,
    ratelimit: '',
    date: '',
    'content-length': '',
  })
  const idOf = (answer: typeof known): string => answer.json<{ subscriber: { id: string } }>().subscriber.id
  expect([await resends(idOf(known)), await resends(idOf(unknown))]).toEqual([200, 200])
  expect(await letters('dee@example.org')).toEqual(['confirm', 'confirm'])
  expect([await removes(idOf(known)), await removes(idOf(unknown))]).toEqual([204, 204])
  expect([await isKnown(cy), await isKnown('dee@example.org')]).toEqual([true, false])
})

test('an ask can be taken back until they said yes; from then on only their own link ends it', async () => {
  const { asks, confirms, removes, isKnown, link } = await here()
  const id = await asks(cy)
  await confirms(cy)
  expect(await removes(id)).toBe(204)
  expect(await isKnown(cy)).toBe(true)
  expect(await removes(await link(cy, 'leave'))).toBe(204)
  expect(await isKnown(cy)).toBe(false)
})

test('an id that we did not sign, is truncated, or a day old, does nothing', async () => {
  const { it, asks, found, removes, resends, isKnown, letters, link } = await here()
  const id = await asks(cy)
  const subscriber = (await found(cy)).id
  for (const one of [
    subscriber,
    id.slice(0, -1),
    `${id}x`,
    id.replace(/^[^.]+/, 'another'),
    await link(cy, 'manage'),
  ]) {
    expect([await removes(one), await resends(one)]).toEqual([404, 404])
  }
  it.clock.advance('25h')
  expect([await removes(id), await resends(id)]).toEqual([404, 404])
  expect([await isKnown(cy), await letters(cy)]).toEqual([true, ['confirm']])
})

test('letters that anybody can cause are three a day, and thirty asks an hour are enough for a network', async () => {
  const { asks, resends, letters, post } = await here()
  const id = await asks(cy)
  for (let count = 0; count < 5; count += 1) await resends(id)
  expect(await letters(cy)).toHaveLength(3)
  let last = 0
  for (let count = 0; count < 30; count += 1)
    last = (await post({ subscriber: { email: `a${count}@example.org` } })).statusCode
  expect(last).toBe(429)
})

test('webhooks get the payload of Statuspage, and what is at fault is told', async () => {
  const { post } = await here()
  const hook = await post({ subscriber: { endpoint: 'https://example.org/hook', email: cy } })
  expect(hook.json()).toMatchObject({ subscriber: { mode: 'webhook', endpoint: 'https://example.org/hook' } })
  for (const body of [
    '{}',
    '[]',
    'null',
    '{',
    { subscriber: { email: 'no address' } },
    { subscriber: { email: [cy] } },
    { subscriber: { endpoint: 'http://example.org' } },
    { subscriber: { phone_number: '+351912345678' } },
    { subscriber: { email: cy, component_id: 'nothing' } },
    { subscriber: { email: cy, incident_id: 'nothing' } },
  ]) {
    const answer = await post(body)
    expect([answer.statusCode, answer.headers['access-control-allow-origin']]).toEqual([422, '*'])
    expect(answer.json<{ error: string }>().error).not.toBe('')
  }
})

test('what a program is told of an ask does not name the letters that come of it: nobody can forge that they came back', async () => {
  const { it, asks, confirms, found } = await here()
  const [about = ''] = (await asks(cy)).split('.')
  await confirms(cy)
  const returned = [
    'Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n',
    `--b\r\nFinal-Recipient: rfc822; ${cy}\r\nAction: failed\r\nStatus: 5.1.1\r\n`,
    `--b\r\nMessage-ID: <1.a.${about}@status.example>\r\n--b--\r\n`,
  ].join('\r\n')
  for (let times = 0; times < 3; times += 1) expect(await hearMail(it, returned)).toBe('nothing')
  expect(await found(cy)).toMatchObject({ disabledBecause: null })
})
