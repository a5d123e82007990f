import { expect, test } from 'vitest'
import { createComponent } from '../../../src/domain/components/commands.ts'
import { tellingSubscribers } from '../../../src/domain/deliveries/subscribers-told.ts'
import { addSubscribers } from '../../../src/domain/subscribers/adding.ts'
import { usualWishes } from '../../../src/domain/subscribers/input.ts'
import { people } from '../../people.ts'
import { world } from '../../world.ts'

const wishes = usualWishes({ locale: 'en', zone: 'UTC' })
const plan = {
  name: 'Database upgrade',
  plannedFrom: '2026-12-01T02:00',
  plannedUntil: '2026-12-01T04:00',
  runsBy: 'hand',
  body: 'Search pauses.',
}

test('who hears of planned work is said before it is announced, and follows the systems that are chosen', async () => {
  const { ben, search } = await desk()
  const form = (await ben.opens('/admin/maintenances/new')).text
  expect(whomIn(form)).toBe('2 subscribers will be told 2 minutes after you announce it, all by mail.')
  expect(form).toContain('data-whom="/admin/maintenances/whom"')
  const counted = await ben.sends(
    '/admin/maintenances/whom',
    { ...plan, components: search },
    '/admin/maintenances/new',
  )
  expect(whomIn(counted.text)).toContain('3 subscribers will be told')
  const refused = await ben.sends('/admin/maintenances', { ...plan, name: '', components: search })
  expect(refused.status).toBe(422)
  expect(whomIn(refused.text)).toContain('3 subscribers will be told')
})

test('of words on planned work it is said whom each button tells', async () => {
  const { ben, search } = await desk()
  const page = await announced(ben, search)
  const text = (await ben.opens(page)).text
  expect(whomIn(text)).toBe(
    'Of an update: 2 subscribers will be told 2 minutes after you say it, all by mail. ' +
      'That it begins or is cancelled: 3 subscribers will be told 2 minutes after you say it, all by mail.',
  )
  // What was just announced can be taken back, on its page.
  expect(text).toMatch(/<strong>3 subscribers<\/strong> are told in/)
  expect(whomIn((await ben.opens(`${page}/change`)).text)).toBe(
    'With a word on it: 2 subscribers will be told 2 minutes after you save it, all by mail. Without one, nobody is.',
  )
})

test('a word that nobody has got yet is withdrawn and corrected in silence, and that is said', async () => {
  const { it, ben, search } = await desk()
  const page = await announced(ben, search)
  const [, update = ''] = /updates\/([\w-]+)\/withdraw/.exec((await ben.opens(page)).text) ?? []
  const asked = async (verb: string): Promise<string> =>
    whomIn((await ben.opens(`${page}/updates/${update}/${verb}`)).text)
  expect(await asked('withdraw')).toBe('Nobody has been written to of it, and nobody will be.')
  expect(await asked('correct')).toContain('it brings the words as you correct them')

  it.clock.advance('3m')
  await tellingSubscribers(it)()
  expect(await asked('withdraw')).toBe('3 subscribers will be told 2 minutes after you withdraw it, all by mail.')
  expect(await asked('correct')).toBe('Nobody is written to of a correction: readers see it on the page.')
})

test('a notice tells who wants everything, once, and can be taken back where it stands', async () => {
  const { it, ben } = await desk()
  expect(whomIn((await ben.opens('/admin/notices/new')).text)).toBe(
    '2 subscribers will be told 2 minutes after readers see it, all by mail.',
  )
  await ben.sends('/admin/notices', { name: 'Closed on Monday', body: 'Back on Tuesday.' }, '/admin/notices/new')
  const list = (await ben.opens('/admin/notices')).text
  expect(list).toMatch(/Closed on Monday<\/a>: <strong>2 subscribers<\/strong> are told in/)
  expect(list).toContain('Take the mail back')
  const { id } = await it.db.selectFrom('notices').select('id').executeTakeFirstOrThrow()
  const one = (await ben.opens(`/admin/notices/${id}`)).text
  expect(whomIn(one)).toBe('Nobody is written to when a notice is changed.')
  expect(one).toContain('data-held=')
})

test('who hears of a review is said where it is published, and it can be taken back there', async () => {
  const { ben, search } = await desk()
  const word = {
    name: 'Search fails',
    stage: 'investigating',
    body: 'It fails.',
    [`component.${search}`]: 'major_outage',
  }
  const opened = await ben.sends('/admin/incidents', word, '/admin/incidents/new')
  const page = String(opened.headers['location']).split('?')[0] ?? ''
  const [, seen = ''] = /name="seen" value="([^"]+)"/.exec((await ben.opens(page)).text) ?? []
  await ben.sends(`${page}/updates`, { stage: 'resolved', body: 'It works.', incident: page.slice(17), seen }, page)
  const review = `${page}/review`
  expect(whomIn((await ben.opens(review)).text)).toContain('3 subscribers will be told 2 minutes after you publish')
  const said = await ben.sends(review, { act: 'preliminary', 'heads.saw': 'Search failed.' }, review)
  expect(said.status).toBe(303)
  expect((await ben.opens(review)).text).toMatch(/<strong>3 subscribers<\/strong> are told in/)
})

async function announced(by: Awaited<ReturnType<typeof people>>['ben'], search: string): Promise<string> {
  const said = await by.sends('/admin/maintenances', { ...plan, components: search }, '/admin/maintenances/new')
  return String(said.headers['location']).split('?')[0] ?? ''
}

/** Two follow everything; one follows search, and wants to hear that something begins and that it ends. */
async function desk() {
  const it = await world()
  const everybody = await people(it)
  const search = await it.change({ kind: 'command', name: 'test' }, async (change) => {
    const id = await createComponent(change, { name: 'Search' })
    const named = { everything: 'no', components: [id], groups: [], incidents: [] } as const
    const consentedAt = change.now
    await addSubscribers(
      change,
      [
        { address: 'kim@example.org', wishes },
        { address: 'lea@example.org', wishes },
        { address: 'mo@example.org', wishes: { ...wishes, scope: named, extent: 'ends' as const } },
      ].map(
        ({ address, wishes: own }) => ({ channel: 'email', target: { address }, wishes: own, consentedAt }) as const,
      ),
      'operator',
    )
    return id
  })
  return { it, search, ...everybody }
}

/** The sentence before the button. */
function whomIn(html: string): string {
  return /<p class="whom"[^>]*>([^<]*)</.exec(html)?.[1] ?? ''
}
