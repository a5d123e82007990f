import { expect, test } from 'vitest'
import { eventsAfter } from '../../../../src/domain/changes/log.ts'
import { setComponentStatus } from '../../../../src/domain/components/commands.ts'
import { openIncident, postUpdate } from '../../../../src/domain/incidents/commands.ts'
import { dismissDraft } from '../../../../src/domain/incidents/drafts.ts'
import { pauseProbe } from '../../../../src/domain/probes/commands.ts'
import type { Disagreement } from '../../../../src/domain/probes/engine/disagreement.ts'
import { explain } from '../../../../src/domain/probes/engine/explaining.ts'
import { later, secondsBetween } from '../../../../src/lib/clock.ts'
import { ada, watched } from '../watched.ts'

type Here = Awaited<ReturnType<typeof watched>>

const shown = async ({ readSnapshot }: Here): Promise<readonly Disagreement[]> => (await readSnapshot()).disagreements

/** The probe fails, its draft is dismissed: nothing is said. */
async function dismissed(settings: Parameters<typeof watched>[0] = {}): Promise<Here> {
  const here = await watched(settings)
  await here.finds('pppfff')
  const [draft] = await here.incidents()
  await here.change(ada, (it) => dismissDraft(it, draft?.id ?? ''))
  return here
}

test('a failure that operators dismiss is told by the page itself, exactly when patience ends', async () => {
  const here = await dismissed()
  await here.finds('ffff')
  expect(await shown(here)).toEqual([])
  await here.finds('ff')
  const [one] = await shown(here)
  expect(one).toMatchObject({ componentId: here.search, declared: 'operational', measured: 'major_outage' })
  const due = one?.shownFrom ?? here.clock.now()
  here.clock.set(later(due, -0.001))
  const { disagreements, nextMoment } = await here.readSnapshot()
  expect([disagreements, nextMoment]).toEqual([[], due])
  here.clock.set(due)
  expect(await here.readSnapshot()).toMatchObject({ asOf: due, disagreements: [one] })
})

test('it goes by itself when the probe is well again', async () => {
  const here = await dismissed()
  await here.finds('fffffff')
  expect(await shown(here)).toHaveLength(1)
  await here.finds('ppp')
  expect(await shown(here)).toEqual([])
})

test('a draft that publishes itself leaves nothing to disagree about', async () => {
  const here = await watched()
  await here.finds('ppp')
  for (let minute = 0; minute < 30; minute += 1) {
    await here.finds('f')
    await here.jobs()
    expect(await shown(here)).toEqual([])
  }
  expect(await here.status()).toBe('major_outage')
})

test('what a person resolves while checks fail is held against that word, not against what was before', async () => {
  const here = await watched()
  await here.finds('pppfff')
  const components = [{ id: here.search, status: 'major_outage' as const }]
  const id = await here.change(ada, (it) =>
    openIncident(it, { name: 'Search is down', body: 'We know.', stage: 'identified', components }),
  )
  await here.finds('ffffffffffff')
  expect(await shown(here)).toEqual([])
  const toldAt = here.clock.now()
  await here.change(ada, (it) => postUpdate(it, id, { stage: 'resolved', body: 'It works.' }))
  expect(await shown(here)).toEqual([])
  await here.finds('fffffff')
  expect(await shown(here)).toMatchObject([{ since: toldAt, declared: 'operational' }])
})

test('what is said to be down while every check passes is told too', async () => {
  const here = await watched()
  await here.finds('ppp')
  await here.change(ada, (it) => setComponentStatus(it, here.search, { status: 'major_outage' }))
  await here.finds('pppppp')
  expect(await shown(here)).toEqual([])
  await here.finds('ppppppp')
  expect(await shown(here)).toMatchObject([{ declared: 'major_outage', measured: 'operational' }])
  await here.change(ada, (it) => setComponentStatus(it, here.search, { status: 'operational' }))
  expect(await shown(here)).toEqual([])
})

test('a paused probe is not measured, and no argument', async () => {
  const here = await dismissed()
  await here.finds('fffffff')
  await here.change(ada, (it) => pauseProbe(it, here.id))
  expect(await shown(here)).toEqual([])
  expect(await here.status()).toBe('unknown')
})

test('a probe that is to say nothing says nothing here either', async () => {
  const here = await watched({ policy: 'off' })
  await here.finds('pppfffffffffffff')
  expect(await shown(here)).toEqual([])
})

test('an explanation stands beside it for as long as it goes on, and declaring does not erase it', async () => {
  const here = await dismissed()
  await here.finds('fffffff')
  const before = (await eventsAfter(here.db, 0, 1000)).length
  const id = await here.change(ada, (it) =>
    explain(it, here.search, { body: 'The address of our check moved.', translations: { fr: { body: 'Déplacé.' } } }),
  )
  const [one] = await shown(here)
  expect(one?.explanation).toMatchObject({
    id,
    author: 'Ada',
    locale: 'en',
    translations: { fr: { body: 'Déplacé.' } },
  })
  expect((await eventsAfter(here.db, 0, 1000)).slice(before)).toMatchObject([
    { type: 'component.explained', subject: here.search, data: { name: 'Search', explanation: id } },
  ])
  await here.change(ada, (it) => setComponentStatus(it, here.search, { status: 'operational' }))
  expect(await shown(here)).toEqual([one])

  // A second word takes its place; the first is kept.
  here.clock.advance('10s')
  await here.change(ada, (it) => explain(it, here.search, { body: 'We mend the check today.' }))
  expect((await shown(here))[0]?.explanation?.body).toBe('We mend the check today.')
  expect(await here.db.selectFrom('explanations').selectAll().execute()).toHaveLength(2)

  // Over, and anew: what was said speaks of another.
  await here.finds('ppp')
  await here.finds('fff')
  const [, draft] = await here.incidents()
  await here.change(ada, (it) => dismissDraft(it, draft?.id ?? ''))
  await here.finds('fffffff')
  const [again] = await shown(here)
  expect(again?.explanation).toBeNull()
  expect(secondsBetween(one?.since ?? here.clock.now(), again?.since ?? here.clock.now())).toBeGreaterThan(0)
})

test('there is nothing to explain where both say the same', async () => {
  const here = await watched()
  await here.finds('ppp')
  await expect(here.change(ada, (it) => explain(it, here.search, { body: 'Why?' }))).rejects.toThrow(
    'there is nothing to explain',
  )
  await expect(here.change(ada, (it) => explain(it, 'nothing', { body: 'Why?' }))).rejects.toThrow('no such system')
})
