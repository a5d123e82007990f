import { expect, test } from 'vitest'
import { keepRevision } from '../../../src/domain/revisions/commands.ts'
import { revisionsByOwner, revisionsOf } from '../../../src/domain/revisions/queries.ts'
import { desk } from '../desk.ts'

test('a revision keeps what was said before, by whom and why it was corrected', async () => {
  const { db, does, opens } = await desk()
  const id = await opens()
  const correction = { before: { name: 'Serach is slow' }, after: { name: 'Search is slow' } }
  const reason = { reason: 'It was the search.', translations: { fr: { reason: 'C’était la recherche.' } } }
  const kept = await does((it) => keepRevision(it, { of: 'incident', subject: id, reason, ...correction }))
  await does((it) =>
    keepRevision(it, { of: 'update', subject: 'u', owner: id, reason: null, shown: 'no', ...correction }),
  )
  const expected = {
    id: kept,
    of: 'incident',
    subject: id,
    owner: id,
    at: '2026-11-21T12:00:00.000Z',
    author: 'Ada',
    ...reason,
    shown: 'yes',
    annulment: null,
    ...correction,
  }
  expect(await revisionsOf(db, id)).toEqual([expected])
  expect(await revisionsOf(db, 'u')).toMatchObject([{ owner: id, shown: 'no' }])
  expect(await revisionsByOwner(db, [id, 'another'])).toEqual(new Map([[id, [expected]]]))
})
