import { expect, test } from 'vitest'
import { changeIncident } from '../../../src/domain/incidents/commands.ts'
import { readIncident } from '../../../src/domain/incidents/queries.ts'
import { desk } from '../desk.ts'

/** Noticed and told at noon, over an hour later. */
async function over() {
  const here = await desk()
  const id = await here.opens()
  here.clock.advance('1h')
  await here.posts(id, { stage: 'resolved', body: 'Search works again.' })
  here.clock.advance('10m')
  const corrects = (input: Parameters<typeof changeIncident>[2]) => here.does((it) => changeIncident(it, id, input))
  const facts = async () => {
    const { noticedAt, overAt, mitigatedAt, impacts, revisions } = await here.incident(id)
    return { noticedAt, overAt, mitigatedAt, ends: impacts.map(({ endedAt }) => endedAt), revisions }
  }
  return { ...here, id, corrects, facts }
}

const reason = 'The log says so.'

test('when it was noticed is corrected with a reason, and what was said before stays', async () => {
  const { corrects, facts } = await over()
  await corrects({ noticedAt: '2026-11-21T11:50:00Z', reason })
  const { noticedAt, revisions } = await facts()
  expect(noticedAt).toBe('2026-11-21T11:50:00.000Z')
  expect(revisions).toMatchObject([
    { of: 'incident', reason, before: { noticedAt: '2026-11-21T12:00:00.000Z' }, after: { noticedAt } },
  ])
})

test('an end that is moved takes along what ended with it, and the day is counted again', async () => {
  const { corrects, facts, search, readSnapshot } = await over()
  const lost = async () => (await readSnapshot()).bars.get(search)?.days.at(-1)?.partial
  expect(await lost()).toBe(3600)
  await corrects({ overAt: '2026-11-21T12:40:00Z', reason })
  const at = '2026-11-21T12:40:00.000Z'
  expect(await facts()).toMatchObject({ overAt: at, mitigatedAt: at, ends: [at] })
  expect(await lost()).toBe(2400)
  await corrects({ overAt: '2026-11-21T13:05:00Z', reason })
  expect(await lost()).toBe(3900)
  const { revisions } = await facts()
  expect(revisions.map(({ before }) => before)).toMatchObject([{ overAt: '2026-11-21T13:00:00.000Z' }, { overAt: at }])
})

test('readers see both, and why', async () => {
  const { id, corrects, app } = await over()
  await corrects({ noticedAt: '2026-11-21T11:50:00Z', overAt: '2026-11-21T12:40:00Z', reason })
  const { app: product, publication } = await app()
  await publication.catchUp()
  const { body } = await product.inject(`/incidents/${id}`)
  const text = body.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')
  expect(text).toMatch(/We noticed 11:50 .*corrected 13:10 ; before, it said 12:00 · by Ada · The log says so\./)
  expect(text).toMatch(/Over 12:40 .*corrected 13:10 ; before, it said 13:00/)
  expect(text).toMatch(/End corrected 13:10 to 12:40 ; before, it said 13:00 \./)
})

test.each([
  [{ overAt: '2026-11-21T12:40:00Z' }, 'reason', 'Say why you correct it'],
  [{ overAt: '2026-11-21T11:00:00Z', reason }, 'overAt', 'before it began'],
  [{ overAt: '2026-11-21T14:00:00Z', reason }, 'overAt', 'still to come'],
  [{ noticedAt: '2026-11-21T12:01:00Z', reason }, 'noticedAt', 'after you told readers'],
])('%j is refused, names the field and changes nothing', async (input, field, message) => {
  const { corrects, everything } = await over()
  const before = await everything()
  const refused = corrects(input)
  await expect(refused).rejects.toMatchObject({ field })
  await expect(refused).rejects.toThrow(message)
  expect(await everything()).toBe(before)
})

test('what is not over has no end to correct', async () => {
  const { opens, does, db } = await desk()
  const id = await opens()
  await expect(does((it) => changeIncident(it, id, { overAt: '2026-11-21T12:00:00Z', reason }))).rejects.toMatchObject({
    field: 'overAt',
  })
  expect((await readIncident(db, id))?.overAt).toBeNull()
})

test('what was felt longer than the new end is corrected first', async () => {
  const { opens, posts, does, clock, payments, search, everything } = await desk()
  const id = await opens({ components: [search, payments].map((one) => ({ id: one, status: 'partial_outage' })) })
  clock.advance('30m')
  await posts(id, { stage: 'monitoring', components: [{ id: payments, status: 'operational' }] })
  clock.advance('30m')
  await posts(id, { stage: 'resolved' })
  const before = await everything()
  await expect(does((it) => changeIncident(it, id, { overAt: '2026-11-21T12:20:00Z', reason }))).rejects.toMatchObject({
    field: 'overAt',
  })
  expect(await everything()).toBe(before)
})
