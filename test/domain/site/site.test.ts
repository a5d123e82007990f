import { expect, test } from 'vitest'
import { changeSite, ensureSite, setUpSite } from '../../../src/domain/site/commands.ts'
import { readSite } from '../../../src/domain/site/queries.ts'
import { ada, desk } from '../desk.ts'

test('there is one site from the first start, however often it starts', async () => {
  const { db, does } = await desk()
  const site = await readSite(db)
  expect(site).toMatchObject({ name: 'Status', zone: 'UTC', locale: 'en', setUpAt: null })
  await does(ensureSite)
  expect(await readSite(db)).toEqual(site)
  expect(await db.selectFrom('sites').select('id').execute()).toHaveLength(1)
})

test('a site is set up once', async () => {
  const { db, does, events } = await desk()
  const setUp = { name: 'Northwind', zone: 'Asia/Tehran', locale: 'fa' }
  await does((it) => setUpSite(it, setUp))
  expect(await readSite(db)).toMatchObject({ ...setUp, setUpAt: '2026-11-21T12:00:00.000Z' })
  expect(await events()).toMatchObject([{ type: 'site.set-up', actor: ada, data: { name: 'Northwind' } }])
  await expect(does((it) => setUpSite(it, setUp))).rejects.toThrow('set up already')
})

test('in another zone the days of the past are counted again', async () => {
  const { db, does, opens, posts, clock, search } = await desk()
  const id = await opens({ components: [{ id: search, status: 'major_outage' }] })
  clock.advance('10h')
  await posts(id, { stage: 'resolved' })
  const days = () => db.selectFrom('component_days').select(['day', 'major']).orderBy('day').execute()
  expect(await days()).toEqual([{ day: '2026-11-21', major: 36_000 }])
  await does((it) => changeSite(it, { zone: 'Asia/Tehran' }))
  expect(await days()).toEqual([
    { day: '2026-11-21', major: 8.5 * 3600 },
    { day: '2026-11-22', major: 1.5 * 3600 },
  ])
  await does((it) => changeSite(it, { zone: 'America/Los_Angeles' }))
  expect(await days()).toEqual([{ day: '2026-11-21', major: 36_000 }])
})

test('only what changed is written down', async () => {
  const { does, events } = await desk()
  await does((it) =>
    changeSite(it, { name: 'Status', description: 'How we are', translations: { fr: { name: 'État' } } }),
  )
  await does((it) => changeSite(it, { description: 'How we are', translations: { fr: { name: 'État' } } }))
  expect(await events()).toMatchObject([{ type: 'site.changed', data: { fields: ['description', 'translations'] } }])
})
