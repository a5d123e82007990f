import { describe, expect, test } from 'vitest'
import { advanceMaintenances } from '../../../src/domain/maintenances/advance.ts'
import { type Program, program } from './program.ts'

const plan = { name: 'New cables', scheduled_for: '2026-11-22T01:00:00Z', scheduled_until: '2026-11-22T03:00:00Z' }

async function announces(here: Program, more: object = {}) {
  const answer = await here.calls('post', '/incidents', {
    incident: { ...plan, component_ids: [here.search], ...more },
  })
  expect([answer.status, answer.body.error]).toEqual([201, undefined])
  return answer.body
}

async function changes(here: Program, id: string, incident: object) {
  // A word a minute, so that it is clear which was the last.
  here.clock.advance('1m')
  const { status, body } = await here.calls('patch', `/incidents/${id}`, { incident })
  expect([status, body.error]).toEqual([200, undefined])
  return body
}

describe('planned work that a program announces', () => {
  test('is a maintenance, which readers see as one', async () => {
    const here = await program()
    const made = await announces(here, { scheduled_auto_in_progress: true, scheduled_auto_completed: true })
    expect(made).toMatchObject({
      status: 'scheduled',
      impact: 'maintenance',
      scheduled_for: '2026-11-22T01:00:00Z',
      scheduled_until: '2026-11-22T03:00:00Z',
      scheduled_auto_in_progress: true,
      scheduled_auto_completed: true,
      components: [{ id: here.search }],
      incident_updates: [{ status: 'scheduled', body: 'This work is planned.' }],
    })
    const upcoming = await here.reads('/api/v2/scheduled-maintenances/upcoming.json')
    expect(upcoming['scheduled_maintenances']).toMatchObject([{ id: made.id }])
  })

  test('is begun and ended by the clock where that is asked for, and by nobody else', async () => {
    const here = await program()
    const byClock = await announces(here, { scheduled_auto_transition: true })
    const byHand = await announces(here, { component_ids: [here.cards] })
    here.clock.set('2026-11-22T01:00:00.000Z')
    await advanceMaintenances(here)
    expect((await here.calls('get', `/incidents/${byClock.id}`)).body.status).toBe('in_progress')
    expect((await here.calls('get', `/incidents/${byHand.id}`)).body.status).toBe('scheduled')
    const active = (await here.calls('get', '/incidents/active_maintenance')).body as unknown as { id: string }[]
    expect(active.map(({ id }) => id)).toEqual([byClock.id])
    expect((await here.calls('get', `/components/${here.search}`)).body.status).toBe('under_maintenance')
  })

  test('cannot begin by the clock and end by hand', async () => {
    const here = await program()
    const mixed = { ...plan, scheduled_auto_in_progress: true, scheduled_auto_completed: false }
    const answer = await here.calls('post', '/incidents', { incident: mixed })
    expect([answer.status, answer.body.error[0]]).toEqual([422, expect.stringContaining('scheduled_auto_completed')])
  })

  test('that is over by then is refused by the name of its field', async () => {
    const here = await program()
    const answer = await here.calls('post', '/incidents', {
      incident: { ...plan, scheduled_for: '2026-11-20T01:00:00Z', scheduled_until: '2026-11-20T03:00:00Z' },
    })
    expect([answer.status, answer.body.error[0]]).toEqual([422, expect.stringContaining('incident.scheduled_until')])
  })
})

describe('a program that carries planned work out', () => {
  test('begins, verifies and completes it with a status, and a word of its own where it has one', async () => {
    const here = await program()
    const { id } = await announces(here)
    await changes(here, id, { status: 'in_progress' })
    expect((await here.calls('get', `/components/${here.search}`)).body.status).toBe('under_maintenance')
    await changes(here, id, { status: 'in_progress', body: 'Half of them are in.' })
    await changes(here, id, { status: 'verifying', body: 'All of them are in.' })
    const done = await changes(here, id, { status: 'completed', components: { [here.search]: 'operational' } })
    expect(done.incident_updates.map(({ status, body }) => `${status}: ${body}`)).toEqual([
      'completed: The work is done.',
      'verifying: All of them are in.',
      'in_progress: Half of them are in.',
      'in_progress: The work has begun.',
      'scheduled: This work is planned.',
    ])
    expect(done).toMatchObject({ status: 'completed', resolved_at: '2026-11-21T12:04:00Z' })
    expect(await changes(here, id, { status: 'completed' })).toEqual(done)
  })

  test('tells of it and begins it at once, in this order', async () => {
    const here = await program()
    const { id } = await announces(here, { scheduled_for: '2026-11-21T12:00:00Z', status: 'in_progress', body: 'Now.' })
    const { body } = await here.calls('get', `/incidents/${id}`)
    expect(body.incident_updates).toMatchObject([{ status: 'in_progress', body: 'Now.' }, { status: 'scheduled' }])
  })

  test('moves it, and readers are told so once', async () => {
    const here = await program()
    const { id } = await announces(here)
    const moved = await changes(here, id, { scheduled_until: '2026-11-22T05:00:00Z', component_ids: [here.cards] })
    expect(moved).toMatchObject({ scheduled_until: '2026-11-22T05:00:00Z', components: [{ id: here.cards }] })
    expect(moved.incident_updates).toHaveLength(2)
    const same = await changes(here, id, { ...plan, scheduled_until: '2026-11-22T05:00:00Z', status: 'scheduled' })
    expect(same.incident_updates).toHaveLength(2)
  })

  test.each([
    ['completes it before it began', 'patch' as const, { incident: { status: 'completed' } }],
    ['deletes it', 'delete' as const, undefined],
  ])('calls it off where it %s', async (_, method, body) => {
    const here = await program()
    const { id } = await announces(here)
    const answer = await here.calls(method, `/incidents/${id}`, body)
    expect([answer.status, answer.body.status]).toEqual([200, 'completed'])
    const { stage } = await here.db.selectFrom('maintenances').select('stage').executeTakeFirstOrThrow()
    expect(stage).toBe('cancelled')
    expect((await here.calls('delete', `/incidents/${id}`)).status).toBe(409)
    expect((await here.calls('patch', `/incidents/${id}`, { incident: { body: 'Sorry.' } })).status).toBe(409)
  })
})
