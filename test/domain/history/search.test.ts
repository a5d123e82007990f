import { describe, expect, test } from 'vitest'
import { changeComponent } from '../../../src/domain/components/commands.ts'
import { createHistorySearch, termsOf } from '../../../src/domain/history/search.ts'
import type { HistoryKind } from '../../../src/domain/history/texts.ts'
import { openIncident, postUpdate } from '../../../src/domain/incidents/commands.ts'
import { type Northwind, northwind } from '../../web/northwind.ts'

async function searcher(limit?: number) {
  const here = await northwind()
  const history = createHistorySearch(here.db, limit)
  const finds = (typed: string, more: { componentId?: string; kind?: HistoryKind } = {}) =>
    namesFound(here, history, typed, more)
  return { ...here, history, finds }
}

async function namesFound(
  here: Northwind,
  history: ReturnType<typeof createHistorySearch>,
  typed: string,
  more: { componentId?: string; kind?: HistoryKind },
): Promise<string[]> {
  const { componentId = null, kind = null } = more
  const { found } = await history.find({ terms: termsOf(typed), componentId, kind }, await here.readSnapshot())
  const names = new Map<string, string>()
  for (const table of ['incidents', 'maintenances'] as const) {
    for (const { id, name } of await here.db.selectFrom(table).select(['id', 'name']).execute()) names.set(id, name)
  }
  return found.map(({ id }) => names.get(id) ?? id)
}

describe('a search', () => {
  test('finds words of titles, updates and systems, newest first, whatever their case and accents', async () => {
    const { finds } = await searcher()
    expect(await finds('')).toEqual([
      'A larger search index',
      'New cables',
      'Cards are declined',
      'New ledgers',
      'Moving the archive',
      'Search is slow',
    ])
    expect(await finds('ACQUIRÉRS')).toEqual(['Cards are declined'])
    expect(await finds('one slow index')).toEqual(['Search is slow'])
    expect(await finds('payouts')).toEqual(['New ledgers', 'Moving the archive'])
    // In the name of the group that its system is in.
    expect(await finds('giving payments')).toEqual([])
    expect(await finds('payments declined')).toEqual(['Cards are declined'])
    expect(await finds('nothing of the kind')).toEqual([])
  })

  test('is narrowed to a system and to a kind', async () => {
    const { finds, search } = await searcher()
    expect(await finds('', { componentId: search })).toEqual(['A larger search index', 'Search is slow'])
    expect(await finds('', { kind: 'incident' })).toEqual(['Cards are declined', 'Search is slow'])
    expect(await finds('slow', { kind: 'maintenance' })).toEqual([])
  })

  test('knows a new word, a new title and a new name as soon as they are published', async () => {
    const { finds, does, db, cards } = await searcher()
    expect(await finds('terminal')).toEqual([])
    const { id } = await db
      .selectFrom('incidents')
      .select('id')
      .where('name', '=', 'Cards are declined')
      .executeTakeFirstOrThrow()
    await does((it) => postUpdate(it, id, { stage: 'update', body: 'Terminals work again.' }))
    expect(await finds('terminal')).toEqual(['Cards are declined'])
    await does((it) => openIncident(it, { name: 'Late receipts', stage: 'investigating', body: 'ظرف ۲ ساعت' }))
    expect(await finds('receipts')).toEqual(['Late receipts'])
    expect(await finds('2 ساعت')).toEqual(['Late receipts'])
    await does((it) => changeComponent(it, cards, { name: 'Plastic money' }))
    expect(await finds('plastic')).toEqual(['Cards are declined'])
  })

  test('begins anew where the database no longer knows what it read, since a copy took over that lacks it', async () => {
    const { finds, does, history, readSnapshot } = await searcher()
    const snapshot = await readSnapshot()
    const before = { ...snapshot, version: snapshot.version + 5 }
    await history.find({ terms: [], componentId: null, kind: null }, before)
    await does((it) => openIncident(it, { name: 'Late receipts', stage: 'investigating', body: 'They are late.' }))
    expect(await finds('receipts')).toEqual(['Late receipts'])
  })

  test('begins anew also where nobody searched until as much had happened again', async () => {
    const { finds, does, history, readSnapshot } = await searcher()
    const snapshot = await readSnapshot()
    await history.find({ terms: [], componentId: null, kind: null }, { ...snapshot, version: snapshot.version + 5 })
    for (let count = 0; count < 8; count += 1) {
      await does((it) => openIncident(it, { name: 'Late receipts', stage: 'investigating', body: 'They are late.' }))
    }
    expect(await finds('receipts')).toHaveLength(8)
  })

  test('reads everything once for all who come meanwhile', async () => {
    const { history, readSnapshot } = await searcher()
    const snapshot = await readSnapshot()
    const wanted = { terms: ['slow'], componentId: null, kind: null }
    const found = await Promise.all(Array.from({ length: 20 }, () => history.find(wanted, snapshot)))
    expect(new Set(found.map((one) => one.found[0]))).toHaveProperty('size', 1)
  })

  test('keeps no more words than it may, the newest ones, and says how far back they reach', async () => {
    const { finds, history, readSnapshot } = await searcher(150)
    expect(await finds('')).toEqual([])
    const { since } = await history.find({ terms: [], componentId: null, kind: null }, await readSnapshot())
    expect(since).toBe('2026-11-25T23:00:00.000Z')
  })
})

test('what was typed costs no more than its first 200 letters and eight words', () => {
  expect(termsOf('  Card, CARD payments!  ')).toEqual(['card', 'payments'])
  expect(termsOf('a b c d e f g h i j')).toHaveLength(8)
  expect(termsOf('x'.repeat(100_000))).toEqual(['x'.repeat(200)])
  expect(termsOf('…—!')).toEqual([])
})
