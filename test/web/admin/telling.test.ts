import { expect, test } from 'vitest'
import { createComponent } from '../../../src/domain/components/commands.ts'
import { tellingSubscribers } from '../../../src/domain/deliveries/subscribers-told.ts'
import { addSubscribers } from '../../../src/domain/subscribers/adding.ts'
import { usualWishes } from '../../../src/domain/subscribers/input.ts'
import { later } from '../../../src/lib/clock.ts'
import { people } from '../../people.ts'
import { world } from '../../world.ts'

const wishes = usualWishes({ locale: 'en', zone: 'UTC' })
const addresses = ['kim@example.org', 'lea@example.org', 'mo@example.org']

test('who will be told is said before it is published, by channel, and follows what is written', async () => {
  const { ada, ben, component, it } = await desk()
  const form = (await ben.opens('/admin/incidents/new')).text
  expect(whomIn(form)).toBe('4 subscribers will be told 2 minutes after you publish: 3 by mail and 1 by webhook.')

  // One of them wants to hear only of what is critical.
  await it.db.updateTable('subscribers').set({ severity_from: 'critical' }).where('channel', '=', 'webhook').execute()
  const slight = { stage: 'investigating', body: 'Slow.', [`component.${component}`]: 'degraded_performance' }
  expect(whomIn((await ada.sends('/admin/preview', slight)).text)).toBe(
    '3 subscribers will be told 2 minutes after you publish, all by mail.',
  )
  const grave = { ...slight, [`component.${component}`]: 'major_outage' }
  expect(whomIn((await ada.sends('/admin/preview', grave)).text)).toContain('3 by mail and 1 by webhook')
  // Also where the form comes back because something in it is wrong.
  const refused = await ada.sends('/admin/incidents', { ...slight, body: '' }, '/admin/incidents/new')
  expect(refused.status).toBe(422)
  expect(whomIn(refused.text)).toContain('3 subscribers will be told')
})

test('where nobody would hear of it, that is said', async () => {
  const it = await world()
  const { ben } = await people(it)
  expect(whomIn((await ben.opens('/admin/incidents/new')).text)).toBe(
    'No subscriber asked to hear of this: nobody is written to.',
  )
})

test('the mail is taken back within its two minutes, and the page goes on saying it', async () => {
  const { it, ben } = await desk()
  const published = await publishes(ben)
  const { text } = await ben.opens(published)
  expect(text).toMatch(/<strong>4 subscribers<\/strong> are told in <strong data-held-left>2 minutes/)
  expect(text).toContain('Your page goes on saying it')
  expect((await ben.opens('/admin')).text).toContain('Take the mail back')

  const [, action = ''] = /action="(\/admin\/deliveries\/\d+\/take-back)"/.exec(text) ?? []
  const taken = await ben.sends(action, {}, published)
  expect(taken.headers['location']).toBe(`${published}?done=mail-taken-back`)
  const after = (await ben.opens(`${published}?done=mail-taken-back`)).text
  expect(after).toContain('nobody is written to. Your page goes on saying it.')
  expect(after).toMatch(/nobody was written to; it was taken back 12:00/)
  expect(after).not.toContain('data-held=')
  expect((await ben.opens(published.replace('/admin', ''))).text).toContain('Cards fail.')

  it.clock.advance('3m')
  await tellingSubscribers(it)()
  expect(await it.db.selectFrom('deliveries').select('message').execute()).toEqual([])
  expect((await ben.opens('/admin/log')).text).toContain('took back what subscribers would have been told')
})

test('what is on its way is not taken back any more', async () => {
  const { it, ben } = await desk()
  const published = await publishes(ben)
  const [, action = ''] = /action="(\/admin\/deliveries\/\d+\/take-back)"/.exec((await ben.opens(published)).text) ?? []
  it.clock.advance('3m')
  await tellingSubscribers(it)()
  expect((await ben.opens(published)).text).not.toContain('data-held=')
  const late = await ben.sends(action, {}, published)
  expect(late.status).toBe(409)
  expect(late.text).toContain('on its way already')
})

test('the page of a message says who got it, who did not and why, and sends again to those', async () => {
  const { it, ada, ben } = await desk()
  const published = await publishes(ben)
  it.clock.advance('3m')
  await tellingSubscribers(it)()
  const all = await it.db.selectFrom('deliveries').select(['message', 'recipient']).orderBy('recipient').execute()
  const [{ message, recipient } = { message: 0, recipient: '' }] = all
  await it.db
    .updateTable('deliveries')
    .set({ done_at: it.clock.now(), outcome: 'failed', reason: 'mailbox full', code: '552 5.2.2', attempts: 3 })
    .where('recipient', '=', recipient)
    .execute()
  const page = `/admin/deliveries/${message}`
  expect((await ben.opens(published)).text).toMatch(
    new RegExp(`href="${page}">told 4 subscribers</a> · 3 under way · <strong class="failed">1 failed`),
  )

  const seen = (await ada.opens(page)).text
  expect(seen).toContain('The first word on “Cards fail”')
  expect(seen).toContain('Their mailbox is full. Given up 12:03 after 3 tries (552 5.2.2).')
  expect(seen).toContain(`<a href="/admin/subscribers/${recipient}">`)
  // Who does not see to people is not shown who it is.
  const hidden = (await ben.opens(page)).text
  expect(hidden).toContain('Somebody by')
  for (const address of addresses) expect(hidden).not.toContain(address)
  expect((await ben.opens(`${page}?state=queued`)).text).toContain('It waits, due 12:0')

  await ben.sends(`${page}/resend`, {}, page)
  expect((await ben.opens(page)).text).not.toContain('Given up')
  const again = await ben.sends(`${page}/resend`, {}, page)
  expect(again.status).toBe(409)
})

test('what waits for another try is tried now, with what stands behind it, and nobody is woken', async () => {
  const { it, ben } = await desk()
  const published = await publishes(ben)
  it.clock.advance('3m')
  await tellingSubscribers(it)()
  const all = await it.db.selectFrom('deliveries').select(['message', 'recipient']).orderBy('recipient').execute()
  const page = `/admin/deliveries/${all[0]?.message}`
  expect((await ben.opens(page)).text).not.toContain('Try now')
  const [waits, behind, asleep, ready] = all.map(({ recipient }) => recipient)
  const until = later(it.clock.now(), 3600)
  await it.db
    .updateTable('deliveries')
    .set({ due_at: until, reason: 'unreachable', attempts: 3 })
    .where('recipient', 'in', [waits ?? '', asleep ?? ''])
    .execute()
  await it.db
    .updateTable('deliveries')
    .set({ due_at: until })
    .where('recipient', '=', behind ?? '')
    .execute()
  await it.db
    .updateTable('subscribers')
    .set({ quiet_from: '12:00', quiet_until: '13:00' })
    .where('id', '=', asleep ?? '')
    .execute()
  expect((await ben.opens(page)).text).toContain('Try now what waits')
  await ben.sends(`${page}/try-now`, {}, page)
  const due = await it.db.selectFrom('deliveries').select('recipient').where('due_at', '<=', it.clock.now()).execute()
  expect(new Set(due.map(({ recipient }) => recipient))).toEqual(new Set([waits, behind, ready]))
  expect((await ben.sends(`${page}/try-now`, {}, page)).status).toBe(409)
  expect((await ben.opens(published)).status).toBe(200)
})

test('of many that failed it is said why and for how many, and those who were away alone are sent it again', async () => {
  const { it, ben } = await desk()
  await publishes(ben)
  it.clock.advance('3m')
  await tellingSubscribers(it)()
  const all = await it.db.selectFrom('deliveries').select(['message', 'recipient']).orderBy('recipient').execute()
  for (const [index, { recipient }] of all.entries()) {
    const reason = index === 0 ? 'mailbox full' : 'unreachable'
    await it.db
      .updateTable('deliveries')
      .set({ done_at: it.clock.now(), outcome: 'failed', reason, attempts: 3 })
      .where('recipient', '=', recipient)
      .execute()
  }
  const page = `/admin/deliveries/${all[0]?.message}`
  const seen = (await ben.opens(page)).text
  expect(seen).toContain('<strong>3</strong> <span>Nobody answered there.</span>')
  expect(seen).toContain('<strong>1</strong> <span>Their mailbox is full.</span>')
  expect(seen).toContain('Send again to the 4 that failed')
  const away = (await ben.opens(`${page}?state=failed&reason=unreachable`)).text
  expect(away).toContain('Send again to these 3')
  expect(away).not.toContain('Their mailbox is full. Given up')
  await ben.sends(`${page}/resend`, { reason: 'unreachable' }, page)
  expect((await ben.opens(page)).text).toContain('Send again to the one that failed')
})

async function publishes(by: Awaited<ReturnType<typeof people>>['ben']): Promise<string> {
  const word = { name: 'Cards fail', stage: 'investigating', body: 'Cards fail.', promise: '30' }
  const { headers } = await by.sends('/admin/incidents', word, '/admin/incidents/new')
  return String(headers['location']).split('?')[0] ?? ''
}

async function desk() {
  const it = await world()
  const everybody = await people(it)
  const hook = { url: 'https://hooks.example/candor', format: 'standard' }
  const component = await it.change({ kind: 'command', name: 'test' }, async (change) => {
    const consentedAt = change.now
    await addSubscribers(
      change,
      [
        ...addresses.map((address) => ({ channel: 'email' as const, target: { address }, wishes, consentedAt })),
        { channel: 'webhook', target: hook, wishes, consentedAt },
      ],
      'operator',
    )
    return createComponent(change, { name: 'Card payments' })
  })
  return { it, component, ...everybody }
}

/** The sentence before the button. */
function whomIn(html: string): string {
  return /<p class="whom"[^>]*>([^<]*)</.exec(html)?.[1] ?? ''
}
