import { expect, test } from 'vitest'
import { listProbes } from '../../../../src/domain/probes/queries.ts'
import { questionsOf } from '../../../../src/domain/probes/secrets.ts'
import { usualValues } from '../../../../src/web/admin/probes/probe-form.ts'
import { people } from '../../../people.ts'
import { world } from '../../../world.ts'

const form = {
  ...usualValues('http'),
  componentId: '',
  url: 'https://shop.test/health',
  method: 'POST',
  user: 'candor',
  password: 'heron-password',
  headers: 'Accept: text/plain\nX-Api-Key: heron-header',
  body: 'heron-body',
}

async function desk() {
  const it = await world()
  const { ada } = await people(it)
  return {
    ...it,
    ada,
    /** What the only probe asks, with its secrets. */
    asks: async () => {
      const [probe, ...others] = await listProbes(it.db)
      expect(others).toEqual([])
      return (await questionsOf(it.db, it.vault, probe ? [probe] : [])).get(probe?.id ?? '')?.spec
    },
  }
}

/** The fields of the form as a browser would send them back. */
function fieldsIn(html: string): Record<string, string> {
  const decoded = (text: string) => text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')
  const inputs = [...html.matchAll(/<input (?=[^>]*name="([^"]+)")(?=[^>]*value="([^"]*)")(?![^>]*checkbox)[^>]*>/g)]
  const areas = [...html.matchAll(/<textarea [^>]*name="([^"]+)"[^>]*>\n?([^<]*)<\/textarea>/g)]
  const choices = [...html.matchAll(/<select [^>]*name="([^"]+)"[^>]*>(.*?)<\/select>/gs)].map(
    ([, name = '', options = '']) => ['', name, /value="([^"]*)" selected/.exec(options)?.[1] ?? ''] as const,
  )
  const pairs = [...inputs, ...areas, ...choices].map(([, name = '', value = '']) => [name, decoded(value)])
  const { token: _token, ...fields } = Object.fromEntries(pairs) as Record<string, string>
  return fields
}

test('what was typed goes along sealed when the form is refused, so that nobody types it twice', async () => {
  const { ada, asks } = await desk()
  const refused = await ada.sends('/admin/probes', { ...form, intervalSeconds: '1' })
  expect(refused.status).toBe(422)
  expect(refused.text).not.toContain('heron')
  expect(refused.text).toContain('Typed a moment ago')
  const sent = await ada.sends('/admin/probes', { ...fieldsIn(refused.text), intervalSeconds: '60' })
  expect(sent.status).toBe(303)
  expect(await asks()).toMatchObject({
    user: 'candor',
    password: 'heron-password',
    body: 'heron-body',
    headers: { accept: 'text/plain', 'x-api-key': 'heron-header' },
  })
})

test('what goes along is only for whoever typed it, and gives way to what is typed anew', async () => {
  const { ada, asks, vault } = await desk()
  const refused = await ada.sends('/admin/probes', { ...form, intervalSeconds: '1' })
  const stolen = { ...fieldsIn(refused.text), intervalSeconds: '60' }
  const sealed = vault.seal(JSON.stringify({ password: 'heron-of-another' }), 'probe form http somebody else')
  const tried = await ada.sends('/admin/probes', { ...stolen, carried: sealed, headers: '', body: '' })
  expect([tried.status, tried.text.includes('A user needs a password')]).toEqual([422, true])
  await ada.sends('/admin/probes', { ...stolen, password: 'heron-anew' })
  expect(await asks()).toMatchObject({ password: 'heron-anew', body: 'heron-body' })
})

test('the form of a probe says what is kept, keeps it, and removes it on demand', async () => {
  const { ada, asks, db } = await desk()
  await ada.sends('/admin/probes', form)
  const [probe] = await listProbes(db)
  const page = `/admin/probes/${probe?.id}`
  const shown = await ada.opens(page)
  expect(shown.text).not.toContain('heron')
  expect(shown.text).toContain('x-api-key: •••')
  expect(shown.text).toContain('Kept sealed. Left empty, it stays.')
  const fields = fieldsIn(shown.text)
  expect((await ada.sends(page, { ...fields, intervalSeconds: '120' })).status).toBe(303)
  expect(await asks()).toMatchObject({ password: 'heron-password', headers: { 'x-api-key': 'heron-header' } })
  const elsewhere = await ada.sends(page, { ...fields, url: 'https://thief.test/' })
  expect([elsewhere.status, elsewhere.text.includes('It goes elsewhere now')]).toEqual([422, true])
  expect(
    (await ada.sends(`/admin/probes/test?probe=${probe?.id}`, { ...fields, url: 'https://thief.test/' })).text,
  ).toContain('It goes elsewhere now')
  const less = { ...fields, user: '', forget: ['password', 'body'], headers: 'X-Api-Key: •••' }
  expect((await ada.sends(page, less)).status).toBe(303)
  expect(await asks()).toMatchObject({
    user: null,
    password: null,
    body: null,
    headers: { 'x-api-key': 'heron-header' },
  })
})

test('a header of which nothing is kept cannot be kept', async () => {
  const { ada } = await desk()
  const refused = await ada.sends('/admin/probes', { ...form, headers: 'X-New: •••' })
  expect(refused.status).toBe(422)
  expect(refused.text).toContain('id="headers-wrong"')
})

test('what a new probe is begins with a choice, which needs no script', async () => {
  const { ada } = await desk()
  const chooser = await ada.opens('/admin/probes/new')
  expect(chooser.text).toContain('href="/admin/probes/new?kind=tcp"')
  expect((await ada.opens('/admin/probes/new?kind=tcp')).text).toContain('name="host"')
  expect((await ada.opens('/admin/probes/new?kind=telepathy')).status).toBe(422)
})
