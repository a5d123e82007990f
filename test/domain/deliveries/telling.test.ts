import { expect, test } from 'vitest'
import { postUpdate, reopenIncident } from '../../../src/domain/incidents/commands.ts'
import { publishDraft } from '../../../src/domain/incidents/drafts.ts'
import { noteShownNotices } from '../../../src/domain/ledger/shown-notices.ts'
import { advanceMaintenances } from '../../../src/domain/maintenances/advance.ts'
import { announceMaintenance, cancelMaintenance } from '../../../src/domain/maintenances/commands.ts'
import { remindOfMaintenances } from '../../../src/domain/maintenances/reminding.ts'
import { extendMaintenance } from '../../../src/domain/maintenances/replan.ts'
import { changeNotice, endNotice, publishNotice } from '../../../src/domain/notices/commands.ts'
import { completeAction, dropAction } from '../../../src/domain/reviews/actions.ts'
import { publishReview } from '../../../src/domain/reviews/commands.ts'
import { annul } from '../../../src/domain/revisions/annulling.ts'
import { heardBy, listens, tells, tellsAll, toldTo } from '../../telling.ts'
import { desk } from '../desk.ts'

test('nobody is told in the first two minutes, and everybody once after them', async () => {
  const here = await desk()
  await listens(here, 'cy')
  await here.opens()
  await tells(here)
  here.clock.advance('119s')
  await tells(here)
  expect(await toldTo(here, 'cy')).toEqual([])
  here.clock.advance('1s')
  await tells(here)
  await tells(here)
  const told = await toldTo(here, 'cy')
  expect(told).toHaveLength(1)
  expect(told[0]).toMatchObject({
    event: 'incident.opened',
    kind: 'incident',
    moment: 'begins',
    subject: { noun: 'incident', name: 'Search is slow', severity: 'major', stage: 'investigating', overAt: null },
    word: { body: 'Searches fail. We are looking into it.', stage: 'investigating' },
    wordBefore: null,
    components: [{ id: here.search, name: 'Search', from: 'operational', to: 'partial_outage' }],
  })
})

test('the story of an incident is told word by word, and says what it said then', async () => {
  const here = await desk()
  await listens(here, 'cy')
  const id = await here.opens()
  await here.posts(id, { stage: 'identified', body: 'A disk is full.' })
  await here.posts(id, { stage: 'resolved', body: 'It is over.' })
  await here.does((it) => reopenIncident(it, id, { stage: 'investigating', body: 'Not yet.' }))
  await here.posts(id, { stage: 'resolved', body: 'Now it is.' })
  await here.posts(id, { stage: 'update', body: 'A late word.' })
  await tellsAll(here)
  const told = await toldTo(here, 'cy')
  expect(told.map(({ event, moment, word, subject }) => [event, moment, word?.body, subject.stage])).toEqual([
    ['incident.opened', 'begins', 'Searches fail. We are looking into it.', expect.anything()],
    ['incident.updated', 'goes on', 'A disk is full.', expect.anything()],
    ['incident.resolved', 'ends', 'It is over.', 'resolved'],
    ['incident.reopened', 'begins', 'Not yet.', expect.anything()],
    ['incident.resolved', 'ends', 'Now it is.', 'resolved'],
    ['incident.updated', 'goes on', 'A late word.', 'resolved'],
  ])
  expect(new Set((await here.db.selectFrom('messages').select('thread').execute()).map((row) => row.thread))).toEqual(
    new Set([`incident:${id}`]),
  )
})

test('what is told late says nothing of what came after', async () => {
  const here = await desk()
  await listens(here, 'cy')
  const id = await here.opens()
  here.clock.advance('1m')
  await here.posts(id, { stage: 'resolved', body: 'It is over.' })
  await tellsAll(here)
  const [first] = await toldTo(here, 'cy')
  expect(first?.subject).toMatchObject({ stage: 'investigating', overAt: null })
  expect(first?.components[0]).toMatchObject({ from: 'operational', to: 'partial_outage' })
})

test('a silent word is told to nobody', async () => {
  const here = await desk()
  await listens(here, 'cy')
  const id = await here.opens({ deliver: 'no' })
  await here.posts(id, { body: 'Loud.' })
  await tellsAll(here)
  expect(await heardBy(here, 'cy')).toEqual(['incident.updated: Loud.'])
})

test('a false alarm is told once, by the word that comes with it, and to whoever heard of the alarm', async () => {
  const here = await desk()
  await listens(here, 'cy', { severityFrom: 'critical' })
  const id = await here.drafts({ publishesAt: null })
  await here.does((it) => publishDraft(it, id))
  await tellsAll(here)
  await here.does((it) => annul(it, id, { reason: 'Our check was wrong.' }))
  await tellsAll(here)
  const told = await toldTo(here, 'cy')
  expect(told.map(({ event, moment, subject }) => [event, moment, subject.severity])).toEqual([
    ['incident.opened', 'begins', 'critical'],
    ['incident.resolved', 'ends', 'none'],
  ])
})

test('planned work is announced, reminded of, begun, extended and completed, each once', async () => {
  const here = await desk()
  await listens(here, 'cy')
  await here.does((it) =>
    announceMaintenance(it, {
      name: 'New disks',
      body: 'We add disks.',
      components: [here.search],
      plannedFrom: '2026-11-25T12:00:00Z',
      plannedUntil: '2026-11-25T14:00:00Z',
    }),
  )
  await tellsAll(here)
  for (const at of ['2026-11-24T12:00:00Z', '2026-11-25T11:00:00Z', '2026-11-25T12:00:00Z']) {
    here.clock.set(at)
    await advanceMaintenances(here)
    await remindOfMaintenances(here)
    await tellsAll(here)
  }
  const [{ id } = { id: '' }] = await here.db.selectFrom('maintenances').select('id').execute()
  await here.does((it) => extendMaintenance(it, id, { plannedUntil: '2026-11-25T15:00:00Z', body: 'An hour more.' }))
  await tellsAll(here)
  here.clock.set('2026-11-25T15:00:00Z')
  await advanceMaintenances(here)
  await remindOfMaintenances(here)
  await tellsAll(here)
  const told = await toldTo(here, 'cy')
  expect(told.map(({ event, moment }) => [event, moment])).toEqual([
    ['maintenance.announced', 'begins'],
    ['maintenance.reminded', 'goes on'],
    ['maintenance.reminded', 'goes on'],
    ['maintenance.began', 'begins'],
    ['maintenance.updated', 'goes on'],
    ['maintenance.completed', 'ends'],
  ])
  expect(told[0]).toMatchObject({
    kind: 'maintenance',
    subject: { planned: { from: '2026-11-25T12:00:00.000Z', until: '2026-11-25T14:00:00.000Z' }, stage: 'scheduled' },
    components: [{ id: here.search, from: null, to: 'operational' }],
  })
  expect(told[4]?.subject.planned?.until).toBe('2026-11-25T15:00:00.000Z')
})

test('nobody is reminded of what was announced silently', async () => {
  const here = await desk()
  await listens(here, 'cy')
  const id = await here.does((it) =>
    announceMaintenance(it, {
      name: 'New disks',
      body: 'We add disks.',
      plannedFrom: '2026-11-25T12:00:00Z',
      plannedUntil: '2026-11-25T14:00:00Z',
      deliver: 'no',
    }),
  )
  here.clock.set('2026-11-25T11:00:00Z')
  await remindOfMaintenances(here)
  await tellsAll(here)
  expect(await toldTo(here, 'cy')).toEqual([])
  await here.does((it) => cancelMaintenance(it, id, { body: 'Not today.' }))
  await tellsAll(here)
  expect(await heardBy(here, 'cy')).toEqual(['maintenance.cancelled: Not today.'])
})

test('a notice is told when readers see it, whether it was written for then or is shown sooner', async () => {
  const here = await desk()
  await listens(here, 'cy')
  await here.does((it) => publishNotice(it, { name: 'Now', body: 'Read this.' }))
  await here.does((it) => publishNotice(it, { name: 'Later', body: 'At one.', shownFrom: '2026-11-21T13:00:00Z' }))
  const moved = await here.does((it) =>
    publishNotice(it, { name: 'Sooner', body: 'Tomorrow.', shownFrom: '2026-11-22T13:00:00Z' }),
  )
  await tellsAll(here)
  expect((await toldTo(here, 'cy')).map(({ subject }) => subject.name)).toEqual(['Now'])
  await here.does((it) => changeNotice(it, moved, { shownFrom: here.clock.now() }))
  here.clock.set('2026-11-21T13:00:00Z')
  await noteShownNotices(here)
  await tellsAll(here)
  expect((await toldTo(here, 'cy')).map(({ subject }) => subject.name)).toEqual(['Now', 'Sooner', 'Later'])
  // Its time came and went while nothing ran.
  const soon = { shownFrom: '2026-11-21T13:10:00Z', shownUntil: '2026-11-21T13:15:00Z' }
  await here.does((it) => publishNotice(it, { name: 'Soon', body: 'For five minutes.', ...soon }))
  here.clock.set('2026-11-21T13:20:00Z')
  await noteShownNotices(here)
  await tellsAll(here)
  expect(await toldTo(here, 'cy')).toHaveLength(3)
  const ended = await here.does((it) => publishNotice(it, { name: 'A mistake', body: 'Oh.' }))
  await tells(here)
  await here.does((it) => endNotice(it, ended))
  await tellsAll(here)
  expect(await toldTo(here, 'cy')).toHaveLength(3)
})

test('a review is told with all its heads, in the conversation of its incident', async () => {
  const here = await desk()
  await listens(here, 'cy')
  const id = await here.opens({ components: [{ id: here.search, status: 'degraded_performance' }] })
  await here.posts(id, { stage: 'resolved', body: 'It is over.' })
  await tellsAll(here)
  await here.does((it) => publishReview(it, id, { as: 'final', heads: { saw: 'Slow searches.', why: 'A full disk.' } }))
  await tellsAll(here)
  const told = (await toldTo(here, 'cy')).at(-1)
  expect(told).toMatchObject({ event: 'review.published', kind: 'review', moment: 'ends', subject: { id } })
  expect(told?.word?.body).toContain('Slow searches.')
  expect(told?.word?.body).toContain('A full disk.')
})

test('what a review promised is told when it is done, and when it will not be, to who wants every word', async () => {
  const here = await desk()
  await listens(here, 'cy')
  await listens(here, 'di', { extent: 'ends' })
  const id = await here.opens({ components: [{ id: here.search, status: 'degraded_performance' }] })
  await here.posts(id, { stage: 'resolved', body: 'It is over.' })
  const actions = ['Watch the disk', 'Buy a larger one'].map((title) => ({ title, dueOn: '2026-12-24' }))
  await here.does((it) => publishReview(it, id, { as: 'final', heads: { saw: 'Slow.', next: 'More room.' }, actions }))
  await tellsAll(here)
  const promised = new Map((await here.incident(id)).review?.actions.map((action) => [action.title, action.id]))
  await here.does((it) => completeAction(it, promised.get('Watch the disk') ?? '', { word: 'It warns at 80 %.' }))
  await here.does((it) => dropAction(it, promised.get('Buy a larger one') ?? '', { word: 'It is not needed.' }))
  await tellsAll(here)
  expect((await toldTo(here, 'cy')).slice(-2).map(({ event, word }) => [event, word?.body])).toEqual([
    ['action.done', '**Watch the disk**\n\nIt warns at 80 %.'],
    ['action.dropped', '**Buy a larger one**\n\nIt is not needed.'],
  ])
  expect((await toldTo(here, 'di')).at(-1)?.event).toBe('review.published')
})

test('what happened before there were subscribers, or more than a day ago, is told to nobody', async () => {
  const here = await desk()
  await listens(here, 'cy')
  const id = await here.opens()
  here.clock.advance('25h')
  await tellsAll(here)
  expect(await toldTo(here, 'cy')).toEqual([])
  await here.does((it) => postUpdate(it, id, { stage: 'monitoring', body: 'Better.' }))
  await tells(here)
  // The machine stood still before it could hand it out.
  here.clock.advance('25h')
  await tellsAll(here)
  expect(await toldTo(here, 'cy')).toEqual([])
})
