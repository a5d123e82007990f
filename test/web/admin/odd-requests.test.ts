import { expect, test } from 'vitest'
import { people, stranger } from '../../people.ts'
import { world } from '../../world.ts'

test('an address that cannot be read is answered like any other, without a stack and for nobody to keep', async () => {
  const cy = await stranger(await world())
  for (const [path, status] of [
    ['/%zz', 400],
    ['/admin/%zz', 400],
    [`/admin/incidents/${'a'.repeat(300)}`, 414],
    ['/incidents/%00', 404],
    ['/setup?secret=zzzzzzzzz.x', 403],
  ] as const) {
    const answer = await cy.agent.get(path)
    expect([path, answer.status]).toEqual([path, status])
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'")
    expect(answer.text).not.toMatch(/FST_|Error:|at .*\.ts/)
  }
})

test('a name that nothing can have leads to nothing, on either database', async () => {
  const { ada } = await people(await world())
  for (const path of ['/admin/incidents/%00', '/admin/drafts/a%00', '/admin/probes/%00', '/admin/maintenances/%00']) {
    expect([path, (await ada.opens(path)).status]).toEqual([path, 404])
  }
  const wrong = { email: 'a\0b@example.org', password: 'three unrelated herons', next: '/admin' }
  expect((await ada.sends('/admin/sign-in', wrong)).status).toBe(422)
  const word = { stage: 'investigating', body: 'We look.', incident: '\0' }
  expect((await ada.sends('/admin/preview', word)).status).toBe(200)
})

test('a text as long as it may be is published in every script, and a longer one is refused in words', async () => {
  const { ada } = await people(await world())
  const says = (body: string) =>
    ada.sends(
      '/admin/incidents',
      { name: `Long ${body.slice(0, 2)}`, stage: 'investigating', body, promise: '30' },
      '/admin/incidents/new',
    )
  for (const character of ['a', 'پ', '漢', '😀']) {
    expect([character, (await says(character.repeat(25_000))).status]).toEqual([character, 303])
  }
  expect((await says('b'.repeat(25_001))).text).toContain('at most 25000')
  const tooMuch = await says('a'.repeat(500_000))
  expect(tooMuch.status).toBe(413)
  expect(tooMuch.text).toContain('at most 25,000 characters')
})

test('letters that are no UTF-8 are refused beside their field, and never published as their numbers', async () => {
  const it = await world()
  const { ada } = await people(it)
  const { text: page } = await ada.opens('/admin/incidents/new')
  const token = /name="token" value="([^"]+)"/.exec(page)?.[1] ?? ''
  // As programs write “Café” that know no other letters than those of Latin-1, and as attackers write half a letter.
  for (const name of ['Caf%E9', '%C3%28', 'Café %C0%AF']) {
    const body = `token=${encodeURIComponent(token)}&stage=investigating&promise=30&body=We+look.&name=${name}`
    const answer = await ada.agent.post('/admin/incidents').set('sec-fetch-site', 'same-origin').type('form').send(body)
    expect([name, answer.status]).toEqual([name, 422])
    expect(answer.text).toContain('id="name-wrong"')
  }
  expect((await it.readSnapshot()).openIncidents).toEqual([])
})

test('a percent sign that begins no letter is one', async () => {
  const it = await world()
  const { ada } = await people(it)
  const { text: page } = await ada.opens('/admin/incidents/new')
  const token = /name="token" value="([^"]+)"/.exec(page)?.[1] ?? ''
  const body = `token=${encodeURIComponent(token)}&stage=investigating&promise=30&body=100%+of+caf%C3%A9s&name=A`
  const answer = await ada.agent.post('/admin/incidents').set('sec-fetch-site', 'same-origin').type('form').send(body)
  expect(answer.status).toBe(303)
  expect((await it.readSnapshot()).openIncidents[0]?.updates[0]?.body).toBe('100% of cafés')
})
