import { expect, test } from 'vitest'
import { addPlace, choosePlaces, renamePlace, revokePlace } from '../../../src/domain/places/commands.ts'
import { beginSession, noteTaken } from '../../../src/domain/places/hearing.ts'
import { correspondent, listPlaces } from '../../../src/domain/places/queries.ts'
import { eventsAfter } from '../../../src/domain/changes/log.ts'
import { readVerdict } from '../../../src/domain/probes/verdicts/verdicts.ts'
import { batchOf, takeResults } from '../../../src/outbound/probing/take-results.ts'
import { ada, watched } from '../probes/watched.ts'
import { world } from '../../world.ts'

test('a place is added with a token that only says its number, and this machine is always there', async () => {
  const it = await world()
  const { number, token } = await it.change(ada, (change) => addPlace(change, { name: 'Lisbon' }))
  expect(token).toMatch(/^candor_place_1_/)
  expect((await listPlaces(it.db)).map((place) => [place.number, place.name])).toEqual([
    [0, 'Here'],
    [1, 'Lisbon'],
  ])
  const { key } = (await correspondent(it.db, it.vault, number))!
  expect(token.endsWith(key)).toBe(true)
  const kept = JSON.stringify([
    await it.db.selectFrom('places').selectAll().execute(),
    await eventsAfter(it.db, 0, 100),
  ])
  expect(kept).not.toContain(key)
})

test('a name stands once, and a number is never given again', async () => {
  const it = await world()
  const add = (name: string) => it.change(ada, (change) => addPlace(change, { name }))
  await add('Lisbon')
  await expect(add('lisbon')).rejects.toThrow('already')
  await it.change(ada, (change) => revokePlace(change, 1))
  expect((await add('Lisbon')).number).toBe(2)
  await add('Porto')
  await expect(it.change(ada, (change) => renamePlace(change, 3, { name: 'Lisbon' }))).rejects.toThrow('already')
  await it.change(ada, (change) => renamePlace(change, 3, { name: 'Braga' }))
  expect((await listPlaces(it.db)).map((place) => place.name)).toEqual(['Here', 'Lisbon', 'Braga'])
})

test('whoever was revoked is nobody any more, and this machine cannot be', async () => {
  const it = await world()
  await it.change(ada, (change) => addPlace(change, { name: 'Lisbon' }))
  await it.change(ada, (change) => revokePlace(change, 1))
  expect(await correspondent(it.db, it.vault, 1)).toBeNull()
  await expect(it.change(ada, (change) => revokePlace(change, 1))).rejects.toThrow('no such place')
  await expect(it.change(ada, (change) => revokePlace(change, 0))).rejects.toThrow('cannot be revoked')
  expect(await correspondent(it.db, it.vault, 0)).toBeNull()
})

test('a batch of a process that no longer speaks for a place is not noted', async () => {
  const it = await world()
  await it.change(ada, (change) => addPlace(change, { name: 'Lisbon' }))
  const first = await beginSession(it.db, 1)
  await noteTaken(it.db, 1, first, 3)
  expect((await correspondent(it.db, it.vault, 1))?.lastBatch).toBe(3)
  const second = await beginSession(it.db, 1)
  await noteTaken(it.db, 1, first, 4)
  expect(await correspondent(it.db, it.vault, 1)).toMatchObject({ session: second, lastBatch: 0 })
})

test('a place that was revoked, or is not chosen, has no say any more', async () => {
  const it = await watched()
  await it.change(ada, (change) => addPlace(change, { name: 'Lisbon' }))
  const finds = async (place: number, outcome: 'pass' | 'fail') => {
    for (let count = 0; count < 5; count += 1) {
      it.clock.advance('20s')
      const reason = outcome === 'fail' ? 'timeout' : null
      await takeResults(
        it,
        batchOf([{ probeId: it.id, ageMs: 0, outcome, reason, ms: 5, code: null }], it.clock),
        place,
      )
    }
    await it.jobs()
  }
  const state = async () => (await readVerdict(it.db, it.id))?.state
  await finds(0, 'pass')
  await finds(1, 'fail')
  expect(await state()).toBe('up')
  await it.change(ada, (change) => choosePlaces(change, it.id, [1]))
  await it.jobs()
  expect(await state()).toBe('down')
  // What this machine finds now was not asked for.
  await finds(0, 'pass')
  expect(await state()).toBe('down')
  await it.change(ada, (change) => revokePlace(change, 1))
  await it.jobs()
  expect(await state()).toBe('unknown')
  await expect(it.change(ada, (change) => choosePlaces(change, it.id, [1]))).rejects.toThrow('no such place')
  await expect(it.change(ada, (change) => choosePlaces(change, it.id, []))).rejects.toThrow('pause it')
})
