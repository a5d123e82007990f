import { expect, test } from 'vitest'
import { type InboundKind, inboundPath } from '../../../src/domain/subscribers/inbound/addresses.ts'
import { erase } from '../../../src/domain/subscribers/leaving.ts'
import { subscriberByAddress } from '../../../src/domain/subscribers/queries.ts'
import { readers } from '../../domain/subscribers/readers.ts'
import { world } from '../../world.ts'

const cy = 'cy@example.org'

async function here() {
  const it = await world()
  const { app } = await it.app()
  const people = readers(it)
  await people.subscribes(cy)
  return {
    it,
    ...people,
    posts: (kind: InboundKind, body: string | Buffer | object, type?: string) =>
      app.inject({
        method: 'POST',
        url: inboundPath(it.vault, kind),
        payload: body,
        ...(type === undefined ? {} : { headers: { 'content-type': type } }),
      }),
    app,
    /** And comes back, as if nothing had been. */
    erases: async (address: string) => {
      await erase(it, await people.link(address, 'manage'))
      await people.subscribes(address)
    },
    state: async (address = cy) => (await subscriberByAddress(it, 'email', { address }))?.disabledBecause ?? null,
  }
}

const mail = (headers: string, body = 'Please.'): string =>
  `From: Cy <cy@example.org>\r\nTo: leave@status.example\r\n${headers}\r\n\r\n${body}\r\n`

test('who writes the mail of List-Unsubscribe has left, and twice is once', async () => {
  const { posts, link, isKnown, suppressed, letters } = await here()
  const token = await link(cy, 'leave')
  expect(await letters(cy)).toEqual(['confirm'])
  const first = await posts('mail', mail(`Subject: ${token}`), 'message/rfc822')
  expect([first.statusCode, first.body]).toEqual([200, 'left\n'])
  expect(await isKnown(cy)).toBe(false)
  expect(await suppressed()).toEqual(['left'])
  const second = await posts('mail', mail(`Subject: ${token}`), 'message/rfc822')
  expect([second.statusCode, second.body]).toEqual([200, 'already\n'])
})

const ways: readonly (readonly [how: string, headers: (token: string) => string])[] = [
  ['folded', (token: string) => `Subject:\r\n ${token}`],
  ['with bare line ends', (token: string) => `Subject: ${token}`],
  ['encoded by base64', (token: string) => `Subject: =?utf-8?B?${Buffer.from(token).toString('base64')}?=`],
  ['encoded as quoted', (token: string) => `Subject: =?UTF-8?Q?${token.replaceAll('_', '=5F')}?=`],
  ['in the address', (token: string) => `Subject: unsubscribe\r\nDelivered-To: leave+${token}@status.example`],
  ['among words', (token: string) => `Subject: unsubscribe ${token} please`],
]

test('the token is found however a mail program writes it', async () => {
  const { posts, link, subscribes } = await here()
  for (const [at, [how, headers]] of ways.entries()) {
    await subscribes(`d${at}@example.org`)
    const message = mail(headers(await link(`d${at}@example.org`, 'leave')))
    const { body } = await posts(
      'mail',
      how.includes('bare') ? message.replaceAll('\r\n', '\n') : message,
      'text/plain',
    )
    expect([how, body]).toEqual([how, 'left\n'])
  }
})

test('mail comes as JSON or as a form too, whole or in parts', async () => {
  const { posts, link, subscribes } = await here()
  const shapes: readonly ((subject: string) => Record<string, string>)[] = [
    (subject) => ({ message: mail(`Subject: ${subject}`) }),
    (subject) => ({ Subject: subject, To: 'leave@status.example' }),
  ]
  for (const shape of shapes) {
    for (const way of ['json', 'form', 'files'] as const) {
      await subscribes('dee@example.org')
      const given = shape(await link('dee@example.org', 'leave'))
      const form = new FormData()
      for (const [name, value] of Object.entries(given)) form.set(name, value)
      const files = new Response(form)
      const { body } = await (way === 'json'
        ? posts('mail', given, 'application/json')
        : way === 'form'
          ? posts('mail', new URLSearchParams(given).toString(), 'application/x-www-form-urlencoded')
          : posts('mail', Buffer.from(await files.arrayBuffer()), files.headers.get('content-type') ?? ''))
      expect([way, body]).toEqual([way, 'left\n'])
    }
  }
})

test('with a forged or truncated token, another link, or a letter of ours that is quoted, nobody leaves', async () => {
  const { posts, link, isKnown } = await here()
  const token = await link(cy, 'leave')
  const other = token.endsWith('A') ? 'B' : 'A'
  const cases: readonly (readonly [string, string])[] = [
    [mail(`Subject: ${token.slice(0, -1)}${other}`), 'forged\n'],
    [mail(`Subject: ${token.replace(/^[^.]+/, 'another')}`), 'forged\n'],
    [mail(`Subject: ${await link(cy, 'manage')}`), 'forged\n'],
    [mail(`Subject: ${token.slice(0, -1)}`), 'nothing\n'],
    [mail(`Subject: ${token}x`), 'nothing\n'],
    [mail('Subject: Re: Search is slow', `> leave: http://status.example/subscriptions/leave/${token}`), 'nothing\n'],
    [mail(`In-Reply-To: <${token}@status.example>`), 'nothing\n'],
    ['', 'nothing\n'],
    ['\r\n\r\n', 'nothing\n'],
    [`Subject: ${'x'.repeat(100_000)} ${token}`, 'nothing\n'],
  ]
  for (const [message, became] of cases) expect((await posts('mail', message, 'message/rfc822')).body).toBe(became)
  expect(await isKnown(cy)).toBe(true)
})

test('nobody is heard who does not know the address, and one address is not the other', async () => {
  const { app, it, link, isKnown } = await here()
  const message = mail(`Subject: ${await link(cy, 'leave')}`)
  for (const url of ['/inbound/mail/wrong', inboundPath(it.vault, 'bounces').replace('bounces', 'mail')]) {
    const answer = await app.inject({
      method: 'POST',
      url,
      payload: message,
      headers: { 'content-type': 'text/plain' },
    })
    expect(answer.statusCode).toBe(404)
  }
  expect(await isKnown(cy)).toBe(true)
  let refused = 0
  for (let count = 0; count < 40; count += 1) {
    const { statusCode } = await app.inject({ method: 'POST', url: '/inbound/mail/wrong', payload: 'x' })
    if (statusCode === 429) refused += 1
  }
  expect(refused).toBeGreaterThan(5)
  const large = await app.inject({
    method: 'POST',
    url: inboundPath(it.vault, 'mail'),
    payload: 'x'.repeat(3 * 1024 * 1024),
    headers: { 'content-type': 'message/rfc822' },
    remoteAddress: '127.0.0.9',
  })
  expect(large.statusCode).toBe(413)
})

const sns = (message: object) => ({ Type: 'Notification', MessageId: '1', Message: JSON.stringify(message) })

const gone: readonly (readonly [who: string, report: object])[] = [
  ['ours', { email: cy, kind: 'bounce', permanent: true }],
  ['a list of ours', [{ email: cy, kind: 'bounce', permanent: true }]],
  ['Postmark', { RecordType: 'Bounce', Type: 'HardBounce', TypeCode: 1, Email: cy }],
  [
    'Mailgun',
    { signature: {}, 'event-data': { event: 'failed', severity: 'permanent', reason: 'bounce', recipient: cy } },
  ],
  ['SendGrid', [{ email: 'CY@example.org', event: 'bounce', type: 'bounce', timestamp: 1 }]],
  [
    'SES',
    sns({ notificationType: 'Bounce', bounce: { bounceType: 'Permanent', bouncedRecipients: [{ emailAddress: cy }] } }),
  ],
  ['SES, raw', { eventType: 'Bounce', bounce: { bounceType: 'Permanent', bouncedRecipients: [{ emailAddress: cy }] } }],
]

test('an address that bounces three times within a week is given up, whoever says so', async () => {
  const { posts, state, erases } = await here()
  for (const [who, report] of gone) {
    for (const expected of [null, null, 'bounced']) {
      expect((await posts('bounces', JSON.stringify(report), 'text/plain; charset=UTF-8')).statusCode).toBe(200)
      expect([who, await state()]).toEqual([who, expected])
    }
    await erases(cy)
  }
})

const complaints: readonly (readonly [who: string, report: object])[] = [
  ['ours', { email: cy, kind: 'complaint' }],
  ['Postmark', { RecordType: 'SpamComplaint', Type: 'SpamComplaint', Email: cy }],
  ['Mailgun', { 'event-data': { event: 'complained', recipient: cy } }],
  ['SendGrid', [{ email: cy, event: 'spamreport' }]],
  ['SES', sns({ notificationType: 'Complaint', complaint: { complainedRecipients: [{ emailAddress: cy }] } })],
]

test('who complains is told nothing more, at once', async () => {
  const { posts, state, erases } = await here()
  for (const [who, report] of complaints) {
    await posts('bounces', report, 'application/json')
    expect([who, await state()]).toEqual([who, 'complained'])
    await erases(cy)
  }
})

const passing: readonly (readonly [who: string, report: object])[] = [
  ['ours', { email: cy, kind: 'bounce', permanent: false }],
  ['Postmark', { RecordType: 'Bounce', Type: 'SoftBounce', Email: cy }],
  ['Postmark, opened', { RecordType: 'Open', Recipient: cy }],
  ['Mailgun', { 'event-data': { event: 'failed', severity: 'temporary', reason: 'bounce', recipient: cy } }],
  [
    'Mailgun, suppressed by itself',
    { 'event-data': { event: 'failed', severity: 'permanent', reason: 'suppress-bounce', recipient: cy } },
  ],
  ['SendGrid', [{ email: cy, event: 'bounce', type: 'blocked' }]],
  [
    'SES',
    sns({ notificationType: 'Bounce', bounce: { bounceType: 'Transient', bouncedRecipients: [{ emailAddress: cy }] } }),
  ],
  ['SES, words', { Type: 'Notification', Message: 'Successfully validated SNS topic' }],
  ['SNS', { Type: 'SubscriptionConfirmation', SubscribeURL: 'http://127.0.0.1/admin' }],
]

test('what may arrive later ends nothing', async () => {
  const { posts, state } = await here()
  for (const [who, report] of passing) {
    for (let count = 0; count < 4; count += 1) {
      expect((await posts('bounces', report, 'application/json')).statusCode).toBe(200)
    }
    expect([who, await state()]).toEqual([who, null])
  }
})

test('what is no report is told so', async () => {
  const { posts } = await here()
  const bodies = [
    '',
    'null',
    '[1]',
    '{}',
    '{"email":"cy@example.org","kind":"weather"}',
    '{"kind":"bounce"}',
    '{"email":',
  ]
  for (const body of bodies) expect((await posts('bounces', body, 'application/json')).statusCode).toBe(422)
})

test('who calls the first letter spam is not kept, and never asked again', async () => {
  const { posts, ask, isKnown, suppressed } = await here()
  await ask('dee@example.org')
  for (const email of ['dee@example.org', 'stranger@example.org', 'no address']) {
    expect((await posts('bounces', { email, kind: 'complaint' }, 'application/json')).statusCode).toBe(200)
  }
  expect(await suppressed()).toEqual(['complained', 'complained'])
  await ask('dee@example.org')
  expect(await isKnown('dee@example.org')).toBe(false)
})

test('a complaint after leaving stands above having left', async () => {
  const { posts, link, suppressed, ask, isKnown } = await here()
  await posts('mail', mail(`Subject: ${await link(cy, 'leave')}`), 'message/rfc822')
  await posts('bounces', { email: cy, kind: 'complaint' }, 'application/json')
  expect(await suppressed()).toEqual(['complained'])
  await ask(cy)
  expect(await isKnown(cy)).toBe(false)
})

const returned = (id: string, { to = cy, status = '5.1.1', action = 'failed' } = {}): string =>
  [
    'From: MAILER-DAEMON@mx.example.org',
    'To: status@status.example',
    'Subject: Undelivered Mail Returned to Sender',
    'Content-Type: multipart/report; report-type=delivery-status;',
    '\tboundary="b"',
    '',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.org',
    '',
    `Final-Recipient: rfc822; ${to}`,
    `Action: ${action}`,
    `Status: ${status}`,
    '',
    '--b',
    'Content-Type: text/rfc822-headers',
    '',
    `Message-ID: <12.${id}@status.example>`,
    '--b--',
    '',
  ].join('\r\n')

test('a letter that comes back counts as a bounce, where it proves that it is ours', async () => {
  const { posts, found, state } = await here()
  const { id } = await found(cy)
  const answers: string[] = []
  for (const message of [
    returned('another'),
    returned(id, { to: 'dee@example.org' }),
    returned(id, { status: '4.2.2' }),
    returned(id, { status: '5.7.1' }),
    returned(id, { action: 'delayed' }),
    returned(id),
    returned(id),
  ]) {
    answers.push((await posts('mail', message, 'message/rfc822')).body.trim())
  }
  expect(answers).toEqual(['nothing', 'nothing', 'nothing', 'nothing', 'nothing', 'bounce', 'bounce'])
  expect(await state()).toBeNull()
  await posts('mail', returned(id), 'message/rfc822')
  expect(await state()).toBe('bounced')
})
