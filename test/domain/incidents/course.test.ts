import { describe, expect, test } from 'vitest'
import { setComponentStatus } from '../../../src/domain/components/commands.ts'
import { changeIncident, reopenIncident } from '../../../src/domain/incidents/commands.ts'
import { desk } from '../desk.ts'

describe('resolving', () => {
  test('everything ends, and it is said when it was over and when we said so', async () => {
    const { opens, posts, incident, clock, status, search, events } = await desk()
    const id = await opens()
    clock.advance('40m')
    const update = await posts(id, { stage: 'resolved', overAt: '2026-11-21T12:30:00Z' })
    const resolved = await incident(id)
    expect(resolved).toMatchObject({
      stage: 'resolved',
      overAt: '2026-11-21T12:30:00.000Z',
      mitigatedAt: '2026-11-21T12:30:00.000Z',
      toldOverAt: '2026-11-21T12:40:00.000Z',
      nextUpdateBy: null,
    })
    expect(resolved.impacts).toMatchObject([{ endedAt: '2026-11-21T12:30:00.000Z' }])
    expect(resolved.updates[0]?.affected).toMatchObject([{ id: search, from: 'partial_outage', to: 'operational' }])
    expect(await status(search)).toBe('operational')
    expect((await events()).at(-1)).toMatchObject({ type: 'incident.resolved', subject: id, data: { update } })
  })

  test('it cannot have been over while something of it was felt', async () => {
    const { opens, posts, incident, clock, search } = await desk()
    const id = await opens()
    clock.advance('30m')
    await posts(id, { stage: 'monitoring', components: [{ id: search, status: 'operational' }] })
    clock.advance('10m')
    const resolves = (overAt: string) => posts(id, { stage: 'resolved', overAt })
    await expect(resolves('2026-11-21T12:29:59Z')).rejects.toMatchObject({ field: 'overAt' })
    await resolves('2026-11-21T12:30:00Z')
    expect(await incident(id)).toMatchObject({ overAt: '2026-11-21T12:30:00.000Z' })
  })

  test('a component that is named as still impaired stays so, set by hand', async () => {
    const { opens, posts, does, status, search } = await desk()
    const id = await opens()
    await posts(id, { stage: 'resolved', components: [{ id: search, status: 'degraded_performance' }] })
    expect(await status(search)).toBe('degraded_performance')
    await does((it) => setComponentStatus(it, search, { status: 'operational' }))
    expect(await status(search)).toBe('operational')
  })

  test('a resolved incident cannot be resolved again', async () => {
    const { opens, posts, everything } = await desk()
    const id = await opens()
    await posts(id, { stage: 'resolved' })
    const before = await everything()
    await expect(posts(id, { stage: 'resolved' })).rejects.toThrow('resolved already')
    expect(await everything()).toBe(before)
  })

  test('a later word does not reopen it; going back to work says so', async () => {
    const { opens, posts, does, incident, clock, status, search, events } = await desk()
    const id = await opens()
    await posts(id, { stage: 'resolved' })
    clock.advance('1h')
    await posts(id, { stage: 'update', body: 'No data was lost.' })
    expect(await incident(id)).toMatchObject({
      stage: 'resolved',
      overAt: '2026-11-21T12:00:00.000Z',
      nextUpdateBy: null,
    })
    await expect(posts(id, { stage: 'identified' })).rejects.toThrow('reopen it')
    const components = [{ id: search, status: 'major_outage' }]
    await does((it) => reopenIncident(it, id, { stage: 'identified', body: 'It is back.', components }))
    const reopened = await incident(id)
    expect(reopened).toMatchObject({
      stage: 'identified',
      overAt: null,
      toldOverAt: null,
      mitigatedAt: null,
      severity: 'critical',
    })
    expect(reopened.impacts).toMatchObject([
      { endedAt: '2026-11-21T12:00:00.000Z' },
      { beganAt: '2026-11-21T13:00:00.000Z', endedAt: null },
    ])
    expect(await status(search)).toBe('major_outage')
    expect((await events()).at(-1)).toMatchObject({ type: 'incident.reopened' })
  })

  test('an incident that is not resolved cannot be reopened', async () => {
    const { opens, does } = await desk()
    const id = await opens()
    await expect(does((it) => reopenIncident(it, id, { stage: 'identified', body: 'Again.' }))).rejects.toThrow(
      'not resolved',
    )
  })
})

describe('the promise of the next word', () => {
  test.each([
    ['major_outage', '2026-11-21T12:20:00.000Z'],
    ['partial_outage', '2026-11-21T12:30:00.000Z'],
    ['degraded_performance', '2026-11-21T13:00:00.000Z'],
  ])('at %s it is preset to %s', async (status, nextUpdateBy) => {
    const { opens, incident, search } = await desk()
    const { updates, ...opened } = await incident(await opens({ components: [{ id: search, status }] }))
    expect(opened.nextUpdateBy).toBe(nextUpdateBy)
    expect(updates[0]?.nextUpdateBy).toBe(nextUpdateBy)
  })

  test('it follows the severity that somebody chose', async () => {
    const { opens, incident } = await desk()
    expect((await incident(await opens({ severityOverride: 'critical' }))).nextUpdateBy).toBe(
      '2026-11-21T12:20:00.000Z',
    )
  })

  test('each update promises anew, and the last promise stands', async () => {
    const { opens, posts, incident, clock } = await desk()
    const id = await opens()
    clock.advance('15m')
    await posts(id, { nextUpdateBy: '2026-11-21T18:00:00+05:00' })
    expect((await incident(id)).nextUpdateBy).toBe('2026-11-21T13:00:00.000Z')
    clock.advance('15m')
    await posts(id, { noPromiseReason: 'Our provider will tell us tomorrow.' })
    expect(await incident(id)).toMatchObject({
      nextUpdateBy: null,
      noPromiseReason: 'Our provider will tell us tomorrow.',
    })
  })

  test.each([
    [{ nextUpdateBy: '2026-11-21T12:00:00Z' }, 'nextUpdateBy', 'has not passed'],
    [{ nextUpdateBy: '2026-11-21T13:00:00Z', noPromiseReason: 'Why.' }, 'noPromiseReason', 'not both'],
  ])('%j is refused', async (promise, field, message) => {
    const { opens, posts, everything } = await desk()
    const id = await opens()
    const before = await everything()
    await expect(posts(id, promise)).rejects.toMatchObject({
      field,
      message: expect.stringContaining(message) as string,
    })
    expect(await everything()).toBe(before)
  })
})

describe('correcting', () => {
  test('a beginning that moves takes with it what began with the incident', async () => {
    const { opens, posts, does, incident, clock, search, events, readSnapshot } = await desk()
    const id = await opens()
    clock.advance('10m')
    await posts(id, { components: [{ id: search, status: 'major_outage' }] })
    await does((it) => changeIncident(it, id, { beganAt: '2026-11-20T23:50:00Z', reason: 'Logs.' }))
    expect((await incident(id)).impacts).toMatchObject([
      { beganAt: '2026-11-20T23:50:00.000Z', endedAt: '2026-11-21T12:10:00.000Z' },
      { beganAt: '2026-11-21T12:10:00.000Z' },
    ])
    expect((await events()).at(-1)).toMatchObject({ type: 'incident.changed', data: { fields: ['beganAt'] } })
    const shown = (await readSnapshot()).bars.get(search)
    expect(shown?.days.at(-2)).toBeNull()
  })

  test('a beginning that moves later leaves nothing that began before it', async () => {
    const { opens, posts, does, incident, clock, search, payments } = await desk()
    const id = await opens()
    clock.advance('20m')
    const components = [
      { id: search, status: 'major_outage' },
      { id: payments, status: 'degraded_performance' },
    ] as const
    await posts(id, { components })
    clock.advance('20m')
    await does((it) => changeIncident(it, id, { beganAt: '2026-11-21T12:30:00Z', reason: 'The clock was wrong.' }))
    const at = '2026-11-21T12:30:00.000Z'
    const { beganAt, impacts } = await incident(id)
    expect(beganAt).toBe(at)
    expect(impacts.map((one) => one.beganAt)).toEqual([at, at, at])
    expect(impacts.filter(({ endedAt }) => endedAt === at)).toHaveLength(1)
  })

  test('a beginning that moves past the end of an impact leaves it without length', async () => {
    const { opens, posts, does, incident, clock, search, payments } = await desk()
    const id = await opens({
      components: [
        { id: search, status: 'major_outage' },
        { id: payments, status: 'major_outage' },
      ],
    })
    clock.advance('10m')
    await posts(id, { components: [{ id: search, status: 'operational' }] })
    clock.advance('10m')
    await does((it) => changeIncident(it, id, { beganAt: '2026-11-21T12:15:00Z', reason: 'Logs.' }))
    const impacts = (await incident(id)).impacts
    expect(impacts.find(({ componentId }) => componentId === search)).toMatchObject({
      beganAt: '2026-11-21T12:15:00.000Z',
      endedAt: '2026-11-21T12:15:00.000Z',
    })
  })

  test('a translated name that readers knew is corrected as visibly as the name itself', async () => {
    const { opens, does, incident, clock } = await desk()
    const id = await opens({ translations: { fr: { name: 'Lente' } } })
    clock.advance('10m')
    const names = { translations: { fr: { name: 'En panne' }, fa: { name: 'جست‌وجو' } } }
    await expect(does((it) => changeIncident(it, id, names))).rejects.toMatchObject({ field: 'reason' })
    await does((it) => changeIncident(it, id, { ...names, reason: 'It does not answer.' }))
    const { revisions } = await incident(id)
    expect(revisions).toMatchObject([{ of: 'incident', reason: 'It does not answer.', shown: 'yes' }])
  })

  test('a new name drops the translations of the old one, unless new ones come with it', async () => {
    const { opens, does, incident } = await desk()
    const id = await opens({ translations: { fr: { name: 'Vieux' } } })
    await does((it) => changeIncident(it, id, { name: 'Search is down', reason: 'It is.' }))
    expect(await incident(id)).toMatchObject({ name: 'Search is down', translations: {} })
    await does((it) => changeIncident(it, id, { translations: { fr: { name: 'Neuf' } } }))
    expect((await incident(id)).translations).toEqual({ fr: { name: 'Neuf' } })
  })

  test('an override is set and taken back', async () => {
    const { opens, does, incident } = await desk()
    const id = await opens()
    await does((it) => changeIncident(it, id, { severityOverride: 'critical', reason: 'Shops lose sales.' }))
    expect((await incident(id)).severity).toBe('critical')
    await does((it) => changeIncident(it, id, { severityOverride: null, reason: 'They do not.' }))
    expect((await incident(id)).severity).toBe('major')
  })

  test('a change that changes nothing leaves no event', async () => {
    const { opens, does, events } = await desk()
    const id = await opens()
    const before = await events()
    await does((it) => changeIncident(it, id, { name: 'Search is slow' }))
    expect(await events()).toEqual(before)
  })
})

test('words of one and the same instant stand in the order in which they were said', async () => {
  const { opens, posts, incident } = await desk()
  const id = await opens()
  const said = Array.from({ length: 12 }, (_, index) => `We looked in place ${index}.`)
  for (const body of said) await posts(id, { body })
  const { updates } = await incident(id)
  expect(updates.slice(0, 12).map(({ body }) => body)).toEqual(said.toReversed())
  expect(new Set(updates.map(({ displayedAt }) => displayedAt)).size).toBe(1)
})
