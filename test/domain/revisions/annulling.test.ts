import { expect, test } from 'vitest'
import { publishDraft } from '../../../src/domain/incidents/drafts.ts'
import { readIncident } from '../../../src/domain/incidents/queries.ts'
import { examineLedger } from '../../../src/domain/ledger/examine.ts'
import { monthRecord } from '../../../src/domain/record/queries.ts'
import { annul } from '../../../src/domain/revisions/annulling.ts'
import { without } from '../../../src/domain/revisions/annulment.ts'
import { readSite } from '../../../src/domain/site/queries.ts'
import type { Instant } from '../../../src/lib/clock.ts'
import { desk } from '../desk.ts'

const at = (time: string): Instant => `2026-11-21T${time}:00.000Z` as Instant

/** Search was said by a probe to be down from 11:57 on; now it is 12:31. */
async function alarmed({ isOver = false } = {}) {
  const here = await desk()
  const id = await here.drafts()
  await here.engine((it) => publishDraft(it, id))
  here.clock.advance('30m')
  if (isOver) await here.posts(id, { stage: 'resolved', overAt: at('12:20') })
  here.clock.advance('1m')
  const { search, db } = here
  const downSeconds = async () => {
    const rows = await db.selectFrom('component_days').select('major').where('component_id', '=', search).execute()
    return rows.reduce((sum, { major }) => sum + major, 0)
  }
  return { ...here, id, downSeconds, reason: 'The checks came through a proxy of ours that had failed.' }
}

test('a false alarm that is annulled counts for nothing, and stays to be read', async () => {
  const { db, id, does, reason, incident, downSeconds, events, clock, search } = await alarmed({ isOver: true })
  expect(await downSeconds()).toBe(23 * 60)
  await does((it) => annul(it, id, { reason }))
  expect(await downSeconds()).toBe(0)
  const after = await readIncident(db, id)
  expect(after).toMatchObject({
    severity: 'none',
    annulledAt: at('12:31'),
    overAt: at('12:20'),
    heldBy: 'person',
    impacts: [],
    annulments: [{ componentId: null, from: at('11:57'), until: at('12:20'), author: 'Ada', reason }],
    reviewDueAt: null,
  })
  expect(after?.updates[0]).toMatchObject({ stage: 'update', author: 'Ada' })
  expect(after?.updates[0]?.body).toMatch(/false alarm/)
  // What was said before stays.
  expect((await incident(id)).updates).toHaveLength(3)
  expect(after?.revisions.filter(({ of }) => of === 'impact')).toMatchObject([
    { reason, after: null, before: { component: search, status: 'major_outage', endedAt: at('12:20') } },
  ])
  expect((await events()).at(-1)).toMatchObject({ type: 'incident.annulled', data: { whole: 'yes' } })
  const record = await monthRecord(db, '2026-11', { site: await readSite(db), now: clock.now() })
  expect(record.facts.falseAlarms).toMatchObject([{ id, told: 'yes', componentIds: [search] }])
  expect(record.facts.incidents).toEqual([])
})

test('one that is still open is over with the word that says it', async () => {
  const { id, does, reason, incident, status, search, downSeconds } = await alarmed()
  expect(await status(search)).toBe('major_outage')
  await does((it) => annul(it, id, { reason }))
  expect(await status(search)).toBe('operational')
  expect(await downSeconds()).toBe(0)
  expect(await incident(id)).toMatchObject({ stage: 'resolved', overAt: at('12:31'), annulledAt: at('12:31') })
  await expect(does((it) => annul(it, id, { reason }))).rejects.toThrow('annulled already')
})

test('of one component, only the time that is named is annulled, and only its days are counted again', async () => {
  const { db, id, does, reason, incident, downSeconds, search } = await alarmed({ isOver: true })
  await db
    .insertInto('component_days')
    .values({ component_id: search, day: '2026-11-20', major: 7, partial: 0, degraded: 0, maintenance: 0, unknown: 0 })
    .execute()
  const time = { beganAt: at('12:00'), endedAt: at('12:10') }
  await does((it) => annul(it, id, { reason, component: search, ...time }))
  // The day before was not counted again, or it would have lost its mark.
  expect(await downSeconds()).toBe(13 * 60 + 7)
  expect(await incident(id)).toMatchObject({
    annulledAt: null,
    severity: 'critical',
    mitigatedAt: at('12:20'),
    impacts: [
      { beganAt: at('11:57'), endedAt: at('12:00') },
      { beganAt: at('12:10'), endedAt: at('12:20') },
    ],
    annulments: [{ componentId: search, from: at('12:00'), until: at('12:10') }],
  })
  await expect(does((it) => annul(it, id, { reason, component: search, ...time }))).rejects.toThrow('Nothing was said')
})

test('what a person said is corrected, not annulled', async () => {
  const { opens, does } = await desk()
  const id = await opens()
  await expect(does((it) => annul(it, id, { reason: 'No.' }))).rejects.toThrow('A person said this')
})

test('the ledger gets an entry that says what was annulled and why, and still fits what readers see', async () => {
  const { db, id, does, reason, clock, ledgerKeys } = await alarmed({ isOver: true })
  await does((it) => annul(it, id, { reason }))
  const row = await db.selectFrom('ledger').selectAll().orderBy('seq', 'desc').limit(1).executeTakeFirstOrThrow()
  expect(row.kind).toBe('incident.annulled')
  expect((JSON.parse(row.entry) as { annulment: object }).annulment).toMatchObject({
    from: at('11:57'),
    reason,
    corrections: [{ after: null, before: { status: 'major_outage' } }, { after: { severity: 'none' } }],
  })
  const findings = await examineLedger(db, ledgerKeys, clock.now())
  expect(findings.filter(({ remedy }) => remedy !== null)).toEqual([])
})

test.each([
  ['all of it', ['10:00', '11:00'], ['09:00', '12:00'], []],
  ['its beginning', ['10:00', '11:00'], ['09:00', '10:30'], [['10:30', '11:00']]],
  ['its end', ['10:00', '11:00'], ['10:30', '12:00'], [['10:00', '10:30']]],
  ['its middle', ['10:00', '11:00'], ['10:20', '10:30'], [['10:00', '10:20'], ['10:30', '11:00']]], // prettier-ignore
  ['what goes on', ['10:00', null], ['10:20', null], [['10:00', '10:20']]],
  ['a part of what goes on', ['10:00', null], ['09:00', '10:20'], [['10:20', null]]],
] as const)('an interval without %s', (_, interval, gone, left) => {
  const of = ([from, until]: readonly [string, string | null]) => [at(from), until === null ? null : at(until)] as const
  expect(without(of(interval), of(gone))).toEqual(left.map(of))
})
