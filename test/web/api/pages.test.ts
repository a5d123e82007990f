import { expect, test } from 'vitest'
import { type Answer, type Program, program } from './program.ts'

const changes = (here: Program, page: object): Promise<Answer> => here.calls('patch', '', { page })

test('a page is renamed, described and moved to another time zone, which readers see and the log keeps', async () => {
  const here = await program()
  const wished = { name: 'Northwind Traders', page_description: 'What we run.', time_zone: 'Asia/Taipei' }
  const { status, body } = await changes(here, { ...wished, domain: 'elsewhere.example', css_blues: 'ff0000' })
  expect([status, body]).toEqual([200, expect.objectContaining({ id: here.page, domain: 'status.example', ...wished })])
  expect(await here.reads('/api/v2/status.json')).toMatchObject({
    page: { name: 'Northwind Traders', time_zone: 'Asia/Taipei' },
  })
  expect(await here.events()).toMatchObject([
    { type: 'site.changed', actor: { kind: 'token' }, data: { fields: ['name', 'description', 'zone'] } },
  ])
  expect((await changes(here, { name: null, page_description: '' })).body).toMatchObject({
    ...wished,
    page_description: null,
  })
})

test('what would hide a page is refused: whoever sent it would believe that it is hidden', async () => {
  const here = await program()
  for (const field of ['viewers_must_be_team_members', 'hidden_from_search']) {
    const { status, body } = await changes(here, { name: 'Ours', [field]: true })
    expect([status, body.error]).toEqual([422, [`page.${field}: Everybody may read this page. It cannot be hidden.`]])
  }
  expect((await changes(here, { ip_restrictions: '192.0.2.0/24' })).status).toBe(422)
  expect((await changes(here, { viewers_must_be_team_members: false, ip_restrictions: null })).status).toBe(200)
  expect(await here.events()).toEqual([])
})

test('a zone that does not exist, and a program that may only disclose, change nothing', async () => {
  const here = await program()
  expect((await changes(here, { time_zone: 'Mars/Olympus' })).status).toBe(422)
  const secret = await here.token('disclose')
  const answer = await here.calls('patch', '', { page: { name: 'Ours' } }, { authorization: `OAuth ${secret}` })
  expect(answer.status).toBe(403)
  expect(await here.events()).toMatchObject([{ type: 'token.created' }])
})

test('where the element stands and how it looks is not kept here: whoever sends it back as it was succeeds, and nobody else', async () => {
  const here = await program()
  const read = await here.calls('get', '/status_embed_config')
  expect(read.body).toMatchObject({ page_id: here.page, position: null, incident_background_color: null })
  const patched = await here.calls('patch', '/status_embed_config', { status_embed_config: read.body })
  expect([patched.status, patched.body]).toEqual([200, read.body])
  const refused = await here.calls('patch', '/status_embed_config', {
    status_embed_config: { incident_background_color: '#f00' },
  })
  expect([refused.status, refused.body.error]).toEqual([
    422,
    [
      'status_embed_config.incident_background_color: Say it in the page that the element is put into: /embed shows how.',
    ],
  ])
  expect(await here.events()).toEqual([])
})
