import { Writable } from 'node:stream'
import { sql } from 'kysely'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { deliveryMeters } from '../../src/domain/deliveries/meters.ts'
import { openIncident } from '../../src/domain/incidents/commands.ts'
import { inboundPath } from '../../src/domain/subscribers/inbound/addresses.ts'
import { importSubscribers } from '../../src/domain/subscribers/importing.ts'
import { answerAsks } from '../../src/domain/subscribers/signing-up.ts'
import { suppressAddress } from '../../src/domain/subscribers/suppressions.ts'
import { startNotifier } from '../../src/outbound/notify/notifier.ts'
import { readers } from '../domain/subscribers/readers.ts'
import { mailMeans } from '../outbound/notify/letters.ts'
import { mailServer } from '../outbound/notify/mail-server.ts'
import { deliversDue, isReached, meansFor } from '../outbound/notify/reached.ts'
import { receiver } from '../outbound/notify/receiver.ts'
import { until } from '../outbound/probing/live.ts'
import { people } from '../people.ts'
import { tells, tellsAll } from '../telling.ts'
import { type World, world } from '../world.ts'

const setup = { kind: 'setup' } as const
/** In every address; whatever is made of one has it in one of these spellings. */
const canary = 'canary-reader'
const inBase64 = [0, 1, 2].map((before) => {
  // The letters that the canary alone decides, wherever among others it begins.
  const bytes = Buffer.from('.'.repeat(before) + canary)
  return bytes.toString('base64').slice(Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6))
})
const spellings = [canary, ...inBase64, Buffer.from(canary).toString('hex')]

/** A page that is run at its loudest. */
async function loudPage() {
  const lines: string[] = []
  const log = pino(
    { level: 'trace' },
    new Writable({ write: (chunk: Buffer, _encoding, done) => (lines.push(chunk.toString()), done()) }),
  )
  const mail = { CANDOR_SMTP_URL: 'smtp://127.0.0.1:1', CANDOR_MAIL_FROM: 'status@status.example' }
  const it = await world({ ...mail, CANDOR_EGRESS_ALLOW: '127.0.0.0/8' }, log)
  const { app, publication } = await it.app()
  await publication.refresh()
  const post = async (url: string, payload: object | string, type = 'application/x-www-form-urlencoded') => {
    const body = typeof payload === 'string' || type !== 'application/x-www-form-urlencoded' ? payload : form(payload)
    const headers = { 'content-type': type, 'sec-fetch-site': 'same-origin' }
    const { statusCode } = await app.inject({ method: 'POST', url, headers, payload: body })
    await answerAsks(it)
    return statusCode
  }
  return { it, ...readers(it), app, lines, post }
}

function form(fields: object): string {
  return new URLSearchParams(fields as Record<string, string>).toString()
}

test('no address, place or link of whoever is told is in a log at its loudest, in an event, in the ledger or in any other row', async () => {
  const { it, app, lines, post, link, found } = await loudPage()
  const { ada } = await people(it)
  const who = (name: string): string => `${canary}-${name}@example.org`

  // Who signs up, mistypes, asks again, says yes, looks, changes, and tries what is not theirs.
  const wishes = { kind: 'incident', severityFrom: 'none', extent: 'every', zone: 'UTC', locale: 'en' }
  for (const name of ['cy', 'dee', 'eve', 'cy']) {
    expect(await post('/subscribe', { email: who(name), ...wishes })).toBe(303)
  }
  expect(await post('/subscribe', { email: `${canary}@@`, ...wishes })).toBe(422)
  const asked = JSON.stringify({ subscriber: { email: who('fay') } })
  expect(await post('/api/v2/subscribers.json', asked, 'application/json')).toBe(201)
  const links: string[] = []
  for (const name of ['cy', 'dee', 'eve']) {
    const confirm = await link(who(name), 'confirm')
    expect(await post(`/subscriptions/confirm/${confirm}`, {})).toBe(200)
    const manage = await link(who(name), 'manage')
    links.push(confirm, manage, await link(who(name), 'leave'))
    for (const path of [manage, `${manage}/everything`, `${manage}x`]) await app.inject(`/subscriptions/manage/${path}`)
    expect(await post(`/subscriptions/manage/${manage}`, { ...wishes, quietFrom: '22:00' })).toBe(422)
  }

  // Whom operators bring, look for and bar.
  await importSubscribers(it, setup, `address,consented_at\n${who('gus')},2026-01-02\n`, { locale: 'en', zone: 'UTC' })
  await it.change(setup, (change) => suppressAddress(change, 'email', { address: who('hal') }))
  await ada.sends('/admin/subscribers/find', { channel: 'email', address: who('nobody') }, '/admin/subscribers')

  // What is sent, to places that fail and repeat who it was for.
  const hook = await receiver()
  hook.answers(500, { body: who('hook') })
  const secret = `whsec_${'A'.repeat(43)}=`
  await isReached(it, 'robot', 'webhook', { url: `${hook.url}/${canary}-hook`, secret })
  await it.change(setup, (change) => openIncident(change, { name: 'Slow', stage: 'investigating', body: 'We look.' }))
  await tells(it)
  await tellsAll(it)
  for (const reply of ['451 4.3.0', '550 5.1.1', '550 5.1.1', '250 2.0.0']) {
    const refuses = (address: string) => (reply.startsWith('250') ? null : `${reply} <${address}> is not here`)
    const server = await mailServer({ encryption: 'none', onRecipient: refuses })
    await deliversDue(it, { mail: mailMeans(server.url) })
    it.clock.advance('2h')
  }
  const notifier = startNotifier({ ...it, means: meansFor(it), meters: deliveryMeters() })
  onTestFinished(() => notifier.stop())
  hook.answers(410, { body: who('hook') })
  notifier.wake()
  await until('it is written down that the program is gone', () =>
    Promise.resolve(lines.some((line) => line.includes('Nothing is sent to this recipient any more.'))),
  )

  // What comes back, and who leaves and is erased.
  await post(inboundPath(it.vault, 'bounces'), { email: who('dee'), kind: 'complaint' }, 'application/json')
  const mail = `From: ${who('eve')}\r\nSubject: ${await link(who('eve'), 'leave')}\r\n\r\nPlease.\r\n`
  await post(inboundPath(it.vault, 'mail'), mail, 'message/rfc822')
  const cy = await found(who('cy'))
  expect(await post(`/subscriptions/manage/${links[1]}/erase`, {})).toBe(200)

  // A fault of ours.
  await sql`alter table subscriber_asks rename to asks_away`.execute(it.db)
  const { statusCode } = await app.inject({
    method: 'POST',
    url: '/subscribe',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
    payload: form({ email: who('ida'), ...wishes }),
  })
  expect([statusCode, lines.some((line) => line.includes('subscriber_asks'))]).toEqual([500, true])

  const rows = await everyRow(it)
  for (const text of [...lines, ...rows]) {
    for (const one of [...spellings, ...links]) expect(text.includes(one), `${one}: ${text.slice(0, 300)}`).toBe(false)
  }
  // Of whoever was erased not even the number is left where people were.
  for (const table of ['subscribers', 'subscriber_scopes', 'deliveries', 'suppressions'] as const) {
    expect([table, JSON.stringify(await it.db.selectFrom(table).selectAll().execute()).includes(cy.id)]).toEqual([
      table,
      false,
    ])
  }
})

async function everyRow({ db }: World): Promise<string[]> {
  const tables = await db.introspection.getTables()
  const rows = tables.map(({ name }) => sql`select * from ${sql.table(name)}`.execute(db))
  return (await Promise.all(rows)).map((found) => JSON.stringify(found.rows))
}
