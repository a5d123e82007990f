import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { createComponent } from '../../../src/domain/components/commands.ts'
import { addSubscribers } from '../../../src/domain/subscribers/adding.ts'
import { usualWishes } from '../../../src/domain/subscribers/input.ts'
import { linkToken } from '../../../src/domain/subscribers/links.ts'
import { everythingKnown, subscriberById } from '../../../src/domain/subscribers/queries.ts'
import { forgetOldSecrets, renewOwnSecret } from '../../../src/domain/subscribers/secrets.ts'
import { webhook } from '../../../src/outbound/notify/channels/webhook.ts'
import { people } from '../../people.ts'
import { receiver, sendingParts } from '../../outbound/notify/receiver.ts'
import { letter } from '../../outbound/notify/sample-letter.ts'
import { sampleTold } from '../../outbound/notify/sample-told.ts'
import { world } from '../../world.ts'
import { ada } from '../desk.ts'

/** A program that is told, and its own page. */
async function program(channel: 'webhook' | 'ntfy' = 'webhook') {
  const it = await world()
  await it.change(ada, (change) => createComponent(change, { name: 'Search' }))
  const { app, publication } = await it.app()
  await publication.catchUp()
  const server = await receiver()
  const one = {
    channel,
    target: { url: 'https://robot.example/hook' },
    wishes: usualWishes({ locale: 'en', zone: 'UTC' }),
    consentedAt: it.clock.now(),
  }
  const [added] = await it.change(ada, (change) => addSubscribers(change, [one], 'operator'))
  const id = added?.id ?? ''
  const page = `/subscriptions/manage/${linkToken(it.vault, 'manage', { id, links: 1 }, null)}`
  const secretIn = (text: string) => /whsec_[\w+/=]+/.exec(text)?.[0] ?? null
  const target = async () => (await subscriberById(it, id))!.target
  return {
    ...it,
    it,
    id,
    page,
    target,
    secretIn,
    get: async (path = '') => (await app.inject({ method: 'GET', url: page + path })).body,
    /** Makes one, and opens the page that this leads to. */
    async renews() {
      const made = await app.inject({
        method: 'POST',
        url: `${page}/secret`,
        headers: { 'sec-fetch-site': 'same-origin' },
      })
      const { location } = made.headers
      return made.statusCode === 303
        ? app.inject({ url: new URL(String(location)).pathname + new URL(String(location)).search })
        : made
    },
    /** Which of these secrets verify what we send now, by a receiver that follows the specification. */
    async verifying(...secrets: readonly (string | undefined)[]) {
      const told = [sampleTold['incident.updated']]
      await webhook.send(letter({ told }), { ...(await target()), url: server.url }, sendingParts({}))
      const { body, headers } = server.received.at(-1)!
      return secrets.map((secret) => {
        try {
          new Webhook(secret ?? '').verify(body.toString(), headers as Record<string, string>)
          return true
        } catch {
          return false
        }
      })
    },
  }
}

test('a new secret is shown once; for a day both are signed with, and then the old one is forgotten', async () => {
  const { it, clock, page: _, get, renews, secretIn, target, verifying } = await program()
  const { secret: first } = await target()
  expect(secretIn(await get())).toBeNull()
  const made = secretIn((await renews()).body)
  expect(made).not.toBe(first)
  expect(secretIn(await get())).toBeNull()
  expect(await verifying(first, made ?? '')).toEqual([true, true])

  clock.advance('23h')
  await forgetOldSecrets(it)
  expect(await verifying(first, made ?? '')).toEqual([true, true])
  clock.advance('1h')
  for (const _time of [1, 2]) await forgetOldSecrets(it)
  expect(await verifying(first, made ?? '')).toEqual([false, true])
  expect(await target()).toEqual({ url: 'https://robot.example/hook', secret: made })
})

test('a form that makes one leads to where it is shown for a minute: loading that page again makes no other', async () => {
  const { it, clock, page, secretIn, target } = await program()
  const { app } = await it.app()
  const made = await app.inject({ method: 'POST', url: `${page}/secret`, headers: { 'sec-fetch-site': 'same-origin' } })
  const { secret } = await target()
  const { pathname, search } = new URL(String(made.headers.location))
  expect([made.statusCode, pathname, made.headers['cache-control']]).toEqual([303, page, 'no-store'])
  expect(decodeURIComponent(search)).not.toContain(secret)
  const shown = async (query = search) => secretIn((await app.inject({ url: page + query })).body)
  expect(await shown()).toBe(secret)
  for (const forged of ['?made=', '?made=2999-01-01T00:00:00.000Z', '?made=a&made=b', `${search}x`])
    expect(await shown(forged)).toBeNull()
  clock.advance('1m')
  expect(await shown()).toBeNull()
  expect((await target())['secret']).toBe(secret)
})

test('who makes one after the other loses no message by it, and there are not endlessly many', async () => {
  const { renews, secretIn, target, verifying } = await program()
  const all = [(await target())['secret']]
  for (let times = 0; times < 2; times += 1) all.push(secretIn((await renews()).body) ?? '')
  expect(await verifying(...all)).toEqual([true, true, true])
  for (let times = 0; times < 20; times += 1) await renews()
  expect((await target())['secretBefore']?.split(' ')).toHaveLength(3)
})

test('of several who make one at once, while old ones are forgotten, each has one that is signed with', async () => {
  const { it, clock, page, renews, verifying } = await program()
  await renews()
  clock.advance('24h')
  const makes = async () => renewOwnSecret(it, page.split('/').at(-1) ?? '')
  const [, ...made] = await Promise.all([forgetOldSecrets(it), makes(), makes(), makes()])
  const secrets = made.map((one) => (typeof one === 'string' ? one : one.secret))
  expect(await verifying(...secrets)).toEqual([true, true, true])
})

test('a subscription that cannot be read keeps no other secret for longer than it should be', async () => {
  const { it, clock, db, id, renews, target } = await program()
  await renews()
  const row = await db.selectFrom('subscribers').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  await db
    .insertInto('subscribers')
    .values({ ...row, id: '0', address_hash: 'another', target_sealed: 'damaged' })
    .execute()
  clock.advance('24h')
  await expect(forgetOldSecrets(it)).rejects.toThrow('1 of 2 failed.')
  expect((await target())['secretBefore']).toBeUndefined()
})

test('what is known of somebody names no secret, neither on the page nor in the file', async () => {
  const { db, vault, id, get, renews, secretIn } = await program()
  await renews()
  for (const path of ['', '/everything', '/everything.json']) expect(secretIn(await get(path))).toBeNull()
  expect(JSON.stringify(await everythingKnown({ db, vault }, id))).not.toContain('whsec_')
  expect(JSON.stringify(await db.selectFrom('subscribers').selectAll().execute())).not.toContain('whsec_')
})

test('whatever is not signed has no secret to make', async () => {
  const { get, renews } = await program('ntfy')
  expect(await get()).not.toContain('/secret')
  expect((await renews()).statusCode).toBe(409)
})

test('a link that is forged makes none', async () => {
  const { it, page, target } = await program()
  const before = await target()
  const { app } = await it.app()
  const answer = await app.inject({ method: 'POST', url: `${page.slice(0, -3)}AAA/secret` })
  expect(answer.statusCode).toBe(404)
  expect(await target()).toEqual(before)
})

test('an operator makes one for somebody who cannot, and sees it this once', async () => {
  const { it, id, secretIn, target } = await program()
  const { ada: owner } = await people(it)
  const page = `/admin/subscribers/${id}`
  expect(secretIn((await owner.opens(page)).text)).toBeNull()
  const shown = await owner.makes(`${page}/secret`, {}, page)
  expect(shown.status).toBe(200)
  expect(secretIn(shown.text)).toBe((await target())['secret'])
  expect(secretIn((await owner.opens(page)).text)).toBeNull()
  const log = (await owner.opens('/admin/log')).text
  expect(log).toContain('gave a subscriber a new secret (webhook)')
  expect(secretIn(log)).toBeNull()
})
