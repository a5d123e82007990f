import { describe, expect, test } from 'vitest'
import { linkToken } from '../../../src/domain/subscribers/links.ts'
import { desk } from '../../domain/desk.ts'
import { everything, only, readers } from '../../domain/subscribers/readers.ts'

const cy = 'cy@example.org'

async function behindLinks() {
  const it = await desk()
  const { app, publication } = await it.app()
  await publication.catchUp()
  const get = (url: string) => app.inject({ method: 'GET', url })
  /** As a program does it: no cookie, no origin, nothing that says where it comes from. */
  const post = (url: string, payload = '', type = 'application/x-www-form-urlencoded') =>
    app.inject({ method: 'POST', url, headers: { 'content-type': type }, payload })
  return { it, ...it, ...readers(it), app, get, post }
}

const oneClick = 'List-Unsubscribe=One-Click'

describe('leaving', () => {
  test('one POST as a mail program sends it, at once, with nothing but the link', async () => {
    const { subscribes, link, post, isKnown } = await behindLinks()
    await subscribes(cy)
    const url = `/subscriptions/leave/${await link(cy, 'leave')}`
    const answer = await post(url, oneClick)
    expect(answer.statusCode).toBe(200)
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', 'content-type': 'text/plain; charset=utf-8' })
    expect(answer.headers['location']).toBeUndefined()
    expect(await isKnown(cy)).toBe(false)
    expect((await post(url, oneClick)).statusCode).toBe(200)
  })

  test('the same as a form of several parts', async () => {
    const { subscribes, link, post, isKnown } = await behindLinks()
    await subscribes(cy)
    const part = '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
    const url = `/subscriptions/leave/${await link(cy, 'leave')}`
    expect((await post(url, part, 'multipart/form-data; boundary=x')).statusCode).toBe(200)
    expect(await isKnown(cy)).toBe(false)
  })

  test('by the page: it asks, and what is asked for by GET ends nothing', async () => {
    const { subscribes, link, get, post, isKnown } = await behindLinks()
    await subscribes(cy)
    const url = `/subscriptions/leave/${await link(cy, 'leave')}`
    for (let times = 0; times < 3; times += 1) expect((await get(url)).body).toContain('Unsubscribe')
    expect(await isKnown(cy)).toBe(true)
    const left = await post(url)
    expect([left.statusCode, left.body.includes('You have unsubscribed')]).toEqual([200, true])
    expect(await isKnown(cy)).toBe(false)
    expect((await get(url)).body).toContain('You have unsubscribed')
    expect((await post(url)).body).toContain('You have unsubscribed')
  })

  test('whoever would rather hear less is sent the link to change it, and the page shows nobody that link', async () => {
    const { db, subscribes, link, get, post, isKnown } = await behindLinks()
    await subscribes(cy)
    await db.deleteFrom('deliveries').execute()
    const url = `/subscriptions/leave/${await link(cy, 'leave')}`
    const page = (await get(url)).body
    expect(page).toContain(`${url}/instead"`)
    expect(page).not.toContain('/subscriptions/manage/')
    const letters = async () => {
      const rows = await db
        .selectFrom('deliveries')
        .innerJoin('messages', 'messages.number', 'deliveries.message')
        .select('payload')
        .execute()
      return rows.map(({ payload }) => payload)
    }
    for (let times = 1; times <= 4; times += 1) {
      const sent = await post(`${url}/instead`)
      expect(sent.body).toContain('The link is on its way to you.')
      expect(sent.body).not.toContain('/subscriptions/manage/')
      // Three letters a day, one of which was the first, that asked.
      expect(await letters()).toEqual(Array.from({ length: Math.min(times, 2) }, () => '{"kind":"known"}'))
    }
    expect(await isKnown(cy)).toBe(true)
    expect((await post(`${url}x/instead`)).statusCode).toBe(404)
  })

  test('a forged or shortened link ends nothing, whoever sends it', async () => {
    const { it, subscribes, link, found, get, post, isKnown } = await behindLinks()
    await subscribes(cy)
    const token = await link(cy, 'leave')
    const { id } = await found(cy)
    const wrong = [
      token.slice(0, -1),
      `${token.slice(0, -3)}AAA`,
      linkToken(it.vault, 'manage', { id, links: 1 }, null),
      linkToken(it.vault, 'leave', { id, links: 2 }, null),
      `${id}.0.`,
      'x',
    ]
    for (const one of wrong) {
      expect((await post(`/subscriptions/leave/${one}`, oneClick)).statusCode).toBe(404)
      expect((await get(`/subscriptions/leave/${one}`)).body).toContain('This link does not work')
    }
    expect(await isKnown(cy)).toBe(true)
  })
})

test('saying yes takes a button: a program that opens the link says nothing', async () => {
  const { ask, link, get, post, found } = await behindLinks()
  await ask(cy)
  const url = `/subscriptions/confirm/${await link(cy, 'confirm')}`
  expect((await get(url)).body).toContain('Yes, send me updates')
  expect((await found(cy)).confirmedAt).toBeNull()
  const yes = await post(url)
  expect(yes.body).toContain('/subscriptions/manage/')
  expect((await found(cy)).confirmedAt).not.toBeNull()
  const again = await post(url)
  expect(again.body).toContain('confirmed before')
  // Whoever finds the letter later is shown nothing more.
  expect(again.body).not.toContain('/subscriptions/manage/')
})

test('the page that thanks for it opens what they chose for a month, and not for ever to whoever finds it in a history', async () => {
  const { ask, link, get, post, clock } = await behindLinks()
  await ask(cy)
  const { body } = await post(`/subscriptions/confirm/${await link(cy, 'confirm')}`)
  const [path = ''] = /\/subscriptions\/manage\/[\w.-]+/.exec(body) ?? []
  clock.advance('29d')
  expect((await get(path)).statusCode).toBe(200)
  clock.advance('2d')
  expect((await get(path)).statusCode).toBe(410)
})

test('a link of yesterday says that it is too late', async () => {
  const { ask, link, get, clock } = await behindLinks()
  await ask(cy)
  const url = `/subscriptions/confirm/${await link(cy, 'confirm')}`
  clock.advance('25h')
  const answer = await get(url)
  expect([answer.statusCode, answer.body.includes('good for 24 hours')]).toEqual([410, true])
})

describe('one’s own page', () => {
  test('shows what is so, changes all of it, and says what is wrong beside it', async () => {
    const { subscribes, link, get, post, found, search, payments } = await behindLinks()
    await subscribes(cy, only({ components: [search] }))
    const url = `/subscriptions/manage/${await link(cy, 'manage')}`
    const shown = await get(url)
    expect(shown.body).toContain(`name="component" value="${search}" checked`)
    expect(shown.headers).toMatchObject({
      'cache-control': 'no-store',
      'x-robots-tag': 'noindex',
      'referrer-policy': 'no-referrer',
    })
    const form = new URLSearchParams([
      ['scope', 'chosen'],
      ['component', payments],
      ['kind', 'incident'],
      ['kind', 'notice'],
      ['severityFrom', 'major'],
      ['extent', 'ends'],
      ['quietFrom', '22:00'],
      ['quietUntil', '07:00'],
      ['locale', 'fr'],
      ['zone', 'Europe/Paris'],
    ])
    expect((await post(url, form.toString())).body).toContain('Enregistré.')
    expect(await found(cy)).toMatchObject({
      ...only({ components: [payments] }),
      kinds: ['incident', 'notice'],
      severityFrom: 'major',
      extent: 'ends',
      quiet: { from: '22:00', until: '07:00' },
      locale: 'fr',
      zone: 'Europe/Paris',
    })
    form.delete('quietUntil')
    const refused = await post(url, form.toString())
    expect(refused.statusCode).toBe(422)
    expect(refused.body).toContain('id="fault-quiet"')
    expect((await found(cy)).quiet).toEqual({ from: '22:00', until: '07:00' })
  })

  test('pauses and goes on', async () => {
    const { subscribes, link, post, found } = await behindLinks()
    await subscribes(cy)
    const url = `/subscriptions/manage/${await link(cy, 'manage')}`
    expect((await post(`${url}/pause`)).body).toContain('Paused since')
    expect((await found(cy)).pausedAt).not.toBeNull()
    await post(`${url}/resume`)
    expect((await found(cy)).pausedAt).toBeNull()
  })

  test('shows everything that is known, as a file too, and erases it', async () => {
    const { subscribes, link, get, post, isKnown, rows } = await behindLinks()
    await subscribes(cy)
    const url = `/subscriptions/manage/${await link(cy, 'manage')}`
    const { body } = await get(`${url}/everything`)
    for (const one of [cy, 'Any severity', 'Every update']) expect(body).toContain(one)
    // No dot between two numbers: in Persian it is read as a nought.
    expect(body).toMatch(/lately<\/dt>\s*<dd>1 \(/)
    const file = await get(`${url}/everything.json`)
    expect(file.headers['content-disposition']).toContain('attachment')
    expect(file.json()).toMatchObject({
      subscriber: { ...everything, target: { address: cy } },
      letters: [{ kind: 'confirm' }],
    })
    expect((await post(`${url}/erase`)).body).toContain('Everything is erased')
    expect(await isKnown(cy)).toBe(false)
    expect(JSON.parse(await rows())).toMatchObject([
      ['subscribers', []],
      ['subscriber_scopes', []],
      ['subscriber_asks', []],
      ['suppressions', [{ reason: 'erased' }]],
      ['deliveries', []],
    ])
    expect((await get(url)).statusCode).toBe(410)
    expect((await post(`${url}/erase`)).statusCode).toBe(200)
  })

  test('opens by no link of another purpose', async () => {
    const { subscribes, link, get } = await behindLinks()
    await subscribes(cy)
    for (const purpose of ['confirm', 'leave'] as const) {
      const answer = await get(`/subscriptions/manage/${await link(cy, purpose)}`)
      expect([answer.statusCode, answer.body.includes(cy)]).toEqual([404, false])
    }
  })
})
