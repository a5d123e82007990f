import { expect, test } from 'vitest'
import { addPlace } from '../../src/domain/places/commands.ts'
import { createComponent } from '../../src/domain/components/commands.ts'
import { openIncident } from '../../src/domain/incidents/commands.ts'
import { createProbe } from '../../src/domain/probes/commands.ts'
import { readers } from '../domain/subscribers/readers.ts'
import { isReached } from '../outbound/notify/reached.ts'
import { people } from '../people.ts'
import { tellsAll } from '../telling.ts'
import { world } from '../world.ts'
import { faultsOf, running, signIn, withChromium } from './desk.ts'

withChromium()

const setup = { kind: 'setup' } as const
const settings = {
  CANDOR_SMTP_URL: 'smtp://127.0.0.1:1',
  CANDOR_MAIL_FROM: 'Northwind <status@northwind.example>',
  CANDOR_SMS_URL: 'https://sms.example.com/send',
}

/** A page whose subscribers were told of an incident, whose operators are called, and that is checked from elsewhere as well. */
async function told() {
  const it = await world(settings)
  await people(it)
  await readers(it).subscribes('cy@example.org')
  await readers(it).ask('waits-for-its-letter-and-has-a-long-name@subdomain.of.example.org')
  const hook = 'https://hooks.example/northwind/incidents-of-card-payments/4d1f0c2e9b7a'
  await isReached(it, 'robot', 'webhook', { url: hook, secret: 'whsec_AAAA' })
  await it.change(setup, async (change) => {
    const componentId = await createComponent(change, { name: 'Card payments' })
    await createProbe(change, { componentId, url: 'https://shop.example', bearer: 'heron' })
    await addPlace(change, { name: 'Lisbon' })
    const components = [{ id: componentId, status: 'major_outage' }]
    await openIncident(change, { name: 'Cards are declined', body: 'We look.', stage: 'investigating', components })
  })
  await tellsAll(it)
  const { id } = await readers(it).found('cy@example.org')
  const { number } = await it.db
    .selectFrom('messages')
    .innerJoin('deliveries', 'deliveries.message', 'messages.number')
    .select('messages.number')
    .where('deliveries.recipient', '=', 'robot')
    .executeTakeFirstOrThrow()
  return { it, id, number }
}

test('axe finds nothing on what the desk shows of who is told and called, the console is empty, and nothing is cut off', async () => {
  const { it, id, number } = await told()
  const { open } = await running(it)
  const { page, context } = await open()
  await signIn(page, 'Ada')
  await page.goto('/admin/me/alerts/new?channel=ntfy')
  await page.getByLabel('Address of the topic').fill('https://ntfy.example/northwind-3f9a')
  await page.locator('main form button').last().click()
  await page.waitForURL('**/me/alerts?done=way-added')
  const way = await it.db.selectFrom('alert_channels').select('id').executeTakeFirstOrThrow()
  const paths = [
    '',
    '/subscribers',
    `/subscribers/${id}`,
    '/subscribers/bring',
    '/subscribers/never',
    '/settings/channels',
    `/deliveries/${number}`,
    '/me/alerts',
    `/me/alerts/${way.id}`,
    '/me/alerts/new?channel=email',
    '/me/alerts/new?channel=webhook',
    '/team/alerts',
    '/probes/places',
    '?entered=recovery-code',
  ]
  expect(await faultsOf(open, await context.storageState(), paths)).toEqual([])
}, 180_000)
