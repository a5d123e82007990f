import { expect, test } from 'vitest'
import { reopenIncident } from '../../../src/domain/incidents/commands.ts'
import { tellingSubscribers } from '../../../src/domain/deliveries/subscribers-told.ts'
import { publishReview } from '../../../src/domain/reviews/commands.ts'
import { heads } from '../../../src/domain/reviews/review.ts'
import { forgetFollowers } from '../../../src/domain/subscribers/forgetting.ts'
import { type Desk, desk } from '../desk.ts'
import { only, readers } from './readers.ts'

const [ada, ben, cy] = ['ada@example.org', 'ben@example.org', 'cy@example.org']

test('who followed one incident is forgotten a month after its end, with everything that was sent, and may come again', async () => {
  const it = await desk()
  const { subscribes, isKnown, rows, suppressed } = readers(it)
  const incident = await slow(it)
  await subscribes(ada, only({ incidents: [incident] }))
  await it.posts(incident, { stage: 'resolved' })
  it.clock.advance('29d')
  await forgetFollowers(it)
  expect(await isKnown(ada)).toBe(true)
  it.clock.advance('25h')
  await forgetFollowers(it)
  expect(await isKnown(ada)).toBe(false)
  expect(await rows()).not.toContain(incident)
  // They did not leave.
  expect(await suppressed()).toEqual([])
  await subscribes(ada)
  expect(await isKnown(ada)).toBe(true)
})

test('who was told of the end hears what is said after it, and is forgotten all the same', async () => {
  const it = await desk()
  const { subscribes, isKnown, letters } = readers(it)
  const tells = tellingSubscribers(it)
  const incident = await slow(it)
  it.clock.advance('3m')
  await tells()
  await subscribes(ada, only({ incidents: [incident] }))
  const tellsAll = async (): Promise<string[]> => {
    await tells()
    it.clock.advance('3m')
    await tells()
    return (await letters(ada)).filter((kind) => kind === 'told')
  }
  await it.posts(incident, { stage: 'resolved' })
  expect(await tellsAll()).toHaveLength(1)
  await it.does((change) => reopenIncident(change, incident, { body: 'It is back.', stage: 'investigating' }))
  expect(await tellsAll()).toHaveLength(2)
  await it.posts(incident, { stage: 'resolved' })
  expect(await tellsAll()).toHaveLength(3)
  it.clock.advance('31d')
  await forgetFollowers(it)
  expect(await isKnown(ada)).toBe(false)
})

test('who follows more than what is over stays, and that they followed it is forgotten', async () => {
  const it = await desk()
  const { subscribes, found } = readers(it)
  const [over, open] = [await slow(it), await slow(it)]
  await subscribes(ada, only({ incidents: [over, open] }))
  await subscribes(ben, only({ incidents: [over], components: [it.search] }))
  await subscribes(cy)
  await it.posts(over, { stage: 'resolved' })
  it.clock.advance('31d')
  await forgetFollowers(it)
  expect((await found(ada)).scope.incidents).toEqual([open])
  expect((await found(ben)).scope).toMatchObject({ incidents: [], components: [it.search] })
  expect((await found(cy)).scope.everything).toBe('yes')
})

test('while a review is owed they are kept for it, and no longer than three months', async () => {
  const it = await desk()
  const { subscribes, isKnown } = readers(it)
  const [reviewed, never] = [await slow(it, 'major_outage'), await slow(it, 'major_outage')]
  await subscribes(ada, only({ incidents: [reviewed] }))
  await subscribes(ben, only({ incidents: [never] }))
  for (const incident of [reviewed, never]) await it.posts(incident, { stage: 'resolved' })
  it.clock.advance('40d')
  await forgetFollowers(it)
  expect([await isKnown(ada), await isKnown(ben)]).toEqual([true, true])

  const written = Object.fromEntries(heads.map((head) => [head, 'We know.']))
  await it.does((change) => publishReview(change, reviewed, { heads: written, actions: [], as: 'final' }))
  await tellingSubscribers(it)()
  await forgetFollowers(it)
  // They hear of it first.
  expect(await isKnown(ada)).toBe(true)
  it.clock.advance('4d')
  await forgetFollowers(it)
  expect([await isKnown(ada), await isKnown(ben)]).toEqual([false, true])
  it.clock.advance('47d')
  await forgetFollowers(it)
  expect(await isKnown(ben)).toBe(false)
})

test('what came again is followed on', async () => {
  const it = await desk()
  const { subscribes, isKnown } = readers(it)
  const incident = await slow(it)
  await subscribes(ada, only({ incidents: [incident] }))
  await it.posts(incident, { stage: 'resolved' })
  it.clock.advance('20d')
  await it.does((change) => reopenIncident(change, incident, { body: 'It is back.', stage: 'investigating' }))
  it.clock.advance('31d')
  await forgetFollowers(it)
  expect(await isKnown(ada)).toBe(true)
})

async function slow(it: Desk, status = 'degraded_performance'): Promise<string> {
  return it.opens({ name: 'Search is slow', components: [{ id: it.search, status }] })
}
