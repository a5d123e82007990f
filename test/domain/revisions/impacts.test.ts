import { describe, expect, test } from 'vitest'
import { changeIncident } from '../../../src/domain/incidents/commands.ts'
import { changeSite, setUpSite } from '../../../src/domain/site/commands.ts'
import { addImpact, correctImpact, removeImpact } from '../../../src/domain/revisions/impacts.ts'
import { revisionsOfComponent } from '../../../src/domain/revisions/queries.ts'
import { type Desk, desk } from '../desk.ts'

/** Search was partly down from noon on the 18th until noon on the 21st. */
async function lasting(more: { zone?: string; from?: string; until?: string } = {}) {
  const here = await desk()
  if (more.zone !== undefined) {
    await here.does((it) => setUpSite(it, { name: 'Northwind', zone: more.zone ?? 'UTC', locale: 'en' }))
  }
  const id = await here.opens({ beganAt: more.from ?? '2026-11-18T12:00:00Z' })
  await here.posts(id, { stage: 'resolved', ...(more.until === undefined ? {} : { overAt: more.until }) })
  const [impact] = (await here.incident(id)).impacts
  return { ...here, id, impact: impact?.id ?? '', reason: 'The logs.' }
}

async function partial({ db, search }: Desk): Promise<Record<string, number>> {
  const rows = await db
    .selectFrom('component_days')
    .select(['day', 'partial', 'major'])
    .where('component_id', '=', search)
    .orderBy('day')
    .execute()
  return Object.fromEntries(rows.map((row) => [row.day.slice(5), row.partial + row.major]))
}

describe('correcting an interval', () => {
  test('counts the days again between the old and the new, and no others', async () => {
    const here = await lasting()
    const { db, does, impact, reason, search } = here
    const day = 86_400
    expect(await partial(here)).toEqual({ '11-18': day / 2, '11-19': day, '11-20': day, '11-21': day / 2 })
    // Whatever is counted again loses this mark.
    await db.updateTable('component_days').set({ partial: 7 }).where('component_id', '=', search).execute()
    await does((it) => correctImpact(it, impact, { beganAt: '2026-11-18T18:00:00Z', reason }))
    expect(await partial(here)).toEqual({ '11-18': day / 4, '11-19': 7, '11-20': 7, '11-21': 7 })
    await does((it) => correctImpact(it, impact, { endedAt: '2026-11-21T06:00:00Z', reason }))
    expect(await partial(here)).toEqual({ '11-18': day / 4, '11-19': 7, '11-20': 7, '11-21': day / 4 })
    await does((it) => correctImpact(it, impact, { beganAt: '2026-11-19T00:00:00Z', reason }))
    expect(await partial(here)).toEqual({ '11-19': day, '11-20': 7, '11-21': day / 4 })
    await does((it) => correctImpact(it, impact, { status: 'major_outage', reason }))
    expect(await partial(here)).toEqual({ '11-19': day, '11-20': day, '11-21': day / 4 })
  })

  test('a moved beginning of the incident counts the days between, and no others', async () => {
    const here = await lasting()
    const { db, does, id, reason, search } = here
    await db.updateTable('component_days').set({ partial: 7 }).where('component_id', '=', search).execute()
    await does((it) => changeIncident(it, id, { beganAt: '2026-11-18T18:00:00Z', reason }))
    expect(await partial(here)).toEqual({ '11-18': 21_600, '11-19': 7, '11-20': 7, '11-21': 7 })
    expect(await revisionsOfComponent(db, search)).toMatchObject([{ of: 'impact', reason, shown: 'no' }])
  })

  test('what it was is kept, and it is said that it was corrected', async () => {
    const { db, does, id, impact, reason, incident, events, search, component } = await lasting()
    await does((it) => correctImpact(it, impact, { beganAt: '2026-11-18T13:00:00Z', reason }))
    const after = await incident(id)
    expect(after.impacts).toMatchObject([{ beganAt: '2026-11-18T13:00:00.000Z', endedAt: '2026-11-21T12:00:00.000Z' }])
    expect(after.revisions).toMatchObject([
      {
        of: 'impact',
        subject: impact,
        owner: id,
        reason,
        author: 'Ada',
        before: { component: search, status: 'partial_outage', beganAt: '2026-11-18T12:00:00.000Z' },
        after: { beganAt: '2026-11-18T13:00:00.000Z' },
      },
    ])
    expect(await revisionsOfComponent(db, search)).toEqual(after.revisions)
    expect((await events()).at(-1)).toMatchObject({
      type: 'impact.corrected',
      subject: id,
      data: { impact, component: search, revision: after.revisions[0]?.id, how: 'changed' },
    })
    expect((await component(search)).updatedAt).toBe('2026-11-21T12:00:00.000Z')
  })

  test('a worse status raises the severity, a better one does not lower it, and a person decides otherwise', async () => {
    const { does, id, impact, reason, incident } = await lasting()
    await does((it) => correctImpact(it, impact, { status: 'major_outage', reason }))
    expect(await incident(id)).toMatchObject({ severity: 'critical' })
    await does((it) => correctImpact(it, impact, { status: 'degraded_performance', reason }))
    expect(await incident(id)).toMatchObject({ severity: 'critical' })
    await does((it) => changeIncident(it, id, { severityOverride: 'minor', reason }))
    expect(await incident(id)).toMatchObject({ severity: 'minor', derivedSeverity: 'critical' })
  })

  test('the incident began no later than what it did, and is mitigated when nothing is felt', async () => {
    const { does, id, impact, reason, incident } = await lasting()
    await does((it) =>
      correctImpact(it, impact, { beganAt: '2026-11-17T12:00:00Z', endedAt: '2026-11-20T12:00:00Z', reason }),
    )
    const after = await incident(id)
    expect(after).toMatchObject({ beganAt: '2026-11-17T12:00:00.000Z', mitigatedAt: '2026-11-20T12:00:00.000Z' })
    expect(after.revisions).toMatchObject([{ of: 'impact' }, { of: 'incident' }])
  })

  test.each([
    [{ beganAt: '2026-11-22T00:00:00Z' }, 'beganAt', 'still to come'],
    [{ beganAt: '2026-11-21T12:00:00Z' }, 'endedAt', 'end after it began'],
    [{ endedAt: '' }, 'endedAt', 'say when it ended'],
    [{ endedAt: '2026-11-21T13:00:00Z' }, 'endedAt', 'still to come'],
    [{ status: 'under_maintenance' }, 'status', 'must be'],
    [{ reason: '' }, 'reason', 'must not be empty'],
  ])('refuses %o', async (input, field, message) => {
    const { does, impact, reason, everything } = await lasting()
    const before = await everything()
    await expect(does((it) => correctImpact(it, impact, { reason, ...input }))).rejects.toMatchObject({
      field,
      message: expect.stringContaining(message) as string,
    })
    expect(await everything()).toBe(before)
  })

  test('on the day on which clocks go back, an interval of two hours is two hours', async () => {
    const here = await lasting({ zone: 'Europe/Lisbon', from: '2026-10-25T00:30:00Z', until: '2026-10-25T03:00:00Z' })
    const { does, impact, reason } = here
    expect(await partial(here)).toEqual({ '10-25': 9000 })
    // 01:15 for the first time, and 01:15 for the second one.
    await does((it) => correctImpact(it, impact, { beganAt: '2026-10-25T00:15:00Z', reason }))
    expect(await partial(here)).toEqual({ '10-25': 9900 })
    await does((it) => correctImpact(it, impact, { beganAt: '2026-10-25T01:15:00Z', reason }))
    expect(await partial(here)).toEqual({ '10-25': 6300 })
    // The day before ends at 23:00 UTC.
    await does((it) => correctImpact(it, impact, { beganAt: '2026-10-24T22:30:00Z', reason }))
    expect(await partial(here)).toEqual({ '10-24': 1800, '10-25': 14_400 })
    await does((it) => changeSite(it, { zone: 'UTC' }))
  })
})

describe('adding and removing', () => {
  test('an interval that was not said is added, and one that was not so is taken back', async () => {
    const here = await lasting()
    const { does, id, impact, reason, incident, events, payments } = here
    const interval = { beganAt: '2026-11-19T10:00:00Z', endedAt: '2026-11-19T10:10:00Z', status: 'major_outage' }
    await does((it) => addImpact(it, id, { component: payments, reason, ...interval }))
    expect(await incident(id)).toMatchObject({ severity: 'critical', impacts: [{}, { componentId: payments }] })
    expect((await events()).at(-1)).toMatchObject({ type: 'impact.corrected', data: { how: 'added' } })
    await does((it) => removeImpact(it, impact, { reason: 'It was another one.' }))
    const after = await incident(id)
    expect(after.impacts).toMatchObject([{ componentId: payments }])
    expect(after.revisions).toMatchObject([
      { before: null, after: { component: payments } },
      { before: { status: 'partial_outage' }, after: null, reason: 'It was another one.' },
    ])
    expect(await partial(here)).toEqual({})
    await expect(does((it) => removeImpact(it, impact, { reason }))).rejects.toThrow('no such interval')
  })

  test('no system suffers twice from the same at the same time', async () => {
    const { does, id, reason, search, incident } = await lasting()
    const add = (beganAt: string, endedAt: string) =>
      does((it) => addImpact(it, id, { component: search, status: 'major_outage', reason, beganAt, endedAt }))
    await expect(add('2026-11-20T00:00:00Z', '2026-11-20T01:00:00Z')).rejects.toThrow('another interval')
    await add('2026-11-18T11:00:00Z', '2026-11-18T12:00:00Z')
    expect(await incident(id)).toMatchObject({ impacts: [{ status: 'major_outage' }, { status: 'partial_outage' }] })
  })

  test('what goes on changes what the system is now', async () => {
    const { opens, does, incident, status, search, payments } = await desk()
    const id = await opens({ beganAt: '2026-11-21T11:00:00Z' })
    const reason = 'Cards too.'
    const facts = { component: payments, status: 'major_outage', beganAt: '2026-11-21T11:30:00Z' }
    await does((it) => addImpact(it, id, { ...facts, reason }))
    expect(await status(payments)).toBe('major_outage')
    const [first, second] = (await incident(id)).impacts
    await does((it) => correctImpact(it, first?.id ?? '', { endedAt: '2026-11-21T11:45:00Z', reason }))
    expect(await status(search)).toBe('operational')
    await does((it) => removeImpact(it, second?.id ?? '', { reason }))
    expect(await status(payments)).toBe('operational')
    await expect(does((it) => addImpact(it, id, { ...facts, component: 'none', reason }))).rejects.toMatchObject({
      field: 'component',
    })
  })

  test('what a draft names is nobody’s business yet', async () => {
    const { drafts, does, incident } = await desk()
    const [impact] = (await incident(await drafts())).impacts
    await expect(does((it) => removeImpact(it, impact?.id ?? '', { reason: 'No.' }))).rejects.toThrow(
      'no such interval',
    )
  })
})
