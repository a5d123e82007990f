import { expect, test } from 'vitest'
import { changeNotice, endNotice, publishNotice } from '../../../src/domain/notices/commands.ts'
import {
  currentNotices,
  noticesNotOver,
  noticesOver,
  readNotice,
  recentNotices,
} from '../../../src/domain/notices/queries.ts'
import { desk } from '../desk.ts'

test('a notice is shown from its beginning to its end', async () => {
  const { does, db, clock } = await desk()
  const window = { shownFrom: '2026-11-21T13:00:00Z', shownUntil: '2026-11-21T14:00:00Z' }
  const id = await does((it) => publishNotice(it, { name: 'Holidays', body: 'Support is closed.', ...window }))
  expect(await currentNotices(db, clock.now())).toEqual([])
  expect(await noticesNotOver(db, clock.now())).toMatchObject([{ id }])
  clock.advance('1h')
  expect(await currentNotices(db, clock.now())).toMatchObject([{ id, name: 'Holidays' }])
  clock.advance('1h')
  expect(await currentNotices(db, clock.now())).toEqual([])
})

test('the newest notice comes first, whether it ends or lasts', async () => {
  const { does, db, clock } = await desk()
  const first = await does((it) => publishNotice(it, { name: 'First', body: 'Lasts.' }))
  clock.advance('1m')
  const second = await does((it) =>
    publishNotice(it, { name: 'Second', body: 'Ends.', shownUntil: '2026-11-22T00:00:00Z' }),
  )
  expect((await currentNotices(db, clock.now())).map(({ id }) => id)).toEqual([second, first])
})

test('a notice is changed and ended, each with its event', async () => {
  const { does, db, clock, events } = await desk()
  const id = await does((it) =>
    publishNotice(it, { name: 'Old', body: 'Words.', translations: { fr: { name: 'Vieux', body: 'Mots.' } } }),
  )
  await does((it) => changeNotice(it, id, { name: 'New' }))
  expect(await currentNotices(db, clock.now())).toMatchObject([
    { name: 'New', translations: { fr: { body: 'Mots.' } } },
  ])
  clock.advance('1m')
  await does((it) => endNotice(it, id))
  expect(await currentNotices(db, clock.now())).toEqual([])
  expect((await events()).map(({ type }) => type)).toEqual(['notice.published', 'notice.changed', 'notice.ended'])
  await expect(does((it) => endNotice(it, id))).rejects.toThrow('is over')
  await expect(does((it) => changeNotice(it, id, { name: 'Newer' }))).rejects.toThrow('is over')
})

test('what readers saw is kept as it was, and they see that it was changed', async () => {
  const { does, db, clock } = await desk()
  const id = await does((it) =>
    publishNotice(it, { name: 'Holidays', body: 'Closed on Monday.', shownFrom: '2026-11-21T13:00:00Z' }),
  )
  await does((it) => changeNotice(it, id, { body: 'Closed on Tuesday.' }))
  expect(await readNotice(db, id)).toMatchObject({ changedAt: null, revisions: [] })
  clock.advance('2h')
  await does((it) => changeNotice(it, id, { shownUntil: '2026-11-24T00:00:00Z', pinned: 'yes' }))
  await does((it) => changeNotice(it, id, { translations: { fr: { body: 'Fermé mardi.' } } }))
  expect(await readNotice(db, id)).toMatchObject({ changedAt: null, revisions: [] })
  await does((it) => changeNotice(it, id, { body: 'Closed on Wednesday.' }))
  expect(await readNotice(db, id)).toMatchObject({
    changedAt: '2026-11-21T14:00:00.000Z',
    revisions: [
      {
        before: { texts: { en: 'Closed on Tuesday.', fr: 'Fermé mardi.' } },
        after: { texts: { en: 'Closed on Wednesday.' } },
      },
    ],
  })
})

test('a pinned notice stands above newer ones, for as long as it is pinned', async () => {
  const { does, db, clock } = await desk()
  const pinned = await does((it) => publishNotice(it, { name: 'Moving', body: 'We move.', pinned: 'yes' }))
  clock.advance('1m')
  const newer = await does((it) => publishNotice(it, { name: 'Newer', body: 'And more.' }))
  const order = async () => (await currentNotices(db, clock.now())).map(({ id }) => id)
  expect(await order()).toEqual([pinned, newer])
  await does((it) => changeNotice(it, pinned, { pinned: 'no' }))
  expect(await order()).toEqual([newer, pinned])
})

test('the last ones are known when they are over, but not before they were shown, nor if they never were', async () => {
  const { does, db, clock } = await desk()
  const [from, until] = ['2026-11-22T00:00:00Z', '2026-11-23T00:00:00Z']
  const id = await does((it) => publishNotice(it, { name: 'Soon', body: 'Soon.', shownFrom: from, shownUntil: until }))
  const never = await does((it) => publishNotice(it, { name: 'Never', body: 'Never.', shownFrom: from }))
  await does((it) => endNotice(it, never))
  const known = async () => (await recentNotices(db, clock.now(), 50)).map((one) => one.id)
  expect(await known()).toEqual([])
  clock.set('2026-11-24T00:00:00Z')
  expect(await known()).toEqual([id])
  expect((await noticesOver(db, clock.now(), 10)).map((one) => one.id)).toEqual([id])
})
