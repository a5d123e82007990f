import { describe, expect, test } from 'vitest'
import type { Imported } from '../../../src/domain/import/commands.ts'
import { changeComponent } from '../../../src/domain/components/commands.ts'
import { changeIncident, postUpdate } from '../../../src/domain/incidents/commands.ts'
import { readIncident } from '../../../src/domain/incidents/queries.ts'
import { correctUpdate, withdrawUpdate } from '../../../src/domain/revisions/words.ts'
import { setUpSite } from '../../../src/domain/site/commands.ts'
import { eventsAfter } from '../../../src/domain/changes/log.ts'
import { readRecording } from '../../../src/outbound/importing/statuspage.ts'
import { type World, world } from '../../world.ts'
import { imports } from '../../web/wire.ts'
import { component, incident, update } from './recorded.ts'

const page = { id: 'page1', name: 'There', time_zone: 'Europe/Lisbon', updated_at: '2026-01-01T11:00:00.000Z' }

function imported(here: World, document: object): Promise<Imported> {
  const bytes = new TextEncoder().encode(JSON.stringify(document))
  return imports(here, readRecording([{ name: 'summary.json', bytes, holds: 'everything' }]))
}

const ada = { kind: 'operator', id: 'ada', name: 'Ada' } as const

describe('an import', () => {
  test('leaves one event, and nothing that would be told to anybody', async () => {
    const here = await world()
    await imported(here, { page, components: [component()], incidents: [incident()] })
    expect(await eventsAfter(here.db, 0, 100)).toMatchObject([
      { type: 'site.imported', subject: 'page1', data: { from: 'a recording', incidents: 1, components: 1 } },
    ])
  })

  test('names a site that nobody has set up, and only that one', async () => {
    const here = await world()
    await imported(here, { page })
    expect((await here.readSnapshot()).site).toMatchObject({
      id: 'page1',
      name: 'There',
      zone: 'Europe/Lisbon',
      setUpAt: null,
    })

    const ours = await world()
    await ours.change(ada, (it) => setUpSite(it, { name: 'Here', zone: 'UTC', locale: 'en' }))
    expect(await imported(ours, { page })).toMatchObject({ site: 'untouched', outcome: 'unchanged' })
    expect((await ours.readSnapshot()).site).toMatchObject({ name: 'Here', zone: 'UTC' })
  })

  test('changes what a newer recording changed, and says how much', async () => {
    const here = await world()
    const before = incident({ status: 'investigating', resolved_at: null, incident_updates: [update()] })
    await imported(here, { page, components: [component({ status: 'partial_outage' })], incidents: [before] })
    expect((await here.readSnapshot()).openIncidents).toHaveLength(1)

    const again = await imported(here, { page, components: [component()], incidents: [incident()] })
    expect(again).toMatchObject({
      outcome: 'changed',
      incidents: { created: 0, changed: 1, kept: 0 },
      updates: { created: 1, changed: 0, kept: 0 },
    })
    const snapshot = await here.readSnapshot()
    expect(snapshot.openIncidents).toEqual([])
    expect(snapshot.components[0]?.status).toBe('operational')
    expect(snapshot.recentIncidents[0]?.updates.map(({ body }) => body)).toEqual(['Over.', 'We look.'])
  })

  test('leaves alone what went on here since', async () => {
    const here = await world()
    const open = incident({ status: 'investigating', resolved_at: null, incident_updates: [update()] })
    const recording = { page, components: [component()], incidents: [open] }
    await imported(here, recording)
    await here.change(ada, (it) => postUpdate(it, 'incident1', { stage: 'resolved', body: 'Long over.' }))
    await here.change(ada, (it) => changeComponent(it, 'api', { name: 'Interface' }))

    const again = await imported(here, { ...recording, incidents: [{ ...open, name: 'Renamed there' }] })
    expect(again).toMatchObject({ outcome: 'unchanged', incidents: { kept: 1 }, components: { kept: 1 } })
    expect(await readIncident(here.db, 'incident1')).toMatchObject({ name: 'API errors', stage: 'resolved' })
    expect((await here.readSnapshot()).components[0]?.name).toBe('Interface')
  })

  test('does not undo what was corrected or withdrawn here', async () => {
    const here = await world()
    const recording = { page, components: [component()], incidents: [incident()] }
    await imported(here, recording)
    const [over, first] = (await readIncident(here.db, 'incident1'))?.updates ?? []
    await here.change(ada, (it) => correctUpdate(it, first?.id ?? '', { body: 'We looked.', reason: 'It is past.' }))
    await here.change(ada, (it) => changeIncident(it, 'incident1', { name: 'Errors', reason: 'Of all kinds.' }))
    const told = await readIncident(here.db, 'incident1')
    expect(told).toMatchObject({ updates: [{ id: over?.id }, { body: 'We looked.', source: 'import' }] })
    expect(told?.revisions).toMatchObject([{ before: { texts: { en: 'We look.' } } }, { reason: 'Of all kinds.' }])

    const later = '2027-01-01T12:00:00.000Z'
    const words = [
      update({
        id: 'aaaaaaaaaaa2',
        status: 'resolved',
        body: 'Over.',
        created_at: '2026-01-01T11:00:00.000Z',
        updated_at: later,
      }),
      update({ body: 'We look still.', updated_at: later }),
    ]
    const newer = { ...recording, incidents: [incident({ updated_at: later, incident_updates: words })] }
    await imported(here, newer)
    expect(await readIncident(here.db, 'incident1')).toMatchObject({
      name: 'Errors',
      updates: [{}, { body: 'We looked.' }],
    })
    await here.change(ada, (it) => withdrawUpdate(it, first?.id ?? '', { reason: 'It was another page.' }))
    await imported(here, newer)
    expect((await readIncident(here.db, 'incident1'))?.updates).toHaveLength(1)
  })

  test('withdraws words that the recording no longer has, and does not erase them', async () => {
    const here = await world()
    await imported(here, { page, incidents: [incident()] })
    const fewer = incident({ updated_at: '2026-01-01T12:00:00.000Z', incident_updates: [update()] })
    expect(await imported(here, { page, incidents: [fewer] })).toMatchObject({ updates: { changed: 1 } })
    const rows = await here.db.selectFrom('updates').select(['body', 'withdrawn_reason']).orderBy('body').execute()
    expect(rows).toEqual([
      { body: 'Over.', withdrawn_reason: 'The record that it came from no longer has it.' },
      { body: 'We look.', withdrawn_reason: null },
    ])
    expect((await readIncident(here.db, 'incident1'))?.updates.map(({ body }) => body)).toEqual(['We look.'])
    expect(await imported(here, { page, incidents: [fewer] })).toMatchObject({ outcome: 'unchanged' })
  })

  test('gives incidents and maintenances numbers in the order in which they came to be', async () => {
    const here = await world()
    const older = incident({ id: 'older', created_at: '2025-06-01T00:00:00Z', incident_updates: [] })
    await imported(here, { page, incidents: [incident(), older] })
    const { recentIncidents } = await here.readSnapshot()
    expect(recentIncidents.map(({ id, number }) => [id, number])).toEqual([
      ['incident1', 2],
      ['older', 1],
    ])
  })

  test('keeps texts letter by letter', async () => {
    const here = await world()
    const body = '  Zwei\r\nZeilen <br /> & mehr\u00a0e\u0301 '
    await imported(here, { page, incidents: [incident({ name: ' A  <b> ', incident_updates: [update({ body })] })] })
    const read = await readIncident(here.db, 'incident1')
    expect([read?.name, read?.updates[0]?.body]).toEqual([' A  <b> ', body])
  })
})

describe('what components suffered', () => {
  const suffered = async (here: World): Promise<unknown[]> => {
    const rows = await here.db.selectFrom('impacts').selectAll().orderBy('began_at').orderBy('status').execute()
    return rows.map((row) => [
      row.component_id,
      row.status,
      row.began_at.slice(11, 16),
      row.ended_at?.slice(11, 16) ?? null,
    ])
  }
  const affected = (from: string, to: string): object => ({
    affected_components: [{ code: 'api', name: 'API', old_status: from, new_status: to }],
  })

  test('follows the updates where they say so', async () => {
    const here = await world()
    const updates = [
      update({ id: 'aaaaaaaaaaa3', created_at: '2026-01-01T10:50:00Z', ...affected('major_outage', 'operational') }),
      update({ id: 'aaaaaaaaaaa2', created_at: '2026-01-01T10:20:00Z', ...affected('partial_outage', 'major_outage') }),
      update({ ...affected('operational', 'partial_outage') }),
    ]
    await imported(here, { page, components: [component()], incidents: [incident({ incident_updates: updates })] })
    expect(await suffered(here)).toEqual([
      ['api', 'partial_outage', '09:59', '10:20'],
      ['api', 'major_outage', '10:20', '10:50'],
    ])
  })

  test('follows the impact of the incident where nothing else is said', async () => {
    const here = await world()
    await imported(here, { page, components: [component()], incidents: [incident({ components: [component()] })] })
    expect(await suffered(here)).toEqual([['api', 'partial_outage', '09:59', '11:00']])
    const [day] = await here.db.selectFrom('component_days').selectAll().execute()
    expect(day).toMatchObject({ day: '2026-01-01', partial: 61 * 60 })
  })

  test('was no harm where a component was only named', async () => {
    const here = await world()
    const calm = incident({ impact: 'none', incident_updates: [update({ ...affected('operational', 'operational') })] })
    await imported(here, { page, components: [component()], incidents: [calm] })
    expect(await suffered(here)).toEqual([['api', 'operational', '09:59', '10:00']])
  })

  test('is over for a component that works, although nobody ever closed the incident', async () => {
    const here = await world()
    const forgotten = incident({ status: 'investigating', resolved_at: null, components: [component()] })
    await imported(here, { page, components: [component()], incidents: [forgotten] })
    expect(await suffered(here)).toEqual([['api', 'partial_outage', '09:59', '11:00']])
    expect((await here.readSnapshot()).components[0]?.status).toBe('operational')
  })

  test('was set by hand where no incident accounts for it', async () => {
    const here = await world()
    const recording = { page, components: [component({ status: 'degraded_performance' })] }
    await imported(here, recording)
    expect((await here.readSnapshot()).components[0]).toMatchObject({ status: 'degraded_performance' })
    expect(await imported(here, recording)).toMatchObject({ outcome: 'unchanged' })
    await imported(here, { page, components: [component({ updated_at: '2026-01-02T00:00:00Z' })] })
    expect((await here.readSnapshot()).components[0]).toMatchObject({ status: 'operational' })
  })
})

test('what an import brought enters the ledger as that: an entry for each record, again only if it changed', async () => {
  const here = await world()
  const document = { page, components: [component()], incidents: [incident()] }
  await imported(here, document)
  await imported(here, {
    ...document,
    components: [component({ status: 'partial_outage', updated_at: '2026-02-01T00:00:00.000Z' })],
  })
  const rows = await here.db.selectFrom('ledger').selectAll().where('kind', '=', 'incident.imported').execute()
  const digest = expect.stringMatching(/^[0-9a-f]{64}$/) as unknown
  expect(rows.map(({ entry }) => JSON.parse(entry) as unknown)).toEqual([
    {
      imported: { from: 'a recording' },
      incident: expect.objectContaining({ name: 'API errors' }) as unknown,
      updates: [
        { id: 'aaaaaaaaaaa1', digest },
        { id: 'aaaaaaaaaaa2', digest },
      ],
    },
  ])
})
