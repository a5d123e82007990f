import supertest from 'supertest'
import { expect, test } from 'vitest'
import { openIncident, postUpdate } from '../../../src/domain/incidents/commands.ts'
import { createComponent } from '../../../src/domain/components/commands.ts'
import { dismissDraft, draftIncident } from '../../../src/domain/incidents/drafts.ts'
import {
  announceMaintenance,
  beginMaintenance,
  completeMaintenance,
} from '../../../src/domain/maintenances/commands.ts'
import { ada, probe } from '../../domain/desk.ts'
import { world } from '../../world.ts'
import { reading } from './reading.ts'

/** October: an incident told after three minutes, one promise kept and one missed, a maintenance, a false alarm. */
async function october() {
  const here = await world()
  const { clock, change, db } = here
  clock.set('2026-10-01T00:00:00.000Z')
  await db.updateTable('sites').set({ created_at: clock.now() }).execute()
  const search = await change(ada, (it) => createComponent(it, { name: '=Search, "fast"' }))
  clock.set('2026-10-10T10:05:00.000Z')
  const id = await change(ada, (it) =>
    openIncident(it, {
      name: 'Search is down',
      body: 'It is down.',
      stage: 'investigating',
      beganAt: '2026-10-10T10:00:00Z',
      noticedAt: '2026-10-10T10:02:00Z',
      nextUpdateBy: '2026-10-10T10:30:00Z',
      components: [{ id: search, status: 'major_outage' }],
    }),
  )
  clock.set('2026-10-10T10:20:00.000Z')
  await change(ada, (it) =>
    postUpdate(it, id, { body: 'Found.', stage: 'identified', nextUpdateBy: '2026-10-10T10:40:00Z' }),
  )
  clock.set('2026-10-10T11:00:00.000Z')
  await change(ada, (it) => postUpdate(it, id, { body: 'It works.', stage: 'resolved' }))
  clock.set('2026-10-12T00:00:00.000Z')
  const work = await change(ada, (it) =>
    announceMaintenance(it, {
      name: 'New disks',
      body: 'We change disks.',
      plannedFrom: '2026-10-15T00:00:00Z',
      plannedUntil: '2026-10-15T01:00:00Z',
      components: [search],
    }),
  )
  clock.set('2026-10-15T00:00:00.000Z')
  await change(ada, (it) => beginMaintenance(it, work, { body: 'It begins.' }))
  clock.set('2026-10-15T01:30:00.000Z')
  await change(ada, (it) => completeMaintenance(it, work, { body: 'Done.' }))
  clock.set('2026-10-20T03:00:30.000Z')
  const alarm = await change(probe, (it) =>
    draftIncident(it, {
      name: 'Search does not answer',
      body: 'Our checks fail.',
      probeId: 'probe-1',
      components: [{ id: search, status: 'major_outage' }],
      beganAt: '2026-10-20T03:00:00Z',
      noticedAt: '2026-10-20T03:00:00Z',
      publishesAt: '2026-10-20T03:05:00Z',
    }),
  )
  clock.set('2026-10-20T03:02:00.000Z')
  await change(ada, (it) => dismissDraft(it, alarm))
  clock.set('2026-11-21T12:34:00.000Z')
  const { app, publication } = await here.app()
  const get = (path: string) => supertest(app.server).get(path)
  return { ...here, search, id, work, publication, get }
}

const links = (html: string): string[] => reading(html).links.map(({ href }) => href)

test('the record says how soon and how reliably, and leads to each month', async () => {
  const { get } = await october()
  const { text } = await get('/record').expect(200)
  expect(text).toContain('<dt>From noticed to told</dt><dd>3 minutes</dd>')
  expect(text).toContain('<dt>Promises of a next update</dt><dd>1 of 2</dd>')
  expect(text).toContain('<td>3 minutes, at worst 3 minutes</td><td>1 of 2</td>')
  expect(text).toContain('<td>1, 1 too long</td><td>1</td>')
  expect(text).toContain('99.91%')
  expect(text).toMatch(/It begins on Thursday,? 1 October 2026\./)
  const hrefs = links(text)
  for (const href of ['/record/2026-10', '/record/2026-11', '/record.json', '/record.csv', '/record/uptime.csv']) {
    expect(hrefs).toContain(href)
    await get(href).expect(200)
  }
})

test('a month leads to everything that its figures were computed from', async () => {
  const { get, id, work, readSnapshot } = await october()
  const { text } = await get('/record/2026-10').expect(200)
  const [component] = (await readSnapshot()).components
  const hrefs = links(text)
  for (const href of [
    `/incidents/${id}`,
    `/maintenances/${work}`,
    `/components/${component?.slug}`,
    '/history/2026-10',
  ]) {
    expect(hrefs).toContain(href)
    await get(href).expect(200)
  }
  expect(text).toContain('told 3 minutes after it was noticed')
  expect(text).toContain('announced 3 days ahead')
  expect(text).toContain('30 minutes too long')
  expect(text).toContain('dismissed after 2 minutes')
  // The words of a draft were never published.
  expect(text).not.toContain('does not answer')
  expect(text).not.toContain('Our checks fail')
})

test('there is no month before the record began, none to come, and none that is no month', async () => {
  const { get } = await october()
  for (const month of ['2026-09', '2026-12', '2026-13', 'today']) {
    expect((await get(`/record/${month}`)).status).toBe(404)
  }
})

test('the same stands in JSON, under keys that stay', async () => {
  const { get, search } = await october()
  const answer = await get('/record.json').expect('access-control-allow-origin', '*').expect(200)
  expect(answer.body).toMatchObject({
    version: 1,
    url: 'http://status.example/record',
    since: '2026-10-01T00:00:00.000Z',
    counted_until: '2026-11-21T12:00:00.000Z',
    weights: { major: 1, partial: 0.3, degraded: 0 },
    months: [
      { month: '2026-11', incidents: { total: 0 }, noticed_to_told: { counted: 0, median_seconds: null } },
      {
        month: '2026-10',
        url: 'http://status.example/record/2026-10',
        incidents: { total: 1, critical: 1, major: 0, minor: 0, none: 0, imported: 0 },
        noticed_to_told: { counted: 1, median_seconds: 180, worst_seconds: 180, imported: 0, unknown: 0 },
        promises: { made: 2, kept: 1 },
        maintenances: { held: 1, notice_median_seconds: 259_200, overran: 1, overrun_worst_seconds: 1800 },
        false_alarms: 1,
      },
    ],
    components: [{ id: search, months: [{ month: '2026-11' }, { month: '2026-10', major_seconds: 3600 }] }],
  })
})

test('the tables open in a spreadsheet, and nothing in them is computed there', async () => {
  const { get, search } = await october()
  const { text } = await get('/record.csv').expect('content-type', /^text\/csv/)
  const [head, november, october_] = text.split('\r\n')
  expect(head).toBe(
    'month,incidents,incidents_critical,incidents_major,incidents_minor,incidents_none,incidents_imported,told_counted,told_median_seconds,told_worst_seconds,promises_made,promises_kept,reviews_due,reviews_on_time,maintenances,notice_median_seconds,notice_shortest_seconds,maintenances_overran,overrun_worst_seconds,false_alarms',
  )
  expect(november).toMatch(/^2026-11,0,0,0,0,0,0,0,,,0,0,/)
  expect(october_).toBe('2026-10,1,1,0,0,0,0,1,180,180,2,1,0,0,1,259200,259200,1,1800,1')
  const { text: uptime } = await get('/record/uptime.csv').expect(200)
  const [names, first] = uptime.split('\r\n')
  expect(names).toBe(
    'month,component_id,component,uptime,seconds,major_seconds,partial_seconds,degraded_seconds,maintenance_seconds,unmeasured_seconds',
  )
  expect(first).toMatch(new RegExp(`^2026-11,${search},"'=Search, ""fast""",1,`))
})

test('it stands as Markdown beside the page, for whoever asks for it', async () => {
  const { get } = await october()
  const { text } = await get('/record.md').expect('content-type', /^text\/markdown/)
  expect(text).toContain('# Our record')
  expect(text).toContain('[October 2026](<http://status.example/record/2026-10>): From noticed to told: 3 minutes')
  const asked = await get('/record').set('accept', 'text/markdown')
  expect(asked.text).toBe(text)
})

test('the front page tells of it in a line, in every language', async () => {
  const { get } = await october()
  const { text } = await get('/').expect(200)
  expect(text).toContain('half of our incidents stood here within 3 minutes of our noticing them.')
  expect(text).toContain('We kept 1 of 2 promises of a next update.')
  expect(links(text)).toContain('/record')
  for (const locale of ['fr', 'pt-BR', 'fa', 'zh-Hant']) {
    const page = await get(`/${locale}/record`).expect(200)
    expect(links(page.text)).toContain(`/${locale}/record/2026-10`)
    await get(`/${locale}/record/2026-10`).expect(200)
  }
})

test('what is over is not rendered again by the clock, and what goes on only by the hour', async () => {
  const { get, clock, publication, change, id } = await october()
  const tag = async (path: string): Promise<string> => String((await get(path)).headers['etag'])
  const before = { record: await tag('/record'), past: await tag('/record/2026-10') }
  const documents = () => [publication.find('/record'), publication.find('/record/2026-10')]
  const made = documents()
  clock.advance('10m')
  await publication.catchUp()
  expect(documents().map((one, index) => one === made[index])).toEqual([true, true])
  clock.advance('20m')
  await publication.catchUp()
  expect(documents()[1]).toBe(made[1])
  expect(await tag('/record')).not.toBe(before.record)
  expect(await tag('/record/2026-10')).toBe(before.past)
  await change(ada, (it) => postUpdate(it, id, { body: 'It was the disk.', stage: 'update' }))
  await publication.catchUp()
  expect(await tag('/record/2026-10')).toBe(before.past)
})
