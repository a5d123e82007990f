import { describe, expect, test } from 'vitest'
import { createComponent } from '../../../../src/domain/components/commands.ts'
import { takeChecks } from '../../../../src/domain/probes/checks/checks.ts'
import { closeHours } from '../../../../src/domain/probes/checks/closing.ts'
import { createProbe } from '../../../../src/domain/probes/commands.ts'
import { inTransaction } from '../../../../src/database/database.ts'
import { readSite } from '../../../../src/domain/site/queries.ts'
import { later } from '../../../../src/lib/clock.ts'
import { people } from '../../../people.ts'
import { world } from '../../../world.ts'

/** A site whose search answered for three hours, but for the last half of the second. */
async function measured() {
  const it = await world()
  const who = await people(it)
  const component = await it.change({ kind: 'setup' }, (change) => createComponent(change, { name: 'Search' }))
  const probe = await it.change({ kind: 'setup' }, (change) =>
    createProbe(change, { componentId: component, url: 'https://shop.test', name: 'Search' }),
  )
  const began = it.clock.now()
  await inTransaction(it.db, (tx) =>
    takeChecks(
      tx,
      Array.from({ length: 180 }, (_, minute) => ({
        probeId: probe,
        at: later(began, minute * 60),
        outcome: minute >= 90 && minute < 120 ? ('fail' as const) : ('pass' as const),
        reason: null,
        ms: 120,
        code: 200,
      })),
    ),
  )
  it.clock.advance('182m')
  await closeHours(it.db, it.clock)
  const { app, publication } = await it.app()
  // Three hours have passed since the page was made for the first time.
  await publication.catchUp()
  return { ...it, ...who, probe, component, server: app.server, publication }
}

describe('what was measured', () => {
  test('is drawn at the desk for each probe, from sums alone', async () => {
    const { ada, probe } = await measured()
    const page = await ada.opens(`/admin/probes/${probe}/charts`)
    expect(page.text).toContain('Half of the answers took at most 110 ms')
    expect(page.text).toContain('Available, 83.33%')
    expect(page.text).toContain('class="fails"')
    // It began an hour ago in the last 24: no longer range would show more.
    expect(page.text.match(/<figure class="chart measured">/g)).toHaveLength(1)
  })

  test('is shown to readers on a page of its own, until the site says no', async () => {
    const { ada, cy, db, publication } = await measured()
    const page = await cy.opens('/components/search/charts')
    expect(page.text).toContain('Half of the answers took at most 110 ms')
    await ada.sends('/admin/settings/measuring', { shown: 'no', rawHours: '24', hourDays: '35', dayDays: '400' })
    expect((await readSite(db)).measuring).toEqual({ shown: 'no', rawHours: 24, hourDays: 35, dayDays: 400 })
    await publication.settled()
    expect((await cy.opens('/components/search/charts')).status).toBe(404)
    expect((await cy.opens('/components/search')).text).not.toContain('Response time')
  })

  test('says what it costs to keep, and refuses what is out of bounds beside the field', async () => {
    const { ada } = await measured()
    expect((await ada.opens('/admin/settings/measuring')).text).toContain('one probe')
    const fields = { shown: 'yes', rawHours: '1', hourDays: '35', dayDays: '400' }
    const refused = await ada.sends('/admin/settings/measuring', fields)
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('id="rawHours-wrong"')
  })

  test('is for owners to decide', async () => {
    const { ben } = await measured()
    expect((await ben.opens('/admin/settings/measuring')).status).toBe(403)
  })
})

describe('a metric', () => {
  const wish = { name: 'Orders', suffix: 'a minute', decimals: '1', componentId: '', shown: 'yes' }

  test('is made at the desk, and readers find it on the front page', async () => {
    const { ada, cy, publication } = await measured()
    const made = await ada.sends('/admin/metrics', wish)
    expect(made.status).toBe(303)
    const address = (made.headers['location'] ?? '').replace(/\?.*/, '')
    expect((await ada.opens(address)).text).toContain('None have come in yet.')
    await publication.settled()
    const id = address.split('/').at(-1)
    expect((await cy.opens('/')).text).toContain(`href="/charts/${id}"`)
    expect((await cy.opens(`/charts/${id}`)).text).toContain('No values have come in yet.')
    await ada.sends(address, { ...wish, shown: 'no' })
    await publication.settled()
    expect((await cy.opens(`/charts/${id}`)).status).toBe(404)
  })

  test('of a system that is not there is refused', async () => {
    const { ada } = await measured()
    const refused = await ada.sends('/admin/metrics', { ...wish, componentId: 'nobody' })
    expect([refused.status, refused.text.includes('There is no such system.')]).toEqual([422, true])
  })

  test('is removed with its values', async () => {
    const { ada, db } = await measured()
    const address = ((await ada.sends('/admin/metrics', wish)).headers['location'] ?? '').replace(/\?.*/, '')
    await ada.sends(`${address}/remove`)
    expect((await ada.opens('/admin/metrics')).text).toContain('There are none.')
    expect(await db.selectFrom('metric_slots').selectAll().execute()).toEqual([])
  })
})
