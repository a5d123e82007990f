import { expect, test } from 'vitest'
import { people } from '../../people.ts'
import { world } from '../../world.ts'

const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><script>alert(1)</script></svg>'

async function owners() {
  const here = await world()
  const { ada } = await people(here)
  const sends = async (fields: Readonly<Record<string, string>>, logo: string | null = null) => {
    const token = /name="token" value="([^"]+)"/.exec((await ada.opens('/admin/settings/look')).text)?.[1] ?? ''
    const request = ada.agent.post('/admin/settings/look').set('sec-fetch-site', 'same-origin').field('token', token)
    for (const [name, value] of Object.entries(fields)) void request.field(name, value)
    return logo === null ? request : request.attach('logo', Buffer.from(logo), 'my logo.svg')
  }
  return { ada, sends }
}

const nothing = { accent: '', accentDark: '', css: '' }

test('a logo, a colour and a style sheet are on the page as soon as they are saved', async () => {
  const { ada, sends } = await owners()
  const saved = await sends({ accent: '#7a1f5c', accentDark: '', css: 'h1 { color: teal }' }, svg)
  expect(saved.headers['location']).toBe('/admin/settings/look?done=changed')
  const page = await ada.opens('/')
  expect(page.text).toMatch(/@layer site\{:root\{--accent:light-dark\(#7a1f5c,#\w{6}\)\}h1\{color:teal\}\}/)
  const [, src = '', alt] = /<img src="([^"]+)" width="64" height="32" alt="([^"]*)">/.exec(page.text) ?? []
  expect(alt).toBe('Northwind')
  const logo = await ada.opens(src)
  expect(logo.headers).toMatchObject({
    'content-type': 'image/svg+xml',
    'content-security-policy':
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
    'x-content-type-options': 'nosniff',
  })
  expect((await ada.opens('/admin/log')).text).toContain('changed the page: accent, style sheet, logo')
})

test('a colour that cannot be read is refused beside its field, and what was typed stands there still', async () => {
  const { sends } = await owners()
  const { status, text } = await sends({ ...nothing, accent: '#ffcc00' })
  expect(status).toBe(422)
  expect(text).toContain('value="#ffcc00"')
  expect(text).toMatch(/id="accent-wrong">[^<]*The nearest colour that passes is #\w{6}/)
})

test('a form without a file keeps the logo, and one that says so removes it', async () => {
  const { ada, sends } = await owners()
  await sends(nothing, svg)
  const [, src = ''] = /<img src="([^"]+)"/.exec((await ada.opens('/')).text) ?? []
  await sends({ ...nothing, css: 'a { color: red }' })
  expect((await ada.opens('/')).text).toContain(src)
  await sends({ ...nothing, without: 'logo' })
  expect((await ada.opens('/')).text).not.toContain('<img')
  expect((await ada.opens(src)).status).toBe(404)
})

test('what is no form, and a form of another site, changes nothing', async () => {
  const { ada } = await owners()
  const post = () => ada.agent.post('/admin/settings/look').set('sec-fetch-site', 'same-origin')
  const broken = await post().set('content-type', 'multipart/form-data; boundary=x').send('--y\r\nnonsense')
  expect(broken.status).toBe(422)
  expect((await post().field('accent', '#000')).status).toBe(403)
})
