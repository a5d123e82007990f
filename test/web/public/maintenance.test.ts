import { describe, expect, test } from 'vitest'
import supertest from 'supertest'
import { advanceMaintenances } from '../../../src/domain/maintenances/advance.ts'
import {
  announceMaintenance,
  beginMaintenance,
  completeMaintenance,
} from '../../../src/domain/maintenances/commands.ts'
import { extendMaintenance } from '../../../src/domain/maintenances/replan.ts'
import { announceSeries } from '../../../src/domain/maintenances/repeating.ts'
import { desk } from '../../domain/desk.ts'

/** From one to two o’clock on a Saturday, announced at noon. */
async function work(runsBy: 'clock' | 'hand' = 'hand') {
  const here = await desk()
  const id = await here.does((it) =>
    announceMaintenance(it, {
      name: 'New database',
      body: 'Search will be read-only.',
      plannedFrom: '2026-11-21T13:00:00Z',
      plannedUntil: '2026-11-21T14:00:00Z',
      components: [here.search],
      runsBy,
    }),
  )
  const { app, publication } = await here.app()
  const html = async (path: string): Promise<string> => {
    await advanceMaintenances(here)
    await publication.catchUp()
    return (await supertest(app.server).get(path).expect(200)).text
  }
  const text = async (path: string): Promise<string> => words(await html(path))
  const at = (time: string): void => here.clock.set(`2026-11-21T${time}:00.000Z`)
  const begins = () => here.does((it) => beginMaintenance(it, id, { body: 'We begin.' }))
  const completes = () => here.does((it) => completeMaintenance(it, id, { body: 'Done.' }))
  return { ...here, id, page: `/maintenances/${id}`, html, text, at, begins, completes }
}

/** Without what only a script shows. */
function words(html: string): string {
  return html
    .replaceAll(/<(?:svg|script|style)[\s\S]*?<\/(?:svg|script|style)>/g, '')
    .replaceAll(/<span class="late" hidden>[\s\S]*?<\/span>/g, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ (?=[.,:;])/g, '')
}

describe('work that should be over', () => {
  test('is said to be by every page, from the very second, and no longer when it is', async () => {
    const { at, begins, completes, text, page, clock } = await work()
    at('13:00')
    await begins()
    clock.set('2026-11-21T13:59:59.000Z')
    for (const path of ['/', '/maintenances', page]) expect(await text(path)).not.toContain('should have been over')
    at('14:00')
    for (const path of ['/', '/maintenances', page]) {
      expect(await text(path)).toContain('It should have been over at 14:00 UTC')
    }
    expect(await text(`${page}.md`)).toContain('**It should have been over at 14:00 UTC**')
    at('14:12')
    await completes()
    expect(await text(page)).not.toContain('should have been over')
    expect(await text(page)).toContain('over 12 minutes after the planned end')
  })

  test('is in the bytes before, for the script to show when the time has come', async () => {
    const { at, begins, html, page } = await work()
    at('13:00')
    await begins()
    for (const path of ['/', page]) {
      expect(await html(path)).toMatch(
        /<p class="promise open silent" data-by="2026-11-21T14:00:00\.000Z"><span class="late" hidden>It should have been over at <time/,
      )
    }
  })

  test('and what a hand should have begun likewise', async () => {
    const { at, text, page } = await work()
    expect(await text(page)).not.toContain('should have begun')
    at('13:00')
    expect(await text(page)).toContain('It should have begun at 13:00 UTC, and has not')
  })
})

describe('what was planned and what was used', () => {
  test('stand side by side, with the notice given, on the page and in its twin', async () => {
    const { at, text, page } = await work('clock')
    at('14:00')
    const said = await text(page)
    expect(said).toContain('Planned 1 hour Used 1 hour Announced 1 hour ahead')
    expect(said).toContain('Maintenance is not counted in uptime.')
    expect(said).not.toContain('planned end')
    const twin = await text(`${page}.md`)
    for (const fact of [
      'planned 1 hour, used 1 hour',
      'announced 1 hour ahead',
      'Maintenance is not counted in uptime.',
    ]) {
      expect(twin).toContain(fact)
    }
  })

  test('finished early is finished early', async () => {
    const { at, begins, completes, text, page } = await work()
    at('13:00')
    await begins()
    at('13:35')
    await completes()
    expect(await text(page)).toContain('over 25 minutes before the planned end')
    expect(await text(page)).toContain('Planned 1 hour Used 35 minutes')
  })

  test('an extension does not make it punctual', async () => {
    const { at, begins, completes, does, id, text, page } = await work()
    at('13:00')
    await begins()
    at('13:50')
    await does((it) => extendMaintenance(it, id, { plannedUntil: '2026-11-21T15:00:00Z', body: 'An hour more.' }))
    at('14:30')
    expect(await text(page)).not.toContain('should have been over')
    await completes()
    const said = await text(page)
    expect(said).toContain('Planned 1 hour Extended by 1 hour Used 1 hour, 30 minutes')
    expect(said).toContain('over 30 minutes after the planned end')
  })

  test('the component says how much was left out of its figure', async () => {
    const { at, text } = await work('clock')
    expect(await text('/components/search')).not.toContain('not counted in uptime')
    at('14:00')
    expect(await text('/components/search')).toMatch(/1 hour of maintenance in this one day, not counted in uptime\./)
  })
})

test('of work that repeats the next one is shown, and the others one step away', async () => {
  const { does, text, html } = await work()
  await does((it) =>
    announceSeries(it, {
      name: 'Index rebuild',
      body: 'Search is read-only.',
      plannedFrom: '2026-11-24T02:00:00Z',
      plannedUntil: '2026-11-24T04:00:00Z',
      rule: 'FREQ=WEEKLY;BYDAY=TU',
    }),
  )
  for (const path of ['/', '/maintenances']) {
    const said = await text(path)
    expect(said.match(/Index rebuild/g)).toHaveLength(1)
    expect(said).toMatch(/Next times .*1 December 2026, 02:00/)
  }
  const links = [...(await html('/')).matchAll(/<li><a href="(\/maintenances\/\w+)">/g)].map(([, href]) => href ?? '')
  expect(links).toHaveLength(4)
  for (const link of links) expect(await text(link)).toContain('Index rebuild')
})
