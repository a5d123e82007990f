import { expect, test } from 'vitest'
import { dismissDraft } from '../../../../src/domain/incidents/drafts.ts'
import { people } from '../../../people.ts'
import { ada as operator, watched } from '../../../domain/probes/watched.ts'

test('the desk shows where checks disagree with the page, and takes an explanation in every language', async () => {
  const here = await watched()
  const { ben } = await people(here.it)
  await here.finds('pppfff')
  const path = `/admin/disagreements/${here.search}`
  const [draft] = await here.incidents()
  await here.change(operator, (it) => dismissDraft(it, draft?.id ?? ''))
  expect((await ben.opens('/admin')).text).not.toContain('Our checks disagree')
  await here.finds('fffffff')
  expect((await ben.opens('/admin')).text).toContain(`href="${path}">Explain</a>`)

  const refused = await ben.sends(path, { body: '' })
  expect(refused.status).toBe(422)
  const fields = { body: 'Our check asks the old address.', 'translations.fr.body': 'L’ancienne adresse.' }
  expect((await ben.sends(path, fields)).status).toBe(303)
  const [one] = (await here.readSnapshot()).disagreements
  expect(one?.explanation).toMatchObject({
    body: fields.body,
    author: 'Ben',
    translations: { fr: { body: 'L’ancienne adresse.' } },
  })
  expect((await ben.opens('/admin')).text).toContain('Explain anew')
  expect((await ben.opens('/admin/log')).text).toContain('explained why checks of “Search” find something else')

  await here.finds('ppp')
  expect((await ben.opens(path)).status).toBe(404)
})
