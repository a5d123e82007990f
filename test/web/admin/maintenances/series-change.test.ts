import { expect, test } from 'vitest'
import { createComponent } from '../../../../src/domain/components/commands.ts'
import { cancelMaintenance } from '../../../../src/domain/maintenances/commands.ts'
import { openMaintenances } from '../../../../src/domain/maintenances/queries.ts'
import { announceSeries } from '../../../../src/domain/maintenances/repeating.ts'
import { readSeries } from '../../../../src/domain/maintenances/series.ts'
import { scratchesOf } from '../../../../src/domain/scratches/queries.ts'
import { changeSite } from '../../../../src/domain/site/commands.ts'
import { people } from '../../../people.ts'
import { world } from '../../../world.ts'

async function desk() {
  const it = await world()
  const team = await people(it)
  const actor = { kind: 'operator', id: team.ada.id, name: 'Ada' } as const
  const [id, search] = await it.change(actor, async (change) => {
    const component = await createComponent(change, { name: 'Search' })
    const series = await announceSeries(change, {
      name: 'Index rebuild',
      body: 'Search is read-only.',
      plannedFrom: '2026-12-01T02:00:00Z',
      plannedUntil: '2026-12-01T04:00:00Z',
      components: [component],
      rule: 'FREQ=MONTHLY;BYDAY=1TU',
    })
    return [series, component]
  })
  const page = `/admin/maintenances/series/${id}/change`
  const planned = async () => (await openMaintenances(it.db)).map(({ plannedFrom }) => plannedFrom.slice(0, 16))
  return { it, ...team, actor, id, search, page, planned }
}

/** The first Wednesday instead, and an hour longer. */
const wish = {
  since: '',
  name: 'Index rebuild',
  body: 'Search is read-only.',
  plannedFrom: '2026-12-02T02:00',
  plannedUntil: '2026-12-02T05:00',
  repeats: 'monthly',
  rule: '',
  word: '',
  runsBy: 'clock',
}

test('every first Tuesday becomes every first Wednesday, once it was looked at what becomes of each', async () => {
  const { it, ben, id, search, page, planned } = await desk()
  expect((await ben.opens(`/admin/maintenances/series/${id}`)).text).toContain(`href="${page}"`)
  const form = (await ben.opens(page)).text
  expect(form).toMatch(/id="plannedFrom"[^>]*value="2026-12-01T02:00"/)
  expect(form).toContain('<option value="monthly" selected>')
  expect(form).toContain(`value="${search}" checked`)
  expect(form).toContain('See what changes')

  const sent = { ...wish, components: search, seen: hidden(form, 'seen') }
  await ben.sends('/admin/scratches', { ...sent, scratch: `series:${id}`, word: 'Half written' }, page)
  expect((await ben.opens(page)).text).toContain('>\nHalf written</textarea>')
  const looked = await ben.sends(page, sent, page)
  expect(looked.status).toBe(200)
  expect(looked.text).toContain('It repeats every first Wednesday of a month.')
  expect(looked.text).toMatch(
    /Tuesday, 1 December 2026, 02:00 – 04:00 <strong>becomes Wednesday, 2 December 2026, 02:00 – 05:00/,
  )
  expect(looked.text).toContain('<li>Wednesday, 6 January 2027, 02:00 – 05:00</li>')
  expect(await planned()).toEqual(['2026-12-01T02:00'])

  // Another wish is another thing to look at.
  const again = { ...sent, looked: hidden(looked.text, 'looked') }
  expect((await ben.sends(page, { ...again, plannedUntil: '2026-12-02T06:00' }, page)).status).toBe(200)
  const changed = await ben.sends(page, again, page)
  expect(changed.headers['location']).toBe(`/admin/maintenances/series/${id}?done=changed`)
  expect(await planned()).toEqual(['2026-12-02T02:00'])
  expect(await readSeries(it.db, id)).toMatchObject({ rule: 'FREQ=MONTHLY;BYDAY=1WE', seconds: 10_800 })
  expect(await scratchesOf(it.db, ben.id)).toEqual([])
  expect((await ben.opens('/admin/log')).text).toContain('changed the series of the maintenance “Index rebuild”')
})

test('a day that is skipped between looking and sending is looked at again', async () => {
  const { it, ben, actor, search, page, planned } = await desk()
  const sent = { ...wish, components: search, seen: hidden((await ben.opens(page)).text, 'seen') }
  const looked = hidden((await ben.sends(page, sent, page)).text, 'looked')
  const [first] = await openMaintenances(it.db)
  await it.change(actor, (change) => cancelMaintenance(change, first?.id ?? '', { body: 'Not this time.' }))
  const second = await ben.sends(page, { ...sent, looked }, page)
  expect(looked).not.toBe('')
  expect(second.status).toBe(200)
  expect(second.text).toContain('Change them')
  expect(await planned()).toEqual([])
})

test('a series that somebody else changed meanwhile is not put back: what stands is shown beside', async () => {
  const { it, ada, ben, id, search, page } = await desk()
  const seen = hidden((await ada.opens(page)).text, 'seen')
  const sends = async (who: typeof ada, fields: Readonly<Record<string, string>>) => {
    const looked = await who.sends(page, fields, page)
    return looked.status === 200 ? who.sends(page, { ...fields, looked: hidden(looked.text, 'looked') }, page) : looked
  }
  expect((await sends(ben, { ...wish, components: search, seen, name: 'Theirs' })).status).toBe(303)
  const refused = await sends(ada, { ...wish, components: search, seen, name: 'Mine' })
  expect(refused.status).toBe(409)
  expect(refused.text).toContain('<pre class="theirs">Theirs</pre>')
  expect(
    (await sends(ada, { ...wish, components: search, seen: hidden(refused.text, 'seen'), name: 'Mine' })).status,
  ).toBe(303)
  expect((await readSeries(it.db, id))?.name).toBe('Mine')
})

test('a text of several lines is changed as any other', async () => {
  const { it, ben, id, search, page } = await desk()
  const body = 'Search is read-only.\n\n- You can read.\n- You cannot write.'
  const change = async (fields: Readonly<Record<string, string>>) => {
    const sent = { ...wish, ...fields, components: search, seen: hidden((await ben.opens(page)).text, 'seen') }
    const looked = hidden((await ben.sends(page, sent, page)).text, 'looked')
    return (await ben.sends(page, { ...sent, looked }, page)).status
  }
  expect(await change({ body })).toBe(303)
  expect(await change({ body, name: 'Index work' })).toBe(303)
  expect(await readSeries(it.db, id)).toMatchObject({ name: 'Index work', body })
})

test('what cannot be is refused beside its field, with everything still in the form', async () => {
  const { ben, search, page } = await desk()
  const fields = {
    ...wish,
    components: search,
    plannedFrom: '2026-11-02T02:00',
    plannedUntil: '2026-11-02T04:00',
    word: 'Mondays.',
  }
  const refused = await ben.sends(page, fields, page)
  expect(refused.status).toBe(422)
  expect(refused.text).toMatch(/id="plannedFrom-wrong">That has passed/)
  expect(refused.text).toContain('>\nMondays.</textarea>')
})

test('a site that moves to another zone leaves the form on the clock of the series', async () => {
  const { it, ben, actor, page } = await desk()
  await it.change(actor, (change) => changeSite(change, { zone: 'Asia/Tokyo' }))
  const form = (await ben.opens(page)).text
  expect(form).toMatch(/id="plannedFrom"[^>]*value="2026-12-01T02:00"/)
  expect(form).toContain('In UTC, where the series was begun.')
})

function hidden(html: string, name: string): string {
  const value = new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? ''
  return value.replaceAll('&quot;', '"').replaceAll('&amp;', '&').replaceAll('&#39;', "'").replaceAll('&lt;', '<')
}
