import { describe, expect, test } from 'vitest'
import { setComponentStatus } from '../../../src/domain/components/commands.ts'
import { openIncident } from '../../../src/domain/incidents/commands.ts'
import { openIncidents, readIncident, recentIncidents } from '../../../src/domain/incidents/queries.ts'
import { ada, desk } from '../desk.ts'

describe('opening', () => {
  test('an incident says when it began, when we noticed, when we told', async () => {
    const { opens, incident } = await desk()
    const opened = await incident(
      await opens({ beganAt: '2026-11-21T11:40:00+00:00', noticedAt: '2026-11-21T11:52:00Z' }),
    )
    expect(opened).toMatchObject({
      number: 1,
      stage: 'investigating',
      severity: 'major',
      source: 'person',
      heldBy: 'person',
      beganAt: '2026-11-21T11:40:00.000Z',
      noticedAt: '2026-11-21T11:52:00.000Z',
      toldAt: '2026-11-21T12:00:00.000Z',
      overAt: null,
      latestUpdateAt: '2026-11-21T12:00:00.000Z',
    })
  })

  test('its components are impaired in public since it began, with their days counted', async () => {
    const { opens, status, component, search, payments, readSnapshot, clock } = await desk()
    clock.advance('1h')
    await opens({ beganAt: '2026-11-21T12:40:00Z' })
    expect(await status(search)).toBe('partial_outage')
    expect(await status(payments)).toBe('operational')
    expect(await component(search)).toMatchObject({ statusSince: '2026-11-21T12:40:00.000Z' })
    const shown = (await readSnapshot()).bars.get(search)
    expect(shown?.days.at(-1)).toMatchObject({ partial: 20 * 60 })
  })

  test('the first word names what it affected, and its author', async () => {
    const { opens, incident, search, events } = await desk()
    const id = await opens()
    const { updates } = await incident(id)
    expect(updates).toMatchObject([
      {
        stage: 'investigating',
        author: 'Ada',
        source: 'person',
        displayedAt: '2026-11-21T12:00:00.000Z',
        affected: [{ id: search, name: 'Search', from: 'operational', to: 'partial_outage' }],
      },
    ])
    expect(await events()).toMatchObject([
      {
        type: 'incident.opened',
        subject: id,
        actor: ada,
        data: { name: 'Search is slow', severity: 'major', update: updates[0]?.id },
      },
    ])
  })

  test('a component that came to no harm is named and stays green', async () => {
    const { opens, incident, payments, status } = await desk()
    const id = await opens({ components: [{ id: payments, status: 'operational' }] })
    expect(await status(payments)).toBe('operational')
    expect((await incident(id)).severity).toBe('none')
    expect((await incident(id)).impacts).toMatchObject([
      { componentId: payments, status: 'operational', endedAt: '2026-11-21T12:00:00.000Z' },
    ])
  })

  test('translations go where their words are, and the language of the original is none', async () => {
    const { opens, incident } = await desk()
    const translations = {
      fr: { name: 'La recherche est lente', body: 'Nous cherchons.' },
      en: { name: 'Twice' },
      fa: { body: '' },
    }
    const id = await opens({ translations, locale: 'en' })
    const { translations: names, updates } = await incident(id)
    expect(names).toEqual({ fr: { name: 'La recherche est lente' } })
    expect(updates[0]?.translations).toEqual({ fr: { body: 'Nous cherchons.' } })
  })

  test('one that is told when it is over is told as such', async () => {
    const { opens, incident, status, search, db } = await desk()
    const id = await opens({ stage: 'resolved', beganAt: '2026-11-21T11:00:00Z' })
    expect(await incident(id)).toMatchObject({
      stage: 'resolved',
      overAt: '2026-11-21T12:00:00.000Z',
      nextUpdateBy: null,
    })
    expect(await status(search)).toBe('operational')
    expect(await openIncidents(db)).toEqual([])
  })

  test('numbers count incidents and maintenances together', async () => {
    const { opens, incident } = await desk()
    await opens()
    expect((await incident(await opens())).number).toBe(2)
  })

  test('a severity that somebody chose stands, whatever follows', async () => {
    const { opens, posts, incident, search } = await desk()
    const id = await opens({ severityOverride: 'minor' })
    await posts(id, { components: [{ id: search, status: 'major_outage' }] })
    expect((await incident(id)).severity).toBe('minor')
  })
})

describe('updating', () => {
  test('a component that gets worse begins a new impact; what it was stays on record', async () => {
    const { opens, posts, incident, clock, search } = await desk()
    const id = await opens()
    clock.advance('10m')
    await posts(id, { components: [{ id: search, status: 'major_outage' }] })
    const { impacts, updates, severity } = await incident(id)
    expect(impacts).toMatchObject([
      { status: 'partial_outage', beganAt: '2026-11-21T12:00:00.000Z', endedAt: '2026-11-21T12:10:00.000Z' },
      { status: 'major_outage', beganAt: '2026-11-21T12:10:00.000Z', endedAt: null },
    ])
    expect(updates[0]?.affected).toMatchObject([{ from: 'partial_outage', to: 'major_outage' }])
    expect(severity).toBe('critical')
  })

  test('severity is sticky: what got better was bad all the same', async () => {
    const { opens, posts, incident, search } = await desk()
    const id = await opens({ components: [{ id: search, status: 'major_outage' }] })
    await posts(id, { components: [{ id: search, status: 'degraded_performance' }] })
    expect((await incident(id)).severity).toBe('critical')
  })

  test('a component that works again ends its impact, and the incident is mitigated once none is left', async () => {
    const { opens, posts, incident, clock, search, payments, status } = await desk()
    const id = await opens({
      components: [
        { id: search, status: 'major_outage' },
        { id: payments, status: 'partial_outage' },
      ],
    })
    clock.advance('5m')
    await posts(id, { components: [{ id: search, status: 'operational' }] })
    expect((await incident(id)).mitigatedAt).toBeNull()
    clock.advance('5m')
    await posts(id, { stage: 'monitoring', components: [{ id: payments, status: 'operational' }] })
    expect(await incident(id)).toMatchObject({
      stage: 'monitoring',
      monitoringAt: '2026-11-21T12:10:00.000Z',
      mitigatedAt: '2026-11-21T12:10:00.000Z',
      overAt: null,
    })
    expect(await status(search)).toBe('operational')
  })

  test('monitoring counts from the first time', async () => {
    const { opens, posts, incident, clock } = await desk()
    const id = await opens()
    await posts(id, { stage: 'monitoring' })
    clock.advance('10m')
    await posts(id, { stage: 'identified' })
    clock.advance('10m')
    await posts(id, { stage: 'monitoring' })
    expect((await incident(id)).monitoringAt).toBe('2026-11-21T12:00:00.000Z')
  })

  test('stages come in any order, and a plain update keeps the stage', async () => {
    const { opens, posts, incident } = await desk()
    const id = await opens({ stage: 'monitoring' })
    await posts(id, { stage: 'investigating' })
    await posts(id, { stage: 'update' })
    expect(await incident(id)).toMatchObject({ stage: 'investigating', updates: [{ stage: 'update' }, {}, {}] })
  })

  test('the newest word comes first', async () => {
    const { opens, posts, incident, clock } = await desk()
    const id = await opens()
    clock.advance('1m')
    const second = await posts(id, {})
    clock.advance('1m')
    const third = await posts(id, {})
    expect((await incident(id)).updates.map((update) => update.id).slice(0, 2)).toEqual([third, second])
  })

  test('what an operator says of a component ends what was set by hand', async () => {
    const { opens, posts, does, status, search } = await desk()
    await does((it) => setComponentStatus(it, search, { status: 'major_outage' }))
    const id = await opens({ components: [{ id: search, status: 'degraded_performance' }] })
    expect(await status(search)).toBe('degraded_performance')
    await posts(id, { stage: 'resolved' })
    expect(await status(search)).toBe('operational')
  })

  test('a component in two incidents shows the worse of both', async () => {
    const { opens, posts, status, search } = await desk()
    const first = await opens({ components: [{ id: search, status: 'degraded_performance' }] })
    const second = await opens({ components: [{ id: search, status: 'major_outage' }] })
    expect(await status(search)).toBe('major_outage')
    await posts(second, { stage: 'resolved' })
    expect(await status(search)).toBe('degraded_performance')
    await posts(first, { stage: 'resolved' })
    expect(await status(search)).toBe('operational')
  })
})

test('a change that fails midway leaves nothing', async () => {
  const { does, search, everything } = await desk()
  const before = await everything()
  const work = does(async (it) => {
    await openIncident(it, {
      name: 'A',
      body: 'B',
      stage: 'identified',
      components: [{ id: search, status: 'major_outage' }],
    })
    throw new Error('the disk is full')
  })
  await expect(work).rejects.toThrow('the disk is full')
  expect(await everything()).toBe(before)
})

test('readers never get what is not there', async () => {
  const { db, posts } = await desk()
  expect(await readIncident(db, 'nothing')).toBeNull()
  expect(await recentIncidents(db, 50)).toEqual([])
  await expect(posts('nothing', {})).rejects.toThrow('no such incident')
})
