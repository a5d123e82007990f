import { expect, test } from 'vitest'
import { changeComponent } from '../../src/domain/components/commands.ts'
import { changeIncident } from '../../src/domain/incidents/commands.ts'
import { completeAction } from '../../src/domain/reviews/actions.ts'
import { publishReview } from '../../src/domain/reviews/commands.ts'
import { openActions } from '../../src/domain/reviews/queries.ts'
import { correctUpdate, withdrawUpdate } from '../../src/domain/revisions/words.ts'
import { change as tamper } from '../domain/ledger/tampering.ts'
import { verifyLedger } from '../domain/ledger/verifier.ts'
import { type Telling, telling } from './telling.ts'

const review = {
  saw: 'From 11:40 on 21 November to 9:30 on 23 November, payments by card failed.',
  happened: 'The certificate with which our bank knows us expired.',
  why: 'Nobody was told that it would: the date stood in the calendar of a colleague who left.',
  duration: 'The bank renews certificates by hand, and on weekdays only.',
  data: 'No payment was lost, and none was charged twice.',
  done: 'The certificate is valid for two years.',
  next: 'We will know of such a date a month before it comes.',
}

/** What programs read of an incident. */
interface ReadIncident {
  readonly status: string
  readonly incident_updates: readonly { readonly body: string }[]
}

/** A month of the record. */
interface ReadMonth {
  readonly month: string
  readonly noticed_to_told: object
  readonly promises: object
  readonly reviews: object
}

test('an incident over three days, as the page, the programs, the feed, the record and the ledger tell it', async () => {
  const it = await telling()
  await it.does((change) => changeComponent(change, it.payments, { startDate: '2026-11-01' }))
  await it.until('2026-11-21T12:00:00Z')
  await it.ledger()
  const id = await it.opens({
    name: 'Card payments fail',
    body: 'Since 11:55 payments by card fail. Bank transfers work.',
    components: [{ id: it.payments, status: 'major_outage' }],
    beganAt: '2026-11-21T11:55:00Z',
  })
  const page = () => it.page(`/incidents/${id}`)
  const asJson = async () => {
    const { incidents } = await it.json<{ incidents: ReadIncident[] }>('/api/v2/incidents.json')
    return incidents[0]
  }
  const feed = async () => {
    const entries = await it.feed()
    expect(entries).toHaveLength(1)
    expect(entries[0]?.id).toBe('tag:status.example,2005:Incident/1')
    return entries[0] ?? { updated: '', text: '' }
  }
  const november = async () => {
    const { months } = await it.json<{ months: ReadMonth[] }>('/record.json')
    return months.find(({ month }) => month === '2026-11')
  }
  const entered = async () => {
    const { kinds, verdict } = await it.ledger()
    expect(verdict).toMatchObject({ ok: true, signatures: 'checked' })
    return kinds
  }

  // 1: the first word, with a promise that follows from how bad it is.
  await it.until('2026-11-21T12:00:05Z')
  expect(await it.page('/')).toContain('Card payments are down. Search works.')
  expect(await page()).toContain('Next update by 12:20 UTC')
  expect(await page()).toMatch(
    /Began 11:55 .*We noticed 12:00 5 minutes later We told you 12:00 5 minutes later by Ada/,
  )
  expect(await asJson())?.toMatchObject({
    status: 'investigating',
    impact: 'critical',
    started_at: '2026-11-21T11:55:00.000Z',
  })
  expect((await feed()).text).toContain('Since 11:55 payments by card fail.')
  expect(await november())?.toMatchObject({ incidents: { critical: 1, total: 1 }, promises: { made: 0, kept: 0 } })
  expect(await entered()).toEqual(['incident.opened'])

  // 2: the second word comes in time.
  await it.until('2026-11-21T12:15:00Z')
  const cause = await it.posts(id, { body: 'The certificate of our payment provider has expired.' })
  await it.until('2026-11-21T12:15:05Z')
  expect(await page()).toContain('Promised the next update by 12:20 UTC, and kept it.')
  expect(await page()).toContain('Next update by 12:35 UTC 1 of 1 promises kept')
  expect(await asJson())?.toMatchObject({ status: 'identified' })
  expect(await feed()).toMatchObject({ updated: '2026-11-21T12:15:00Z' })
  expect((await november())?.promises).toMatchObject({ made: 1, kept: 1 })
  expect(await entered()).toEqual(['promise.kept', 'incident.updated'])

  // 3: nobody speaks when it was promised. The page says so before any human does.
  await it.until('2026-11-21T12:35:01Z')
  expect(await it.page('/')).toContain('We promised an update by 12:35 UTC and are late.')
  expect(await page()).toContain('We promised an update by 12:35 UTC and are late. 1 of 2 promises kept')
  expect((await asJson())?.incident_updates).toHaveLength(2)
  expect(await feed()).toMatchObject({ updated: '2026-11-21T12:15:00Z' })
  expect((await november())?.promises).toMatchObject({ made: 2, kept: 1 })
  expect(await entered()).toEqual(['promise.missed'])

  // 4: the late word does not undo that it was late.
  await it.until('2026-11-21T12:45:00Z')
  await it.posts(id, { body: 'We are late, and sorry. It is renewed now.', nextUpdateBy: '2026-11-21T14:00:00Z' })
  await it.until('2026-11-21T12:45:05Z')
  expect(await page()).toContain('Promised the next update by 12:35 UTC: it came 10 minutes late.')
  expect(await page()).toContain('Next update by 14:00 UTC 1 of 2 promises kept')
  expect((await feed()).text).toContain('We are late, and sorry.')
  expect((await november())?.promises).toMatchObject({ made: 2, kept: 1 })
  expect(await entered()).toEqual(['incident.updated'])

  // 5: it began earlier than was said, and the page says that this was corrected.
  const lostBefore = await lostToday(it)
  await it.until('2026-11-21T13:30:00Z')
  const reason = 'The first payment failed earlier than our checks saw.'
  await it.does((change) => changeIncident(change, id, { beganAt: '2026-11-21T11:40:00Z', reason }))
  await it.until('2026-11-21T13:30:05Z')
  expect(await page()).toContain('Told you after 20 minutes')
  expect(await page()).toContain(`Began 11:40 corrected 13:30; before, it said 11:55 · by Ada · ${reason}`)
  expect(await asJson())?.toMatchObject({ started_at: '2026-11-21T11:40:00.000Z' })
  expect(await feed()).toMatchObject({ updated: '2026-11-21T13:30:00Z' })
  expect((await november())?.noticed_to_told).toMatchObject({ counted: 1, worst_seconds: 0 })
  expect((await lostToday(it)) - lostBefore).toBe(15 * 60 + 45 * 60)
  expect(await entered()).toEqual(['incident.changed'])

  // 6: a word that belonged elsewhere is withdrawn, and one that was wrong is corrected.
  await it.until('2026-11-21T13:50:00Z')
  const stray = await it.posts(id, { body: 'The export of invoices is late.', nextUpdateBy: '2026-11-21T18:00:00Z' })
  await it.until('2026-11-21T14:05:00Z')
  await it.does((change) => withdrawUpdate(change, stray, { reason: 'It belongs to another incident.' }))
  await it.does((change) =>
    correctUpdate(change, cause, {
      body: 'The certificate of our bank has expired.',
      reason: 'It was not the provider.',
    }),
  )
  await it.until('2026-11-21T14:05:05Z')
  expect(await page()).not.toContain('export of invoices')
  expect(await page()).toMatch(/Withdrawn 14:05.*It belongs to another incident\./i)
  expect(await page()).toMatch(/corrected 14:05/i)
  expect(await page()).toContain('The certificate of our bank has expired.')
  expect(JSON.stringify(await asJson())).not.toMatch(/export of invoices|payment provider/)
  expect((await feed()).text).not.toMatch(/export of invoices|payment provider/)
  expect((await feed()).updated).toBe('2026-11-21T14:05:00Z')
  expect((await november())?.promises).toMatchObject({ made: 3, kept: 2 })
  expect(await entered()).toEqual(['promise.kept', 'incident.updated', 'update.withdrawn', 'update.corrected'])

  // 7: seven more words in time, the last of which says that it is over. A review is owed from now on.
  for (const [at, stage, body, nextUpdateBy] of [
    ['2026-11-21T17:50:00Z', 'identified', 'Our bank renews it on Monday.', '2026-11-22T09:00:00Z'],
    ['2026-11-22T08:55:00Z', 'update', 'Nothing has changed. Bank transfers work.', '2026-11-22T13:00:00Z'],
    ['2026-11-22T12:30:00Z', 'update', 'One in ten payments goes through another bank.', '2026-11-22T19:00:00Z'],
    ['2026-11-22T18:45:00Z', 'update', 'Half of them do.', '2026-11-23T07:30:00Z'],
    ['2026-11-23T07:10:00Z', 'identified', 'Our bank works on it.', '2026-11-23T09:00:00Z'],
    ['2026-11-23T08:40:00Z', 'monitoring', 'The certificate is there; we try it.', '2026-11-23T10:00:00Z'],
    ['2026-11-23T09:30:00Z', 'monitoring', 'All payments go through. We watch it.', '2026-11-23T12:30:00Z'],
  ] as const) {
    await it.until(at)
    await it.posts(id, { stage, body, nextUpdateBy })
  }
  await it.until('2026-11-23T12:00:00Z')
  await it.posts(id, { stage: 'resolved', body: 'It is over. No payment was lost.', overAt: '2026-11-23T09:30:00Z' })
  await it.until('2026-11-23T12:00:05Z')
  expect(await it.page('/')).toContain('Everything works')
  expect(await page()).toContain('Review owed by 26 November at 12:00')
  expect(await page()).toMatch(/Over 09:30 .*We said it was over 12:00 2 hours, 30 minutes later by Ada/)
  expect(await asJson())?.toMatchObject({ status: 'resolved', resolved_at: '2026-11-23T12:00:00.000Z' })
  // Twelve were said and one of them withdrawn.
  expect((await asJson())?.incident_updates).toHaveLength(11)
  expect((await november())?.promises).toMatchObject({ made: 11, kept: 10 })
  expect(await entered()).toEqual([
    ...Array.from({ length: 7 }, () => ['promise.kept', 'incident.updated']).flat(),
    'promise.kept',
    'incident.resolved',
  ])

  // 8: the review is late. 9: it comes, and with it three promises more.
  await it.until('2026-11-26T12:00:01Z')
  expect(await page()).toContain('We promised a review by 12:00 and are late.')
  expect((await november())?.reviews).toMatchObject({ made: 1, kept: 0 })
  expect(await entered()).toEqual(['promise.missed'])
  await it.until('2026-11-26T15:00:00Z')
  await it.does((change) =>
    publishReview(change, id, {
      as: 'final',
      heads: review,
      actions: [
        { title: 'Tell us of dates a month before', dueOn: '2026-11-28' },
        { title: 'Keep dates where more than one person sees them', dueOn: '2026-11-30' },
        { title: 'A second bank for all payments', dueOn: '2026-12-31' },
      ],
    }),
  )
  await it.until('2026-11-26T15:00:05Z')
  for (const text of Object.values(review)) expect(await page()).toContain(text)
  expect(await page()).toContain('Review promised by 12:00: it came 3 hours late.')
  expect(await page()).toContain('Final review promised by 7 December at 12:00: kept.')
  expect((await asJson())?.status).toBe('postmortem')
  expect((await feed()).text).toContain('The certificate with which our bank knows us expired.')
  expect((await november())?.reviews).toMatchObject({ made: 2, kept: 1 })
  expect(await entered()).toEqual(['review.published', 'promise.kept'])

  // 10: one action is done in time, and one is not.
  await it.until('2026-11-27T12:00:00Z')
  const done = (await openActions(it.db)).find(({ title }) => title.startsWith('Tell us'))
  await it.does((change) => completeAction(change, done?.id ?? '', { word: 'Our checks read the dates.' }))
  await it.until('2026-12-01T00:00:05Z')
  expect(await page()).toMatch(/Tell us of dates a month before Done .*Our checks read the dates\./)
  expect(await page()).toContain('Keep dates where more than one person sees them Overdue')
  expect(await page()).toContain('A second bank for all payments Open')
  expect((await asJson())?.incident_updates[0]?.body).toContain('Overdue')
  expect((await feed()).updated).toBe('2026-12-01T00:00:05Z')
  expect((await november())?.promises).toMatchObject({ made: 11, kept: 10 })
  expect(await entered()).toEqual(['action.done', 'action.overdue'])
  expect(await it.page('/record')).toMatch(/10 of 11/)

  // Whatever of it is changed afterwards, anybody finds it.
  const { lines } = await it.ledger()
  for (const [index] of lines.entries()) {
    const forged = [...lines]
    tamper(forged, index + 1, (line) => (line.entry['forged'] = true))
    const verdict = await verifyLedger([Buffer.from(`${forged.join('\n')}\n`)], {})
    expect(verdict, lines[index]).toMatchObject({ ok: false, entry: index + 1 })
  }
})

/** Seconds of today that card payments were down so far. */
async function lostToday(it: Telling): Promise<number> {
  const { bars } = await it.readSnapshot()
  return bars.get(it.payments)?.days.at(-1)?.major ?? 0
}
