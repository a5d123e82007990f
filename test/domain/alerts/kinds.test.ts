import { expect, test } from 'vitest'
import { standingAlerts } from '../../../src/domain/alerts/queries.ts'
import { endBackup } from '../../../src/domain/backups/log.ts'
import { takeAlert } from '../../../src/domain/alerts/settling.ts'
import { noteFailing } from '../../../src/domain/deliveries/failing.ts'
import { queueLetter } from '../../../src/domain/deliveries/queue.ts'
import { postUpdate } from '../../../src/domain/incidents/commands.ts'
import { askForSecond } from '../../../src/domain/incidents/confirming.ts'
import { dismissDraft, editDraft, publishDraft } from '../../../src/domain/incidents/drafts.ts'
import { planUpdate, publishDueUpdates, takeBackUpdate } from '../../../src/domain/incidents/waiting.ts'
import { addPlace } from '../../../src/domain/places/commands.ts'
import { createProbe } from '../../../src/domain/probes/commands.ts'
import { addAction, completeAction } from '../../../src/domain/reviews/actions.ts'
import { noteOverdueActions } from '../../../src/domain/reviews/overdue.ts'
import { publishReview } from '../../../src/domain/reviews/commands.ts'
import { everyHead } from '../reviews/looking-back.ts'
import type { Instant } from '../../../src/lib/clock.ts'
import { type Team, by, team } from './team.ts'

/** What stands now, as it is said. */
async function standing(of: Team): Promise<string[]> {
  await of.ticks()
  await of.ticks()
  return (await standingAlerts(of.db)).map(({ kind, name }) => `${kind}: ${name}`)
}

test('a draft of a probe calls until somebody publishes, edits or dismisses it; one that somebody wrote calls nobody', async () => {
  const it = await team()
  const ada = await it.person('Ada', 'owner')
  const waits = 'draft-waiting: The draft “Search does not answer” waits for you. It publishes itself at 12:05.'
  for (const decide of [publishDraft, dismissDraft] as const) {
    const draft = await it.drafts()
    expect(await standing(it)).toEqual([waits])
    await it.change(by(ada), (change) => decide(change, draft))
    expect(await standing(it)).toEqual([])
  }
  const draft = await it.drafts()
  await it.ticks()
  await it.change(by(ada), (change) => editDraft(change, draft, { body: 'We look at it.' }))
  expect(await standing(it)).toEqual([])
})

test('an incident that published itself calls until a person does anything about it', async () => {
  const it = await team()
  const ada = await it.person('Ada', 'owner')
  const incident = await it.drafts()
  it.clock.set('2026-11-21T12:05:00Z')
  expect(await standing(it)).toEqual([
    'opened-by-itself: “Search does not answer” was published by itself. Nobody has said anything on it yet.',
  ])
  await it.change(by(ada), (change) => postUpdate(change, incident, { stage: 'identified', body: 'We know.' }))
  expect(await standing(it)).toEqual([])
  const alerts = await it.db.selectFrom('alerts').select('settled_by').execute()
  expect(alerts).toEqual([{ settled_by: ada.id }])
})

test('a promise that was kept in time is over, and one that somebody made for so soon that nobody is reminded calls nobody', async () => {
  const it = await team()
  const incident = await it.opens({ nextUpdateBy: '2026-11-21T12:30:00Z' })
  it.clock.set('2026-11-21T12:26:00Z')
  expect(await standing(it)).toHaveLength(1)
  await it.posts(incident, { nextUpdateBy: '2026-11-21T12:30:00Z' })
  expect(await standing(it)).toEqual([])
})

test('an update that was held back calls until it is taken back or published', async () => {
  const it = await team()
  const ada = await it.person('Ada', 'owner')
  const incident = await it.opens({ noPromiseReason: 'It is watched.' })
  const word = { stage: 'identified', body: 'We will know more.' }
  const id = await it.change(by(ada), (change) =>
    planUpdate(change, incident, { word, publishesAt: '2026-11-21T12:10:00.000Z' as Instant }),
  )
  expect(await standing(it)).toEqual([])
  it.clock.set('2026-11-21T12:08:00Z')
  await it.posts(incident, { noPromiseReason: 'It is watched.' })
  it.clock.set('2026-11-21T12:10:01Z')
  await publishDueUpdates(it)
  expect(await standing(it)).toEqual([
    'update-held: An update on “Search is slow” did not publish itself: Somebody posted another update after this one was written.',
  ])
  await it.change(by(ada), (change) => takeBackUpdate(change, id))
  expect(await standing(it)).toEqual([])
})

test('who asks for a second person is not called for it; everybody else is, until somebody confirms it', async () => {
  const it = await team()
  const [ada, ben] = [await it.person('Ada', 'owner'), await it.person('Ben')]
  await it.isCalled(ada, { kinds: ['second-asked'] })
  await it.isCalled(ben, { kinds: ['second-asked'] })
  const draft = await it.drafts({ publishesAt: null })
  await it.change(by(ada), (change) => askForSecond(change, draft))
  await it.ticks()
  expect(await it.rings()).toEqual(['Ben: Ada asks somebody else to confirm what is said on “Search does not answer”.'])
  await it.change(by(ben), (change) => publishDraft(change, draft))
  expect(await standing(it)).toEqual([])

  // Of an update that waits it is the same.
  await it.change(by(ada), (change) =>
    planUpdate(change, draft, { word: { stage: 'identified', body: 'We know.' }, publishesAt: null }),
  )
  expect(await standing(it)).toEqual([
    'second-asked: Ada asks somebody else to confirm what is said on “Search does not answer”.',
  ])
})

test('a review is due a day before, and overdue until it is written; an action until it is done', async () => {
  const it = await team()
  const incident = await it.opens({
    components: [{ id: it.search, status: 'major_outage' }],
    noPromiseReason: 'It is over soon.',
  })
  await it.posts(incident, { stage: 'resolved', body: 'It is over.' })
  it.clock.set('2026-11-23T12:00:00Z')
  expect(await standing(it)).toEqual([
    'promise-due: The review promised for Tue 24 Nov, 12:00 on “Search is slow” is due.',
  ])
  it.clock.set('2026-11-24T12:00:01Z')
  expect(await standing(it)).toEqual([
    'review-late: The review of “Search is slow”, promised for 12:00, is overdue, and the page says so.',
  ])
  await it.does((change) => publishReview(change, incident, { heads: everyHead, as: 'final' }))
  expect(await standing(it)).toEqual([])
  const action = await it.does((change) => addAction(change, incident, { title: 'Add a replica', dueOn: '2026-11-24' }))
  it.clock.set('2026-11-25T00:00:01Z')
  await noteOverdueActions(it)
  expect(await standing(it)).toEqual([
    'review-late: An action of the review of “Search is slow” is overdue: Add a replica',
  ])
  await it.does((change) => completeAction(change, action, { word: 'It is there.' }))
  expect(await standing(it)).toEqual([])
})

test('a place is silent after two minutes without a word, not while it was never heard, and back soon it calls nobody again', async () => {
  const it = await team()
  const ada = await it.person('Ada', 'owner')
  await it.isCalled(ada)
  const { number } = await it.does((change) => addPlace(change, { name: 'Frankfurt' }))
  it.clock.advance('1h')
  expect(await standing(it)).toEqual([])
  const hears = () =>
    it.db.updateTable('places').set({ heard_at: it.clock.now() }).where('number', '=', number).execute()
  await hears()
  it.clock.advance('2m')
  expect(await standing(it)).toEqual([])
  it.clock.advance('1s')
  expect(await standing(it)).toEqual(['place-silent: The place “Frankfurt” is silent: nothing is checked from there.'])
  expect(await it.rings()).toHaveLength(1)
  await it.arrives()
  await hears()
  expect(await standing(it)).toEqual([])
  expect(await it.rings()).toEqual([
    'Ada: It is over. You were called because: The place “Frankfurt” is silent: nothing is checked from there.',
  ])
  await it.arrives()
  it.clock.advance('3m')
  expect(await standing(it)).toHaveLength(1)
  expect(await it.rings()).toEqual([])
})

test('what is back soon calls again when it stays, and comes and goes without a word', async () => {
  const full = { problem: 'it is nearly full' as string | null }
  const it = await team({ disk: () => Promise.resolve(full.problem) })
  const ada = await it.person('Ada', 'owner')
  await it.isCalled(ada)
  await it.isCalled(await it.person('Ben', 'admin'), { after: 4 })
  const goes = async (problem: string | null, after: string): Promise<void> => {
    full.problem = problem
    await it.ticks()
    it.clock.advance(after)
  }
  await goes('it is nearly full', '1m')
  await it.arrives()
  await goes(null, '1s')
  expect(await it.rings()).toEqual(['Ada: It is over. You were called because: The disk: it is nearly full.'])
  await it.arrives()
  for (let times = 0; times < 3; times += 1) {
    await goes('it is nearly full', '2m')
    await goes(null, '2m')
  }
  expect(await it.rings()).toEqual([])
  await goes('it is nearly full', '9m')
  await it.ticks()
  expect(await it.rings()).toEqual([])
  it.clock.advance('1m')
  expect(await it.rings()).toEqual(['Ada: The disk: it is nearly full.'])
  await it.arrives()
  await goes(null, '1s')
  expect(await it.rings()).toEqual(['Ada: It is over. You were called because: The disk: it is nearly full.'])
})

test('who took what comes back soon has it still', async () => {
  const full = { problem: 'it is nearly full' as string | null }
  const it = await team({ disk: () => Promise.resolve(full.problem) })
  const ada = await it.person('Ada', 'owner')
  await it.isCalled(ada)
  await it.ticks()
  it.clock.advance('1s')
  const [alert] = await standingAlerts(it.db)
  await it.change(by(ada), (change) => takeAlert(change, ada, alert?.id ?? ''))
  full.problem = null
  it.clock.advance('1m')
  await it.ticks()
  full.problem = 'it is nearly full'
  it.clock.advance('1m')
  await it.ticks()
  it.clock.advance('1h')
  expect(await it.rings()).toEqual([])
})

test('a prober is silent when nothing is measured any more, and not because Candor itself was away', async () => {
  const it = await team()
  const probe = await it.does((change) => createProbe(change, { componentId: it.search, url: 'https://example.com' }))
  expect(await standing(it)).toEqual([])
  it.clock.advance('10m')
  expect(await standing(it)).toEqual([
    'prober-silent: Nothing is measured any more. What the page shows may no longer be so.',
  ])
  await it.db.updateTable('probes').set({ paused_at: it.clock.now() }).where('id', '=', probe).execute()
  expect(await standing(it)).toEqual([])
})

test('a certificate that ends soon, a failed backup and a disk that fills call those who can see to it', async () => {
  let full: string | null = null
  const it = await team({ disk: () => Promise.resolve(full) })
  const [ada, ben] = [await it.person('Ada', 'owner'), await it.person('Ben')]
  await it.isCalled(ada)
  // Even what was written into the database by other means calls nobody who could do nothing about it.
  const way = await it.isCalled(ben, { kinds: ['promise-missed'] })
  await it.db
    .updateTable('alert_channels')
    .set({ kinds: '["certificate-ends","backup-failed","disk-full"]' })
    .where('id', '=', way)
    .execute()
  const probe = await it.does((change) => createProbe(change, { componentId: it.search, url: 'https://example.com' }))
  const state = { state: 'up', since: it.clock.now(), answers: '[]', speed: '[]', steadiness: '{}' }
  await it.db
    .insertInto('probe_states')
    .values({
      ...state,
      probe_id: probe,
      place: 0,
      measured_at: it.clock.now(),
      last_at: it.clock.now(),
      last_outcome: 'up',
      last_reason: 'expiring',
      last_ms: 20,
      last_code: null,
      last_trace: null,
    })
    .execute()
  const night = '2026-11-21T03:17:00.000Z' as Instant
  const backup = { dueAt: night, beganAt: night, endedAt: night, place: '/srv/secret', bytes: null }
  await endBackup(it.db, { ...backup, problem: 'There is no folder /srv/secret.' })
  full = 'only 12 MB (0.1 %) are free'
  await it.ticks()
  const rings = await it.rings()
  expect(rings).toEqual([
    'Ada: The certificate that “example.com” looks at ends soon.',
    'Ada: The backup that was due at 2026-11-21 03:17 UTC failed: the desk and the log say why; there has never been one.',
    'Ada: The disk: only 12 MB (0.1 %) are free.',
  ])
  // Where backups lie is nobody's business who reads a phone.
  expect(rings.join('\n')).not.toContain('/srv')
  await endBackup(it.db, { ...backup, bytes: 100, problem: null })
  full = null
  expect(await standing(it)).toEqual(['certificate-ends: The certificate that “example.com” looks at ends soon.'])
})

test('a channel by which nothing gets through calls while something waits there', async () => {
  const it = await team()
  const ada = await it.person('Ada', 'owner')
  const letter = { payload: { kind: 'confirm' }, audience: 'subscriber', recipient: 's', thread: 's' } as const
  await it.change(by(ada), async (change) => {
    await queueLetter(change, { ...letter, channel: 'email' })
    await noteFailing(change, { channel: 'email', reason: 'unreachable' })
  })
  expect(await standing(it)).toEqual(['delivery-failing: Nothing that is told by mail gets through: unreachable.'])
  await it.db.updateTable('deliveries').set({ done_at: it.clock.now(), outcome: 'accepted' }).execute()
  expect(await standing(it)).toEqual([])
})
