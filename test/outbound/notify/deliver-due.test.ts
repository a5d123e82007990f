import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { inTransaction } from '../../../src/database/database.ts'
import { queueLetter } from '../../../src/domain/deliveries/queue.ts'
import { delivery, handsOut, isCalled } from '../../domain/deliveries/outbox.ts'
import { mailMeans } from './letters.ts'
import { mailServer } from './mail-server.ts'
import { deliversDue, isReached, reachingWorld } from './reached.ts'
import { type Received, receiver } from './receiver.ts'

/** Of which message to whom; the time between is not told apart here. */
const idOf = ({ headers }: Received): string => String(headers['webhook-id']).replace(/\.[a-z0-9]+\./, '.')

test('a program that was away for an hour gets everything when it is back, in order for each incident', async () => {
  const here = await reachingWorld()
  const program = await receiver()
  await isReached(here, 'robot', 'webhook', { url: `${program.url}/hook`, secret: `whsec_${'A'.repeat(43)}=` })
  program.answers(503)
  const sent: Record<string, number[]> = { 'incident:a': [], 'incident:b': [] }
  for (let minute = 0; minute < 60; minute += 10) {
    for (const thread of Object.keys(sent)) {
      sent[thread]?.push(await handsOut(here, { to: ['robot'], channel: 'webhook', thread }))
    }
    await deliversDue(here)
    here.clock.advance('10m')
  }
  const missed = program.received.length
  // Only the first of each incident was tried, again and again.
  const tried = new Set(program.received.map(idOf))
  expect(tried).toEqual(new Set(Object.values(sent).map(([first]) => `${first}.robot`)))
  program.answers(204)
  for (let second = 0; second < 60; second += 1) {
    here.clock.advance('90s')
    await deliversDue(here)
  }
  const arrived = program.received.slice(missed).map(idOf)
  for (const numbers of Object.values(sent)) {
    const ids = numbers.map((number) => `${number}.robot`)
    expect(arrived.filter((id) => ids.includes(id))).toEqual(ids)
  }
  expect(arrived).toHaveLength(12)
})

test('what cannot be opened or written is parked, and keeps nobody else waiting', async () => {
  const here = await reachingWorld()
  const server = await mailServer({ encryption: 'none' })
  const mail = mailMeans(server.url)
  await isReached(here, 'ada', 'email', { address: 'ada@example.org' })
  await isReached(here, 'poison', 'email', { address: 'poison@example.org' })
  await here.db.updateTable('subscribers').set({ target_sealed: 'broken' }).where('id', '=', 'poison').execute()
  const one = await handsOut(here, { to: ['ada', 'poison'] })
  const lines: string[] = []
  const log = pino({ level: 'error' }, { write: (line) => void lines.push(line) })
  for (let attempt = 0; attempt < 4; attempt += 1) {
    await deliversDue({ ...here, log }, { mail })
    here.clock.advance('1h')
  }
  // Where the fault is, once in each run, and not what it was about.
  expect(lines).toHaveLength(3)
  for (const line of lines)
    expect(JSON.parse(line)).toMatchObject({ kind: 'TypeError', at: expect.any(Array) as string[] })
  expect(lines.join('')).not.toMatch(/broken|@example/)
  expect(server.taken.map(({ to }) => to)).toEqual([['ada@example.org']])
  expect(await delivery(here, one, 'ada')).toMatchObject({ outcome: 'accepted', attempts: 1 })
  expect(await delivery(here, one, 'poison')).toMatchObject({
    outcome: 'failed',
    reason: 'our own fault',
    attempts: 3,
  })
})

test('a mail server that is away costs a few attempts, not one for each subscriber', async () => {
  const here = await reachingWorld()
  const mail = mailMeans('smtp://127.0.0.1:1?tls=never')
  const all = Array.from({ length: 80 }, (_, index) => `reader${index}`)
  for (const id of all) await isReached(here, id, 'email', { address: `${id}@example.org` })
  const one = await handsOut(here, { to: all })
  await deliversDue(here, { mail })
  const rows = await here.db.selectFrom('deliveries').select(['attempts', 'outcome']).execute()
  const attempts = rows.reduce((sum, row) => sum + row.attempts, 0)
  expect(rows.every(({ outcome }) => outcome === null)).toBe(true)
  expect(attempts).toBeGreaterThanOrEqual(10)
  // Those that were under way when it became clear.
  expect(attempts).toBeLessThan(50)
  // Nobody lost patience, nobody is forgotten.
  const server = await mailServer({ encryption: 'none' })
  for (let minute = 0; minute < 5; minute += 1) {
    here.clock.advance('1m')
    await deliversDue(here, { mail: mailMeans(server.url) })
  }
  expect(server.taken).toHaveLength(80)
  expect(await delivery(here, one, 'reader7')).toMatchObject({ outcome: 'accepted' })
})

test('several words that wait are one mail, of which the log says that each arrived', async () => {
  const here = await reachingWorld()
  const server = await mailServer({ encryption: 'none' })
  await isReached(here, 'ada', 'email', { address: 'ada@example.org' })
  const one = await handsOut(here, { to: ['ada'] })
  const two = await handsOut(here, { to: ['ada'] })
  await deliversDue(here, { mail: mailMeans(server.url) })
  expect(server.taken.map(({ mail }) => mail.messageId)).toEqual([
    expect.stringMatching(new RegExp(`^<${one}\\.[a-z0-9]+\\.ada@northwind\\.example>$`)),
  ])
  for (const number of [one, two]) expect(await delivery(here, number, 'ada')).toMatchObject({ outcome: 'accepted' })
})

test('an operator is called at once, although programs of subscribers hang at the same place', async () => {
  const here = await reachingWorld()
  const secret = `whsec_${'A'.repeat(43)}=`
  const program = await receiver('http', { hangsUntil: '/operator' })
  await isReached(here, 'hangs', 'webhook', { url: `${program.url}/hangs`, secret })
  await isCalled(here, 'way1', 'webhook', { url: `${program.url}/operator`, secret })
  await handsOut(here, { to: ['hangs'], channel: 'webhook' })
  const letter = { audience: 'operator', recipient: 'way1', channel: 'webhook', thread: 'way1' } as const
  await inTransaction(here.db, (tx) =>
    queueLetter({ tx, now: here.clock.now() }, { ...letter, payload: { kind: 'test', by: 'op' } }),
  )
  await deliversDue(here)
  expect(program.received.map(({ path }) => path)).toEqual(['/hangs', '/operator'])
})

test('who may not be reached by us is not, and it says so', async () => {
  const here = await reachingWorld()
  await isReached(here, 'robot', 'webhook', { url: 'http://10.0.0.1/hook', secret: `whsec_${'A'.repeat(43)}=` })
  const one = await handsOut(here, { to: ['robot'], channel: 'webhook' })
  await deliversDue(here)
  expect((await delivery(here, one, 'robot')).outcome).not.toBe('accepted')
  expect((await delivery(here, one, 'robot')).reason).not.toBeNull()
})

/** Programs that take a message and answer nobody before one of them is asked for `/quick`. */
async function programs(count: number) {
  const begun = Promise.withResolvers<void>()
  const asked: string[] = []
  const urls: string[] = []
  for (let index = 0; index < count; index += 1) {
    const server = createServer((request, response) => {
      asked.push(request.url ?? '')
      if (request.url === '/quick') begun.resolve()
      void begun.promise.then(() => response.writeHead(200).end())
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    urls.push(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  }
  return { asked, urls }
}

test('sixty programs that hang, and what waits behind them, keep no other waiting', async () => {
  const here = await reachingWorld()
  const { asked, urls } = await programs(61)
  const secret = `whsec_${'A'.repeat(43)}=`
  const all = Array.from({ length: 60 }, (_, index) => `hangs${index}`)
  for (const [index, id] of all.entries()) {
    await isReached(here, id, 'webhook', { url: `${urls[index]}/slow`, secret })
    await isReached(here, `${id}-too`, 'webhook', { url: `${urls[index]}/slow`, secret })
  }
  await isReached(here, 'quick', 'webhook', { url: `${urls[60]}/quick`, secret })
  const one = await handsOut(here, { to: [...all, ...all.map((id) => `${id}-too`)], channel: 'webhook' })
  here.clock.advance('1s')
  const last = await handsOut(here, { to: ['quick'], channel: 'webhook' })
  // Nobody is answered before the quick one was asked, which is the last in the line.
  await deliversDue(here, {}, 20)
  expect(await delivery(here, last, 'quick')).toMatchObject({ outcome: 'accepted', attempts: 1 })
  expect(asked.indexOf('/quick')).toBeGreaterThanOrEqual(60)
  expect(await delivery(here, one, 'hangs7')).toMatchObject({ outcome: 'accepted', attempts: 1 })
  here.clock.advance('10m')
  await deliversDue(here)
  expect(await delivery(here, one, 'hangs7-too')).toMatchObject({ outcome: 'accepted', attempts: 1 })
  expect(asked).toHaveLength(121)
})
