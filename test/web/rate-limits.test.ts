import supertest from 'supertest'
import { expect, test } from 'vitest'
import { people } from '../people.ts'
import { world } from '../world.ts'
import { afternoon } from '../domain/ledger/story.ts'

test('whoever used up every limit there is reads the published page as ever', async () => {
  const here = await world()
  await afternoon(here)
  const { app, publication } = await here.app()
  await publication.catchUp()
  const of = supertest(app.server)
  const used: Readonly<Record<string, () => Promise<supertest.Response>>> = {
    'searches 60 of a network': async () => of.get('/history/search?q=a'),
    'reports 60 of a network': async () =>
      of.post('/reports').set('sec-fetch-site', 'same-origin').type('form').send(''),
    'the whole ledger 60 of a network': async () => of.get('/ledger.jsonl'),
    'signs of life 60 of an address': async () => of.get('/hb/nobody'),
  }
  for (const [name, ask] of Object.entries(used)) {
    const answers = []
    for (let each = 0; each < 61; each += 1) answers.push(await ask())
    const last = answers.pop()
    // All of them together may be too many for a second as well: that is another limit.
    const early = answers.filter(({ headers }) => String(headers['ratelimit']).includes('r=0'))
    expect([name, early.length, last?.status]).toEqual([name, name.startsWith('signs') ? early.length : 1, 429])
    expect(last?.headers).toMatchObject({
      'ratelimit-policy': expect.stringMatching(/^"(network|address)";q=60;w=(60|600)$/) as string,
      ratelimit: expect.stringMatching(/^"(network|address)";r=0;t=[1-9]\d*$/) as string,
      'retry-after': expect.stringMatching(/^[1-9]\d*$/) as string,
      'cache-control': expect.stringContaining('no-store') as string,
    })
    expect(last?.text).toMatch(/many|often/)
  }
  const pages = ['/', '/history', '/api/v2/summary.json', '/history.atom', '/ledger/head.json', '/ledger/entries/1.txt']
  for (let round = 0; round < 50; round += 1) {
    for (const path of pages) {
      const { status, headers } = await of.get(path)
      expect([path, status, headers['ratelimit'] ?? null]).toEqual([path, 200, null])
    }
  }
})

test('the log is taken away ten times in ten minutes by one person, and then as they come back', async () => {
  const it = await world()
  const { ada, ben } = await people(it)
  for (let each = 0; each < 10; each += 1) expect((await ada.opens('/admin/log.jsonl')).status).toBe(200)
  const refused = await ada.opens('/admin/log.csv')
  expect([refused.status, refused.headers['retry-after'], refused.headers['ratelimit']]).toEqual([
    429,
    '60',
    '"account";r=0;t=60',
  ])
  expect(refused.text).toContain('You took the log away ten times within ten minutes. Try again in 60 seconds.')
  expect((await ben.opens('/admin/log.jsonl')).status).toBe(200)
  expect((await ada.opens('/admin/log')).status).toBe(200)
  it.clock.advance('1m')
  expect((await ada.opens('/admin/log.csv')).status).toBe(200)
})

test('a script that never stops asking for previews is told so, and what is written can still be sent', async () => {
  const it = await world()
  const { ada, ben } = await people(it)
  const words = { stage: 'investigating', body: 'Cards fail.', promise: '30' }
  let [count, last] = [0, await ada.sends('/admin/preview', words)]
  for (; last.status === 200 && count < 300; count += 1) last = await ada.sends('/admin/preview', words)
  expect([count, last.status]).toEqual([240, 429])
  expect(last.text).toContain('What you wrote is not lost: go back to it. Try again in a second.')
  expect((await ben.sends('/admin/preview', words)).status).toBe(200)
  expect((await ada.sends('/admin/incidents', { name: 'Cards fail', ...words })).status).toBe(303)
})
