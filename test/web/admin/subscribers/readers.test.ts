import supertest from 'supertest'
import { expect, test } from 'vitest'
import { createComponent } from '../../../../src/domain/components/commands.ts'
import { openIncident } from '../../../../src/domain/incidents/commands.ts'
import { people } from '../../../people.ts'
import { world } from '../../../world.ts'

async function desk() {
  const here = await world()
  const all = await people(here)
  const { app } = await here.app()
  const actor = { kind: 'operator', id: all.ada.id, name: 'Ada' } as const
  const search = await here.change(actor, (it) => createComponent(it, { name: 'Search' }))
  const mail = await here.change(actor, (it) => createComponent(it, { name: 'Mail' }))
  const id = await here.change(actor, (it) =>
    openIncident(it, {
      name: 'Search is slow',
      body: 'Searches fail.',
      stage: 'investigating',
      components: [{ id: search, status: 'partial_outage' }],
    }),
  )
  const report = async (body: string, count: number) => {
    for (let each = 0; each < count; each += 1) {
      const from = { 'sec-fetch-site': 'same-origin', 'user-agent': `Browser ${each}` }
      await supertest(app.server).post('/reports').set(from).type('form').send(body).expect(303)
    }
  }
  return { ...here, ...all, id, search, mail, report }
}

test('operators see at once whom it affects too, and what readers miss on the page', async () => {
  const { ben, id, mail, report } = await desk()
  await report(`incident=${id}`, 3)
  await report(`component=${mail}`, 2)
  await report('component=', 1)
  const now = (await ben.opens('/admin')).text
  expect(now).toContain('3 readers said “me too”')
  expect(now).toMatch(/Mail<\/p>\s*<span class="soft">2 reports within the last hour/)
  expect(now).toMatch(/They did not say what<\/p>\s*<span class="soft">1 report within/)
  expect((await ben.opens(`/admin/incidents/${id}`)).text).toContain('3 readers said “me too”')
})

test('a draft that readers raised says what it stands on, and waits', async () => {
  const { ben, mail, report } = await desk()
  await report(`component=${mail}`, 5)
  const now = (await ben.opens('/admin')).text
  expect(now).toContain('Problems with Mail')
  expect(now).toContain('5 reports from readers in 10 minutes')
  expect(now).not.toContain('publishes itself')
})

test('owners choose whether readers are asked, and what others see', async () => {
  const { ada, ben, readSnapshot } = await desk()
  const path = '/admin/settings/readers'
  expect((await ben.opens(path)).status).toBe(403)
  expect((await ada.opens(path)).text).toContain('Readers are asked')
  const settings = { asked: 'yes', shown: 'yes', shownFrom: '20', burstReports: '12', burstMinutes: '5' }
  const saved = await ada.sends(path, settings, path)
  expect(saved.headers['location']).toBe(`${path}?done=changed`)
  expect((await readSnapshot()).site.reports).toEqual({
    asked: 'yes',
    shown: 'yes',
    shownFrom: 20,
    burst: { reports: 12, minutes: 5 },
  })
  const refused = await ada.sends(path, { ...settings, shownFrom: '1' }, path)
  expect(refused.status).toBe(422)
  expect(refused.text).toContain('whole number from 5')
})
