import { expect, test } from 'vitest'
import { draftIncident } from '../../../../src/domain/incidents/drafts.ts'
import { openIncident } from '../../../../src/domain/incidents/commands.ts'
import { later } from '../../../../src/lib/clock.ts'
import { type Person, joins, people } from '../../../people.ts'
import { type World, world } from '../../../world.ts'

interface Desk {
  readonly it: World
  readonly ben: Person
  readonly uma: Person
}

/** Ben discloses, Uma writes. */
async function desk(): Promise<Desk> {
  const it = await world()
  const { ben } = await people(it)
  return { it, ben, uma: await joins(it, 'Uma', 'author') }
}

function open({ it }: Desk): Promise<string> {
  return it.change({ kind: 'command', name: 'test' }, (change) =>
    openIncident(change, { name: 'Search is slow', body: 'We look.', stage: 'investigating', components: [] }),
  )
}

/** What the page of a desk lets one press, by its words. */
function buttons(html: string): string[] {
  return [...html.matchAll(/<(?:button|a class="button)[^>]*>([^<]+)</g)].map(([, words = '']) => words.trim())
}

test('an author writes an incident that a responder reads and publishes', async () => {
  const all = await desk()
  const { it, ben, uma } = all
  expect(buttons((await uma.opens('/admin')).text)).toContain('Draft an incident')
  const form = (await uma.opens('/admin/incidents/new')).text
  expect(form).toContain('Keep as draft')
  expect(form).not.toMatch(/>\s*Publish|Publish at that time/)
  const written = { name: 'Search is slow', body: 'Results take long.', stage: 'investigating', promise: '' }
  const kept = await uma.sends('/admin/incidents', { ...written, intent: 'confirm' })
  expect([kept.status, kept.headers['location']]).toEqual([303, '/admin?done=asked'])
  const { app } = await it.app()
  expect((await app.inject('/')).body).not.toContain('Results take long.')
  const waiting = (await ben.opens('/admin')).text
  expect(waiting).toContain('Uma asks you to confirm it')
  const [, id = ''] = /\/admin\/drafts\/([\w-]+)\/publish/.exec(waiting) ?? []
  expect((await uma.sends(`/admin/drafts/${id}/publish`)).status).toBe(403)
  expect((await ben.sends(`/admin/drafts/${id}/publish`)).status).toBe(303)
  expect((await app.inject(`/incidents/${id}`)).body).toContain('Results take long.')
})

test('what an author sends never publishes itself, whatever it says it is', async () => {
  const all = await desk()
  const { it, uma } = all
  const incident = await open(all)
  const draft = await it.change({ kind: 'command', name: 'test' }, (change) =>
    draftIncident(change, { name: 'Sign-in fails', body: 'We look.', beganAt: change.now, components: [] }),
  )
  const version = await it.latestVersion()
  const written = { name: 'Sign-in is down', body: 'It is.', stage: 'investigating', promise: '' }
  const tries: [string, Record<string, string>][] = [
    ['/admin/incidents', {}],
    ['/admin/incidents', { intent: 'publish' }],
    ['/admin/incidents', { intent: 'schedule', publishesAt: '2026-11-22T10:00' }],
    [`/admin/incidents/${incident}/updates`, {}],
    [`/admin/incidents/${incident}/updates`, { intent: 'schedule', publishesAt: '2026-11-22T10:00' }],
    [`/admin/drafts/${draft}`, { intent: 'publish' }],
    [`/admin/drafts/${draft}`, { intent: 'schedule', publishesAt: '2026-11-22T10:00' }],
  ]
  for (const [path, more] of tries) {
    const { status, text } = await uma.sends(path, { ...written, ...more })
    expect([path, more, status]).toEqual([path, more, 403])
    expect(text).toContain('kept as a draft; to publish them is for owners, admins, and responders')
  }
  expect(await it.latestVersion()).toBe(version)
  const [, seen = ''] = /name="seen" value="([^"]+)"/.exec((await uma.opens(`/admin/drafts/${draft}`)).text) ?? []
  expect((await uma.sends(`/admin/drafts/${draft}`, { ...written, seen, intent: 'save' })).status).toBe(303)
})

test('an author’s update waits for somebody else; who wrote it may take it back, and nobody else like them', async () => {
  const all = await desk()
  const { it, ben, uma } = all
  const incident = await open(all)
  const page = await uma.opens(`/admin/incidents/${incident}`)
  const [, seen = ''] = /name="seen" value="([^"]+)"/.exec(page.text) ?? []
  const word = { body: 'Found it.', stage: 'identified', promise: '', incident, seen, name: 'Search is slow' }
  expect((await uma.sends(`/admin/incidents/${incident}/updates`, { ...word, intent: 'confirm' })).status).toBe(303)
  const [{ id } = { id: '' }] = await it.db.selectFrom('waiting_updates').select('id').execute()
  const ulf = await joins(it, 'Ulf', 'author')
  expect((await ulf.opens(`/admin/incidents/${incident}`)).text).not.toContain('Take it back')
  expect((await ulf.sends(`/admin/waiting/${id}/take-back`)).status).toBe(403)
  expect((await uma.opens(`/admin/incidents/${incident}`)).text).toContain('Take it back')
  expect((await uma.sends(`/admin/waiting/${id}/publish`)).status).toBe(403)
  expect((await ben.sends(`/admin/waiting/${id}/publish`, { incident })).status).toBe(303)
})

test('a draft that publishes itself is none that an author can hold up or change', async () => {
  const all = await desk()
  const { it, uma } = all
  const draft = await it.change({ kind: 'command', name: 'test' }, (change) =>
    draftIncident(change, {
      name: 'Sign-in fails',
      body: 'We look.',
      beganAt: change.now,
      components: [],
      publishesAt: later(change.now, 600),
    }),
  )
  expect((await uma.opens(`/admin/drafts/${draft}`)).text).not.toMatch(/<button[^>]*>Save the draft/)
  const sent = { name: 'Sign-in', body: 'Well.', stage: 'investigating', promise: '', intent: 'save' }
  expect((await uma.sends(`/admin/drafts/${draft}`, sent)).status).toBe(403)
})

test('an author drafts a review and looks at it; to publish it is for others', async () => {
  const all = await desk()
  const { it, uma } = all
  const incident = await open(all)
  await it.db.updateTable('incidents').set({ over_at: it.clock.now(), stage: 'resolved' }).execute()
  const page = `/admin/incidents/${incident}/review`
  const form = (await uma.opens(page)).text
  expect(buttons(form)).toContain('Save the draft')
  expect(form).not.toContain('Publish as')
  const words = { 'heads.saw': 'Searches took ten seconds.' }
  expect((await uma.sends(page, { ...words, act: 'final' }, page)).status).toBe(403)
  expect((await uma.sends(page, { ...words, act: 'look' }, page)).headers['location']).toBe(`${page}/preview`)
  expect((await uma.opens(`${page}/preview`)).text).toContain('Searches took ten seconds.')
})

test('a viewer sees the desk and no form on it', async () => {
  const all = await desk()
  const incident = await open(all)
  const vic = await joins(all.it, 'Vic', 'viewer')
  for (const path of ['/admin', '/admin/incidents', `/admin/incidents/${incident}`, '/admin/reviews']) {
    const { status, text } = await vic.opens(path)
    expect([path, status]).toEqual([path, 200])
    // But the one to sign out with.
    expect([path, (text.match(/<form method="post"/g) ?? []).length]).toEqual([path, 1])
  }
  const refused = await vic.opens('/admin/incidents/new')
  expect(refused.text).toContain('This is for owners, admins, responders, and authors.')
})

test('a promised update is offered to each as what they may do about it', async () => {
  const all = await desk()
  const { it, ben, uma } = all
  const incident = await it.change({ kind: 'command', name: 'test' }, (change) =>
    openIncident(change, {
      name: 'Sign-in fails',
      body: 'We look.',
      stage: 'investigating',
      components: [],
      nextUpdateBy: later(change.now, 1800),
    }),
  )
  const victor = await joins(it, 'Victor', 'viewer')
  for (const [person, words] of [
    [ben, 'Post the update'],
    [uma, 'Draft the update'],
    [victor, 'See the incident'],
  ] as const) {
    const banner = /<div class="promise[\s\S]*?<\/div>/.exec((await person.opens('/admin/incidents')).text)?.[0] ?? ''
    expect(buttons(banner)).toEqual([words])
    expect(banner).toContain(`/admin/incidents/${incident}`)
  }
})
