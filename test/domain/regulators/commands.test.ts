import { expect, test } from 'vitest'
import {
  enterFact,
  finishReport,
  letClockGo,
  startClock,
  takeClockUp,
  undoReport,
} from '../../../src/domain/regulators/commands.ts'
import { clocksOf, openClocks } from '../../../src/domain/regulators/queries.ts'
import { dismissDraft } from '../../../src/domain/incidents/drafts.ts'
import { desk } from '../desk.ts'

const aware = '2026-11-21T11:00:00.000Z'

async function started(regime = 'nis2') {
  const here = await desk()
  const incident = await here.opens()
  const id = await here.does((it) => startClock(it, incident, { regime, awareAt: aware }))
  const clock = async () => (await clocksOf(here.db, incident)).find((one) => one.id === id)!
  return { ...here, incidentId: incident, id, clock }
}

test('a clock is started with when we were aware, and says by when what is due', async () => {
  const { clock, events, incidentId, id } = await started()
  const { title, reports, entries, endedAt } = await clock()
  expect(title).toBe('NIS2: significant incident')
  expect(reports.map(({ dueAt }) => dueAt)).toEqual([
    '2026-11-22T11:00:00.000Z',
    '2026-11-24T11:00:00.000Z',
    '2026-12-24T11:00:00.000Z',
  ])
  expect(entries).toEqual([
    { kind: 'aware', at: '2026-11-21T12:00:00.000Z', author: 'Ada', report: null, happenedAt: aware, note: null },
  ])
  expect(endedAt).toBeNull()
  expect((await events()).at(-1)).toMatchObject({
    type: 'clock.started',
    subject: incidentId,
    data: { clock: id, title: 'NIS2: significant incident' },
  })
})

test('who sent a report when stands there, and stays when it turns out not to have been sent', async () => {
  const { does, clock, id, events } = await started()
  await does((it) =>
    finishReport(it, id, 'early-warning', { at: '2026-11-21T11:30:00Z', note: 'By their form, no. 12' }),
  )
  expect((await clock()).reports[0]?.done).toEqual({
    at: '2026-11-21T11:30:00.000Z',
    author: 'Ada',
    enteredAt: '2026-11-21T12:00:00.000Z',
    note: 'By their form, no. 12',
  })
  await expect(does((it) => finishReport(it, id, 'early-warning', {}))).rejects.toThrow(
    'Ada entered this as sent already.',
  )
  await does((it) => undoReport(it, id, 'early-warning', { note: 'Their form failed.' }))
  const { reports, entries } = await clock()
  expect(reports[0]?.done).toBeNull()
  expect(entries.map(({ kind, note }) => [kind, note])).toEqual([
    ['aware', null],
    ['done', 'By their form, no. 12'],
    ['undone', 'Their form failed.'],
  ])
  await expect(does((it) => undoReport(it, id, 'early-warning', { note: 'Again.' }))).rejects.toThrow(
    'not entered as sent',
  )
  expect((await events()).slice(-2).map(({ type }) => type)).toEqual(['clock.done', 'clock.undone'])
})

test('when we were aware may be corrected, and moves what is due; what was entered first stays among the entries', async () => {
  const { does, clock, id } = await started()
  await does((it) => enterFact(it, id, { fact: 'aware', at: '2026-11-21T09:00:00Z', note: 'A customer called.' }))
  const { awareAt, reports, entries } = await clock()
  expect(awareAt).toBe('2026-11-21T09:00:00.000Z')
  expect(reports[0]?.dueAt).toBe('2026-11-22T09:00:00.000Z')
  expect(entries).toHaveLength(2)
  await expect(does((it) => enterFact(it, id, { fact: 'aware' }))).rejects.toThrow('everything is counted from it')
})

test('a classification is entered later, and may be taken back', async () => {
  const { does, clock, id } = await started('dora')
  expect((await clock()).reports[0]).toMatchObject({ dueAt: '2026-11-22T11:00:00.000Z', isFirm: false })
  await does((it) => enterFact(it, id, { fact: 'classified', at: '2026-11-21T12:00:00Z' }))
  expect((await clock()).reports[0]).toMatchObject({ dueAt: '2026-11-21T16:00:00.000Z', isFirm: true })
  await does((it) => enterFact(it, id, { fact: 'classified', at: null, note: 'It is not major.' }))
  expect((await clock()).classifiedAt).toBeNull()
})

test('a clock is open until all is sent, and again when something was not', async () => {
  const { does, db, id } = await started('gdpr')
  const open = async () => (await openClocks(db)).map((clock) => clock.id)
  expect(await open()).toEqual([id])
  await does((it) => finishReport(it, id, 'notification', {}))
  expect(await open()).toEqual([])
  await does((it) => undoReport(it, id, 'notification', { note: 'Another authority.' }))
  expect(await open()).toEqual([id])
})

test('what is not owed after all is let go with its reason, and can be taken up again', async () => {
  const { does, db, id, incidentId, clock } = await started('gdpr')
  await does((it) => letClockGo(it, id, { note: 'No personal data was touched.' }))
  expect((await clock()).letGo).toMatchObject({ author: 'Ada', note: 'No personal data was touched.' })
  expect(await openClocks(db)).toEqual([])
  await expect(does((it) => finishReport(it, id, 'notification', {}))).rejects.toThrow('was let go')
  await does((it) => takeClockUp(it, id))
  expect((await openClocks(db)).map((one) => one.id)).toEqual([id])
  await does((it) => letClockGo(it, id, { note: 'Really.' }))
  await does((it) => startClock(it, incidentId, { regime: 'gdpr', awareAt: aware }))
  await expect(does((it) => takeClockUp(it, id))).rejects.toThrow('started meanwhile')
})

test('a clock of one’s own has its name and its time', async () => {
  const { does, db, opens } = await desk()
  const incident = await opens()
  await does((it) =>
    startClock(it, incident, {
      regime: 'custom',
      awareAt: aware,
      name: 'Notice to the insurer',
      amount: 5,
      unit: 'days',
      runsFrom: 'aware',
    }),
  )
  const [clock] = await clocksOf(db, incident)
  expect(clock).toMatchObject({ title: 'Notice to the insurer', source: null })
  expect(clock?.reports.map(({ name, dueAt }) => [name, dueAt])).toEqual([['report', '2026-11-26T11:00:00.000Z']])
})

test.each([
  [{ regime: 'gdpr' }, 'awareAt'],
  [{ regime: 'gdpr', awareAt: '2026-11-21T12:01:00Z' }, 'awareAt'],
  [{ regime: 'dora', awareAt: aware, classifiedAt: '2026-11-22T12:00:00Z' }, 'classifiedAt'],
  [{ regime: 'hipaa', awareAt: aware }, 'regime'],
  [{ regime: 'custom', awareAt: aware }, 'name'],
  [{ regime: 'custom', awareAt: aware, name: 'To the insurer' }, 'amount'],
  [{ regime: 'custom', awareAt: aware, name: 'X', amount: 2, unit: 'days', runsFrom: 'classified' }, 'classifiedAt'],
])('%o is refused at its field', async (input, field) => {
  const { does, opens } = await desk()
  const incident = await opens()
  const refused = does((it) => startClock(it, incident, input as Parameters<typeof startClock>[2]))
  await expect(refused).rejects.toMatchObject({ field })
})

test('the same clock is not started twice on one incident', async () => {
  const { does, incidentId } = await started('gdpr')
  const again = does((it) => startClock(it, incidentId, { regime: 'gdpr', awareAt: aware }))
  await expect(again).rejects.toThrow('on the incident already')
})

test('a report cannot have been sent before we were aware, nor in the future', async () => {
  const { does, id } = await started('gdpr')
  const sends = (at: string) => does((it) => finishReport(it, id, 'notification', { at }))
  await expect(sends('2026-11-21T10:59:00Z')).rejects.toThrow('before you were aware')
  await expect(sends('2026-11-21T12:01:00Z')).rejects.toThrow('future')
  await expect(does((it) => finishReport(it, id, 'final-report', {}))).rejects.toThrow('no such report')
})

test('a draft has clocks too, one that was dismissed has not', async () => {
  const { does, drafts, db } = await desk()
  const draft = await drafts()
  await does((it) => startClock(it, draft, { regime: 'nis2', awareAt: aware }))
  expect(await openClocks(db)).toHaveLength(1)
  const other = await drafts()
  await does((it) => dismissDraft(it, other))
  await expect(does((it) => startClock(it, other, { regime: 'nis2', awareAt: aware }))).rejects.toThrow(
    'no such incident',
  )
})

test('no reader hears of it: nothing of a clock enters the ledger', async () => {
  const { does, db, id } = await started('gdpr')
  const before = await db.selectFrom('ledger').select('seq').execute()
  await does((it) => finishReport(it, id, 'notification', {}))
  await does((it) => undoReport(it, id, 'notification', { note: 'No.' }))
  expect(await db.selectFrom('ledger').select('seq').execute()).toEqual(before)
})
