import { expect, test } from 'vitest'
import { eventsAfter } from '../../../../src/domain/changes/log.ts'
import { changeProbe, pauseProbe, removeProbe, resumeProbe } from '../../../../src/domain/probes/commands.ts'
import { editDraft } from '../../../../src/domain/incidents/drafts.ts'
import { later } from '../../../../src/lib/clock.ts'
import { ada, types, watched } from '../watched.ts'

test('a new probe is not measured until it needs no more proof, and nothing is green by default', async () => {
  const { finds, status } = await watched()
  expect(await status()).toBe('unknown')
  await finds('pp')
  expect(await status()).toBe('unknown')
  await finds('p')
  expect(await status()).toBe('operational')
})

test('what is not measured ended with the first check of the verdict, not with the last', async () => {
  const { finds, db } = await watched()
  await finds('ppp')
  const impact = await db.selectFrom('impacts').selectAll().executeTakeFirstOrThrow()
  expect(impact).toMatchObject({
    status: 'unknown',
    began_at: '2026-11-21T12:00:00.000Z',
    ended_at: '2026-11-21T12:01:00.000Z',
  })
})

test('our own faults neither open nor close anything; when they go on, nothing is measured', async () => {
  const { finds, incidents, status, jobs, clock } = await watched({ policy: 'publish' })
  await finds('pppiii')
  expect(await incidents()).toEqual([])
  clock.advance('60s')
  await jobs()
  expect(await status()).toBe('unknown')
  await finds('pp')
  expect(await status()).toBe('unknown')
  await finds('p')
  expect(await status()).toBe('operational')
})

test('a prober that was away measured nothing since its last check, and loses neither outage nor recovery', async () => {
  const { it, finds, incidents, status, jobs, clock } = await watched({ policy: 'publish' })
  await finds('pppfff')
  clock.advance('2h')
  await jobs()
  expect(await status()).toBe('major_outage')
  const open = await it.db
    .selectFrom('impacts')
    .selectAll()
    .where('status', '=', 'unknown')
    .where('ended_at', 'is', null)
    .execute()
  expect(open).toMatchObject([{ began_at: '2026-11-21T12:06:00.000Z' }])
  await finds('ppp')
  expect(await incidents()).toMatchObject([{ stage: 'monitoring', recovered_at: '2026-11-21T14:07:00.000Z' }])
})

test('a probe that is paused measures nothing, and its draft waits for a person', async () => {
  const { it, finds, incidents, status, jobs, id, clock } = await watched()
  await finds('pppfff')
  await it.change(ada, (change) => pauseProbe(change, id))
  clock.advance('1h')
  await jobs()
  expect(await incidents()).toMatchObject([{ told_at: null, publishes_at: null }])
  expect(await status()).toBe('unknown')
  await finds('fff')
  expect((await types(it)).at(-1)).toBe('probe.paused')
  await it.change(ada, (change) => resumeProbe(change, id))
  await finds('ppp')
  expect(await status()).toBe('operational')
})

test('what another question found is not said by itself: its draft waits for a person', async () => {
  const { it, finds, incidents, jobs, id, clock } = await watched()
  await finds('pppfff')
  const isTimed = async () => (await incidents()).map(({ publishes_at: at }) => at !== null)
  expect(await isTimed()).toEqual([true])
  await it.change(ada, (change) => changeProbe(change, id, { url: 'https://shop.test/health', name: 'Checkout' }))
  expect(await isTimed(), 'the same question').toEqual([true])
  await it.change(ada, (change) => changeProbe(change, id, { url: 'https://shop.test/other' }))
  clock.advance('1h')
  await jobs()
  expect(await incidents()).toMatchObject([{ told_at: null, publishes_at: null }])
})

test('a draft to which a person gave a time is said at that time, whatever becomes of its probe', async () => {
  const { it, finds, incidents, jobs, id, clock } = await watched()
  await finds('pppfff')
  const [draft] = await incidents()
  const publishesAt = later(clock.now(), 1800)
  await it.change(ada, (change) => editDraft(change, draft?.id ?? '', { body: 'We look into it.', publishesAt }))
  await it.change(ada, (change) => pauseProbe(change, id))
  clock.advance('1h')
  await jobs()
  expect(await incidents()).toMatchObject([{ told_at: clock.now() }])
})

test('another question is another probe; a component without probes is as its operators say', async () => {
  const { it, finds, status, id } = await watched()
  await finds('ppp')
  await it.change(ada, (change) => changeProbe(change, id, { url: 'https://shop.test/other' }))
  expect(await status()).toBe('unknown')
  await it.change(ada, (change) => removeProbe(change, id))
  expect(await status()).toBe('operational')
})

test('secrets of a probe are in no event', async () => {
  const { it, id } = await watched({ headers: [{ name: 'Authorization', value: 'Bearer canary-4711' }] })
  await it.change(ada, (change) =>
    changeProbe(change, id, { url: 'https://shop.test/', headers: [{ name: 'X-Key', value: 'canary-4712' }] }),
  )
  expect(JSON.stringify(await eventsAfter(it.db, 0, 1000))).not.toContain('canary')
  expect(JSON.stringify(await it.readSnapshot())).not.toMatch(/canary|shop\.test\/[^"]/)
})

test('what was never found well is not green while the first word about it waits', async () => {
  const { it, finds, incidents, jobs, status } = await watched()
  await finds('fff')
  expect(await incidents()).toMatchObject([{ told_at: null }])
  expect(await status()).toBe('unknown')
  it.clock.advance('5m')
  await jobs()
  expect(await status()).toBe('unknown')
  await finds('ppp')
  expect(await status()).toBe('operational')
  expect(await it.db.selectFrom('impacts').select('id').where('ended_at', 'is', null).execute()).toEqual([])
})
