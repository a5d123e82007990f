import supertest from 'supertest'
import { expect, test } from 'vitest'
import { dismissDraft } from '../../../src/domain/incidents/drafts.ts'
import { explain } from '../../../src/domain/probes/engine/explaining.ts'
import { ada, watched } from '../../domain/probes/watched.ts'

/** A probe fails for twelve minutes, and its draft was dismissed. */
async function silent() {
  const here = await watched()
  await here.finds('pppfff')
  const [draft] = await here.incidents()
  await here.change(ada, (it) => dismissDraft(it, draft?.id ?? ''))
  const { app, publication } = await here.it.app()
  const text = async (path: string): Promise<string> => {
    await publication.catchUp()
    return (await supertest(app.server).get(path).expect(200)).text
  }
  return { ...here, text }
}

const mark = 'our checks disagree'

test('what nobody says shows beside what is said, on the page, in the sentence and in the data, and goes by itself', async () => {
  const here = await silent()
  expect(await here.text('/')).not.toContain(mark)
  expect(await here.text('/components/search')).not.toContain('Our checks disagree')
  await here.finds('fffffff')

  const front = await here.text('/')
  expect(front).toContain(mark)
  expect(front).toMatch(/Our checks disagree about <bdi>Search<\/bdi>\./)
  const page = await here.text('/components/search')
  expect(page).toContain('We say: Works. Our checks find: Down, since <time')
  // Before its first verdict it was not measured.
  expect(page).toContain('What we said: not measured for')
  expect(page).toMatch(/What our checks found: down for \d+ minutes/)
  expect(page).toContain('Our team has not explained it yet.')
  expect(await here.text('/index.md')).toContain(mark)
  const summary = JSON.parse(await here.text('/summary.json')) as { components: { checks_disagree: unknown }[] }
  expect(summary.components[0]?.checks_disagree).toMatchObject({ measured: 'major_outage', explanation: null })

  await here.finds('ppp')
  expect(await here.text('/')).not.toContain(mark)
  expect(await here.text('/components/search')).not.toContain('Our checks disagree')
})

test('what operators say to it stands beside it, in the language of the reader, and is harmless', async () => {
  const here = await silent()
  await here.finds('fffffff')
  await here.change(ada, (it) =>
    explain(it, here.search, {
      body: 'The **address** of our check moved. <script>alert(1)</script>',
      translations: { fr: { body: 'L’adresse de notre contrôle a changé.' } },
    }),
  )
  const page = await here.text('/components/search')
  expect(page).toContain('The <strong>address</strong> of our check moved.')
  expect(page).not.toContain('<script>alert')
  expect(page).toContain('<bdi>Ada</bdi>')
  expect(await here.text('/fr/components/search')).toContain('L’adresse de notre contrôle a changé.')
  const chinese = await here.text('/zh-Hant/components/search')
  expect(chinese).toContain('lang="en" dir="ltr"')
})
