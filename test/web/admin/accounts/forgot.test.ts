import { expect, onTestFinished, test, vi } from 'vitest'
import { buildApp } from '../../../../src/app.ts'
import { disableAccount } from '../../../../src/domain/accounts/commands.ts'
import { mailReset } from '../../../../src/domain/accounts/reset-by-mail.ts'
import { offerReset, resetOfSecret } from '../../../../src/domain/accounts/resets.ts'
import { openedLink } from '../../../../src/domain/deliveries/sealed-link.ts'
import { deliverDue } from '../../../../src/outbound/notify/deliver-due.ts'
import { meansOf } from '../../../../src/outbound/notify/means.ts'
import { egressOf } from '../../../../src/outbound/signing-on/provider.ts'
import { mailServer } from '../../../outbound/notify/mail-server.ts'
import type { Payload } from '../../../../src/domain/deliveries/message.ts'
import { emailOf, password, people, signsIn, stranger } from '../../../people.ts'
import { type World, world } from '../../../world.ts'

const mail = { CANDOR_SMTP_URL: 'smtp://localhost', CANDOR_MAIL_FROM: 'status@north.example' }

/** What waits to be mailed to accounts. */
async function letters(it: World) {
  const rows = await it.db
    .selectFrom('messages')
    .innerJoin('deliveries', 'deliveries.message', 'messages.number')
    .select(['messages.kind', 'payload', 'recipient', 'audience', 'channel'])
    .orderBy('messages.number')
    .execute()
  return rows.map(({ payload, recipient, ...row }) => {
    const { sealedLink } = JSON.parse(payload) as Extract<Payload, { sealedLink: string }>
    return { ...row, recipient, payload, link: openedLink(it.vault, recipient, sealedLink) }
  })
}

const asked = (it: World) => vi.waitUntil(async () => (await letters(it)).length > 0)

test('whoever forgot their password is sent a link, and chooses a new one with it; their second factors stay', async () => {
  const it = await world(mail)
  const { ben, cy } = await people(it)
  expect((await cy.opens('/admin/sign-in')).text).toContain('href="/admin/forgot"')
  const answer = await cy.sends('/admin/forgot', { email: ' BEN@example.org ' })
  expect([answer.status, answer.headers['location']]).toEqual([303, '/admin/sign-in?done=reset-asked'])
  expect((await cy.opens('/admin/sign-in?done=reset-asked')).text).toContain('on its way to you by mail')
  await asked(it)
  const [letter, ...others] = await letters(it)
  expect(others).toEqual([])
  expect(letter).toMatchObject({ kind: 'reset', recipient: ben.id, audience: 'account', channel: 'email' })
  expect(letter?.payload).not.toMatch(/secret|example/)
  const events = await it.db
    .selectFrom('events')
    .select(['data', 'actor'])
    .where('type', '=', 'account.reset-offered')
    .execute()
  expect(events.map(({ data }) => data)).toEqual([expect.stringContaining('kept')])
  const link = (letter?.link ?? '').replace('http://status.example', '')
  expect((await cy.opens(link)).text).toContain('A second factor that you have stays.')
  const next = 'four other unrelated herons'
  await cy.sends('/admin/reset', { secret: link.split('=')[1] ?? '', password: next }, link)
  expect([(await signsIn(ben, password)).status, (await signsIn(ben, next)).status]).toEqual([422, 303])
})

/** A product whose changes by strangers wait until they are let go. */
async function held(): Promise<{ it: World; begun: () => number; letGo: () => void }> {
  const whole = await world(mail)
  const { promise, resolve } = Promise.withResolvers<void>()
  let begun = 0
  const change: World['change'] = async (actor, work) => {
    if (actor.kind === 'setup' && actor.from !== undefined) {
      begun += 1
      await promise
    }
    return whole.change(actor, work)
  }
  const built = buildApp({ ...whole, change }).then(async (made) => {
    onTestFinished(() => made.app.close())
    await made.app.ready()
    return made
  })
  return { it: { ...whole, app: () => built }, begun: () => begun, letGo: resolve }
}

test('the link arrives by mail, as a letter of no list, in the language of the page', async () => {
  const server = await mailServer({ encryption: 'none' })
  const it = await world({ CANDOR_SMTP_URL: server.url, CANDOR_MAIL_FROM: 'status@north.example' })
  const { ben, cy } = await people(it)
  await mailReset(it, emailOf('Ben'), { from: '127.0.0.1' })
  await deliverDue({ ...it, means: meansOf(it.config, it.key), egress: egressOf(it.config) })
  const [taken] = server.taken
  expect(taken?.to).toEqual([emailOf('Ben')])
  expect(taken?.mail.headerLines.map(({ key }) => key).filter((key) => key.startsWith('list-'))).toEqual([])
  const link = /http:\/\/status\.example(\/admin\/reset\?secret=\S+)/.exec(taken?.mail.text ?? '')?.[1] ?? ''
  const next = 'four other unrelated herons'
  await cy.sends('/admin/reset', { secret: link.split('=')[1] ?? '', password: next }, link)
  expect((await signsIn(ben, next)).status).toBe(303)
})

test('whether an address is known shows neither in the answer nor in what is done before it or for it', async () => {
  const { it, begun, letGo } = await held()
  await people(it)
  const dee = await stranger(it)
  const answers: string[] = []
  for (const email of [emailOf('Ben'), 'nobody@example.org', 'not an address']) {
    const { status, headers, text } = await dee.sends('/admin/forgot', { email })
    const told = Object.entries(headers).filter(([name]) => name !== 'date')
    answers.push(JSON.stringify([status, told, text]))
    // It was answered although nothing is done yet; and whatever the address, one change is.
    await vi.waitUntil(() => begun() === answers.length)
    expect(await letters(it)).toEqual([])
  }
  expect(new Set(answers).size).toBe(1)
  letGo()
  await asked(it)
  expect((await letters(it)).map(({ kind }) => kind)).toEqual(['reset'])
})

test('nobody is mailed without end: an address, then a network has to wait, known or not', async () => {
  const it = await world(mail)
  await people(it)
  const dee = await stranger(it)
  const ask = async (email: string) => (await dee.sends('/admin/forgot', { email })).status
  for (const email of [emailOf('Ben'), 'nobody@example.org']) {
    expect([await ask(email), await ask(email), await ask(email), await ask(email)]).toEqual([303, 303, 303, 429])
  }
  expect([await ask('one@example.org'), await ask('two@example.org'), await ask('three@example.org')]).toEqual([
    303, 303, 429,
  ])
  const { text, headers } = await dee.sends('/admin/forgot', { email: 'four@example.org' })
  expect(text).toContain('Asked too often. Try again in')
  expect(Number(headers['retry-after'])).toBeGreaterThan(0)
})

test('who is disabled, or comes in elsewhere, is sent nothing; a link that an owner handed over stays', async () => {
  const it = await world(mail)
  const { ada, ben } = await people(it)
  const owner = { kind: 'operator', id: ada.id, name: 'Ada' } as const
  const config = { url: 'http://status.example', oidcOnly: false }
  const { secret } = await it.change(owner, (change) => offerReset(change, ben.id, { factors: 'removed', config }))
  const from = '127.0.0.1'
  await mailReset({ change: it.change, config: { ...config, oidcOnly: true } }, emailOf('Ben'), { from })
  await mailReset(it, 'a\0b@example.org', { from })
  expect(await letters(it)).toEqual([])
  await mailReset(it, emailOf('Ben'), { from })
  await mailReset(it, emailOf('Ben'), { from })
  expect(await letters(it)).toHaveLength(2)
  // Of two that were mailed the later one holds, beside the one that was handed over.
  expect(await it.db.selectFrom('account_resets').select('factors').orderBy('factors').execute()).toEqual([
    { factors: 'kept' },
    { factors: 'removed' },
  ])
  expect(await resetOfSecret(it.db, secret, it.clock.now())).toMatchObject({ factors: 'removed' })
  await it.change(owner, (change) => disableAccount(change, ben.id))
  await mailReset(it, emailOf('Ben'), { from })
  expect(await letters(it)).toHaveLength(2)
})

test('who is invited gets the link by mail too, and a renewed one again', async () => {
  const it = await world(mail)
  const { ada } = await people(it)
  const shown = await ada.makes('/admin/team/invitations', { email: 'dee@example.org', role: 'author' }, '/admin/team')
  expect(shown.text).toContain('A mail with it is on its way to them.')
  const { id } = await it.db.selectFrom('invitations').select('id').executeTakeFirstOrThrow()
  await ada.sends(`/admin/team/invitations/${id}/renew`, {}, '/admin/team')
  const [first, second] = await letters(it)
  expect(first).toMatchObject({ kind: 'invitation', recipient: id })
  expect(shown.text).toContain(first?.link)
  expect(second?.link).not.toBe(first?.link)
})

test('where no mail is sent, who forgot their password hears who can make a link; nothing else speaks of mail', async () => {
  const it = await world()
  const { ada, cy } = await people(it)
  expect((await cy.opens('/admin/sign-in')).text).toContain('href="/admin/forgot"')
  const { text, status } = await cy.opens('/admin/forgot')
  expect(status).toBe(200)
  expect(text).toContain('An owner or an admin can make you one at the desk')
  expect(text).toContain('<code>candor account reset &lt;e-mail&gt;</code>')
  expect(text).not.toContain('<form')
  expect((await cy.sends('/admin/forgot', { email: emailOf('Ben') }, '/admin/sign-in')).status).toBe(404)
  const shown = await ada.makes('/admin/team/invitations', { email: 'dee@example.org', role: 'author' }, '/admin/team')
  expect(shown.text).not.toMatch(/by mail|A mail/)
  expect(await letters(it)).toEqual([])
})
