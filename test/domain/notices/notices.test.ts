import { expect, test } from 'vitest'
import { changeNotice, endNotice, publishNotice } from '../../../src/domain/notices/commands.ts'
import { currentNotices, noticesNotOver } from '../../../src/domain/notices/queries.ts'
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
