import { expect, test } from 'vitest'
import { createComponent } from '../../../src/domain/components/commands.ts'
import { openIncident, postUpdate } from '../../../src/domain/incidents/commands.ts'
import { readIncident } from '../../../src/domain/incidents/queries.ts'
import { announceMaintenance } from '../../../src/domain/maintenances/commands.ts'
import { readMaintenance } from '../../../src/domain/maintenances/queries.ts'
import { announceSeries } from '../../../src/domain/maintenances/repeating.ts'
import { publishNotice } from '../../../src/domain/notices/commands.ts'
import { readNotice } from '../../../src/domain/notices/queries.ts'
import { publishReview } from '../../../src/domain/reviews/commands.ts'
import { openActions, reviewAtDesk } from '../../../src/domain/reviews/queries.ts'
import { scratchesOf } from '../../../src/domain/scratches/queries.ts'
import { dismissDraft } from '../../../src/domain/incidents/drafts.ts'
import { everyHead } from '../../domain/reviews/looking-back.ts'
import { ada as operator, watched } from '../../domain/probes/watched.ts'
import { people } from '../../people.ts'
import { world } from '../../world.ts'

const written = 'Words that nobody has seen.'

/** Something of each kind that somebody may be writing on. */
async function desk() {
  const it = await world()
  const team = await people(it)
  const ids = await it.change({ kind: 'operator', id: team.ada.id, name: 'Ada' }, async (change) => {
    const search = await createComponent(change, { name: 'Search' })
    const components = [{ id: search, status: 'partial_outage' }]
    const incident = await openIncident(change, {
      name: 'Search is slow',
      body: 'Searches fail.',
      stage: 'investigating',
      components,
    })
    const plan = {
      name: 'Index rebuild',
      body: 'Search is read-only.',
      plannedFrom: '2026-12-01T02:00:00Z',
      plannedUntil: '2026-12-01T04:00:00Z',
    }
    return {
      search,
      incident,
      maintenance: await announceMaintenance(change, plan),
      series: await announceSeries(change, { ...plan, rule: 'FREQ=WEEKLY;BYDAY=TU' }),
      notice: await publishNotice(change, { name: 'New office', body: 'We move.' }),
    }
  })
  it.clock.advance('10m')
  await it.change({ kind: 'operator', id: team.ada.id, name: 'Ada' }, (change) =>
    postUpdate(change, ids.incident, { stage: 'resolved', body: 'Search works.' }),
  )
  const actions = [{ title: 'Check indexes', dueOn: '2026-12-04', owner: 'Search team' }]
  const promise = async () => {
    await it.change({ kind: 'operator', id: team.ada.id, name: 'Ada' }, (change) =>
      publishReview(change, ids.incident, { heads: everyHead, actions, author: 'Ada', translations: {}, as: 'final' }),
    )
    return (await openActions(it.db))[0]?.id ?? ''
  }
  const word = (await readIncident(it.db, ids.incident))?.updates.at(-1)?.id ?? ''
  const work = (await readMaintenance(it.db, ids.maintenance))?.updates[0]?.id ?? ''
  return { it, ...team, ...ids, word, work, promise }
}

type Of = Awaited<ReturnType<typeof desk>> & { readonly action: string }

/** The page on which one writes, under what it is kept, the field in which one writes, and what else is sent. */
type Place = readonly [page: string, scratch: string, field: string, fields: Readonly<Record<string, string>>]

const places: readonly (readonly [string, (of: Of) => Place])[] = [
  ['a review', ({ incident: id }) => [`/incidents/${id}/review`, `review:${id}`, 'heads.why', { act: 'save' }]],
  ['a notice', () => ['/notices/new', 'notice', 'body', { name: 'N' }]],
  [
    'the change of a notice',
    ({ notice: id }) => [`/notices/${id}`, `notice-change:${id}`, 'body', { name: 'N', pinned: 'no' }],
  ],
  ['the change of a maintenance', ({ maintenance: id }) => [`/maintenances/${id}/change`, `plan:${id}`, 'body', moved]],
  [
    'the end of a series',
    ({ series: id }) => [`/maintenances/series/${id}`, `series-end:${id}`, 'body', { announced: 'cancel' }],
  ],
  ['what became of an action', ({ action: id }) => [`/actions/${id}`, `action:${id}`, 'word', { act: 'done' }]],
  [
    'the change of an action',
    ({ action: id }) => [`/actions/${id}`, `action-change:${id}`, 'title', { act: 'change', dueOn: '2026-12-05' }],
  ],
  [
    'a correction of a word on an incident',
    ({ incident: id, word }) => [`/incidents/${id}/updates/${word}/correct`, `correction:${id}/${word}`, 'body', why],
  ],
  [
    'a correction of a word on a maintenance',
    ({ maintenance: id, work }) => [
      `/maintenances/${id}/updates/${work}/correct`,
      `work-correction:${id}/${work}`,
      'body',
      why,
    ],
  ],
  [
    'why a word on an incident is withdrawn',
    ({ incident: id, word }) => [`/incidents/${id}/updates/${word}/withdraw`, `withdrawal:${id}/${word}`, 'reason', {}],
  ],
  [
    'why a word on a maintenance is withdrawn',
    ({ maintenance: id, work }) => [
      `/maintenances/${id}/updates/${work}/withdraw`,
      `work-withdrawal:${id}/${work}`,
      'reason',
      {},
    ],
  ],
]

const why = { reason: 'It was wrong.' }
const moved = { name: 'N', plannedFrom: '2026-12-01T03:00', plannedUntil: '2026-12-01T04:00', runsBy: 'clock' }
/** Where a form goes that does not go to the page that shows it. */
const sentTo = (page: string): string => page.replace('/notices/new', '/notices').replace(/(\/series\/\w+)$/, '$1/end')

test.each(places)(
  '%s is kept while it is written, shown to who writes there too, and gone once it is said',
  async (name, at) => {
    const here = await desk()
    const { it, ada, ben } = here
    const action = name.includes('action') ? await here.promise() : ''
    const [path, scratch, field, fields] = at({ ...here, action })
    const page = `/admin${path}`
    const fresh = (await ada.opens(page)).text
    expect(fresh).toContain(`name="scratch" value="${scratch}"`)
    expect(fresh).toContain(`data-company="${scratch}"`)
    const seen = seenIn(fresh, scratch)
    const typed = { scratch, scratchVersion: '0', ...(seen === null ? {} : { seen }), [field]: written }
    const saved = await ada.sends('/admin/scratches', typed, page)
    expect([saved.status, saved.headers['location']]).toEqual([303, `${page}?done=kept`])

    expect(valueOf((await ada.opens(page)).text, field)).toBe(written)
    const now = (await ada.opens('/admin')).text
    expect(now).toContain(`<a href="${page}">${written}</a>`)
    const other = (await ben.opens(page)).text
    expect(other).toContain('<strong>Ada</strong> is writing here too')
    expect(other).toContain(`${written}</blockquote>`)
    expect(valueOf(other, field)).not.toBe(written)

    const sent = await ada.sends(sentTo(page), { ...typed, ...fields }, page)
    expect(sent.status).toBe(303)
    expect(await scratchesOf(it.db, ada.id)).toEqual([])
  },
)

test('an explanation of a disagreement is kept as well, and thrown away from Now where its page is gone', async () => {
  const here = await watched()
  const { ada } = await people(here.it)
  await here.finds('pppfff')
  const [draft] = await here.incidents()
  await here.change(operator, (it) => dismissDraft(it, draft?.id ?? ''))
  await here.finds('fffffff')
  const page = `/admin/disagreements/${here.search}`
  const typed = { scratch: `disagreement:${here.search}`, scratchVersion: '0', body: written }
  await ada.sends('/admin/scratches', typed, page)
  expect(valueOf((await ada.opens(page)).text, 'body')).toBe(written)
  await here.finds('ppp')
  expect((await ada.opens(page)).status).toBe(404)
  expect((await ada.opens('/admin')).text).toContain(written)
  const thrown = await ada.sends('/admin/scratches/discard', { scratch: typed.scratch, from: 'now' }, '/admin')
  expect(thrown.headers['location']).toBe('/admin?done=discarded')
  expect(await scratchesOf(here.db, ada.id)).toEqual([])
})

test('a field that somebody emptied stays empty, and a system that they took out stays out', async () => {
  const { it, ada, maintenance, search, notice } = await desk()
  await it.change({ kind: 'clock' }, (change) => publishNotice(change, { name: 'Another', body: 'Something else.' }))
  const page = `/admin/notices/${notice}`
  await ada.sends('/admin/scratches', { scratch: `notice-change:${notice}`, name: '', body: 'We stay.' }, page)
  const form = (await ada.opens(page)).text
  expect([valueOf(form, 'name'), valueOf(form, 'body')]).toEqual(['', 'We stay.'])

  const plan = `/admin/maintenances/${maintenance}/change`
  const fields = { name: 'Index rebuild', plannedFrom: '2026-12-01T02:00', plannedUntil: '2026-12-01T04:00' }
  await ada.sends(plan, { ...fields, runsBy: 'clock', components: [search], body: 'Search is affected.' }, plan)
  expect((await ada.opens(plan)).text).toContain(`value="${search}" checked`)
  await ada.sends('/admin/scratches', { scratch: `plan:${maintenance}`, ...fields, body: 'Not after all.' }, plan)
  expect((await ada.opens(plan)).text).not.toContain(`value="${search}" checked`)
})

test('who comes back to a review that somebody else saved meanwhile sees theirs, and overwrites nothing unseen', async () => {
  const { it, ada, ben, incident } = await desk()
  const page = `/admin/incidents/${incident}/review`
  const mine = { scratch: `review:${incident}`, seen: '', 'heads.why': 'Ours.', 'actions.0.title': 'Mine alone' }
  await ada.sends('/admin/scratches', mine, page)
  it.clock.advance('1m')
  await ben.sends(page, { seen: '', 'heads.why': 'Theirs.', 'actions.3.title': 'Not mine', act: 'save' }, page)
  // A form that was open all the time is refused.
  expect((await ada.sends(page, { ...mine, act: 'save' }, page)).status).toBe(409)
  const back = (await ada.opens(page)).text
  expect(back).toContain('What Ben saved at')
  expect(back).toContain('<pre class="theirs">Theirs.</pre>')
  expect(valueOf(back, 'heads.why')).toBe('Ours.')
  expect(back).not.toContain('value="Not mine"')
  const seen = seenIn(back, `review:${incident}`) ?? ''
  expect((await ada.sends(page, { ...mine, seen, act: 'save' }, page)).status).toBe(303)
  expect((await reviewAtDesk(it.db, incident))?.draft?.heads.why).toBe('Ours.')
})

test.each([
  [
    'a plan',
    ({ maintenance }: Of) => `/admin/maintenances/${maintenance}/change`,
    { name: 'Rebuild', plannedFrom: '2026-12-01T02:00', plannedUntil: '2026-12-01T04:00', runsBy: 'clock', body: '' },
  ],
  ['a notice', ({ notice }: Of) => `/admin/notices/${notice}`, { name: 'Old office', body: 'We stay.', pinned: 'no' }],
])('%s that somebody else changed meanwhile is not put back: both stand side by side', async (name, at, fields) => {
  const here = await desk()
  const { it, ada, ben } = here
  const page = at({ ...here, action: '' })
  const seen = seenIn((await ada.opens(page)).text) ?? ''
  expect(seen).not.toBe('')
  it.clock.advance('1m')
  expect((await ben.sends(page, { ...fields, seen, name: 'Theirs' }, page)).status).toBe(303)
  const refused = await ada.sends(page, { ...fields, seen, name: 'Mine' }, page)
  expect(refused.status).toBe(409)
  expect(refused.text).toContain('<pre class="theirs">Theirs</pre>')
  expect(valueOf(refused.text, 'name')).toBe('Mine')
  const again = seenIn(refused.text) ?? ''
  expect((await ada.sends(page, { ...fields, seen: again, name: 'Mine' }, page)).status).toBe(303)
  const stored = name === 'a plan' ? readMaintenance(it.db, here.maintenance) : readNotice(it.db, here.notice)
  expect((await stored)?.name).toBe('Mine')
})

test('a word on an action that is refused leaves the other form of its page as it was', async () => {
  const here = await desk()
  const page = `/admin/actions/${await here.promise()}`
  const refused = await here.ada.sends(page, { act: 'done', word: '' }, page)
  expect(refused.status).toBe(422)
  expect(valueOf(refused.text, 'title')).toBe('Check indexes')
})

/** What a browser sends back of a form that was opened: the hidden field of the form in which this is written. */
function seenIn(html: string, scratch = ''): string | null {
  // Above it stands one that throws away what was left behind.
  const from = html.lastIndexOf(`name="scratch" value="${scratch}`)
  const form = html.slice(from, html.indexOf('</form>', from))
  const value = /name="seen" value="([^"]*)"/.exec(form)?.[1]
  return value?.replaceAll('&quot;', '"') ?? null
}

/** What stands in a field. */
function valueOf(html: string, name: string): string | null {
  const field = name.replaceAll('.', '\\.')
  return (
    new RegExp(`<textarea id="${field}"[^>]*>\n([^<]*)</textarea>`).exec(html)?.[1] ??
    new RegExp(`<input id="${field}"[^>]* value="([^"]*)"`).exec(html)?.[1] ??
    null
  )
}
