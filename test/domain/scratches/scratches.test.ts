import { expect, test } from 'vitest'
import { createAccount } from '../../../src/domain/accounts/commands.ts'
import { forgetOldScratches, forgetScratch, keepScratch } from '../../../src/domain/scratches/commands.ts'
import { readScratch, scratchesOf, scratchesOn } from '../../../src/domain/scratches/queries.ts'
import { mostScratches, subjectOf, wordsIn } from '../../../src/domain/scratches/scratch.ts'
import { later } from '../../../src/lib/clock.ts'
import { type World, world } from '../../world.ts'

test('what somebody writes is kept, and goes up with each saving', async () => {
  const { it, ada, keeps } = await writers()
  expect(await keeps(ada, 'Card pay', 0)).toEqual({ outcome: 'kept', version: 1 })
  it.clock.advance('10s')
  expect(await keeps(ada, 'Card payments fail.', 1)).toEqual({ outcome: 'kept', version: 2 })
  expect(await readScratch(it.db, { subject: 'incident', accountId: ada })).toEqual({
    subject: 'incident',
    accountId: ada,
    name: 'Ada',
    form: { body: 'Card payments fail.' },
    version: 2,
    beganAt: '2026-11-21T12:00:00.000Z',
    updatedAt: '2026-11-21T12:00:10.000Z',
  })
})

test('two people write at once in the same place, and each keeps their own', async () => {
  const { it, ada, ben, keeps } = await writers()
  await keeps(ada, 'Mine', 0)
  it.clock.advance('1m')
  await keeps(ben, 'Also mine', 0)
  const since = later(it.clock.now(), -3600)
  expect(await scratchesOn(it.db, 'incident', since)).toMatchObject([
    { name: 'Ada', form: { body: 'Mine' } },
    { name: 'Ben', form: { body: 'Also mine' } },
  ])
  expect(await scratchesOn(it.db, 'incident', later(it.clock.now(), -30))).toMatchObject([{ name: 'Ben' }])
  expect(await scratchesOn(it.db, 'update:x', since)).toEqual([])
})

test('a second window of the same person overwrites nothing, and is given what the first one saved', async () => {
  const { it, ada, keeps } = await writers()
  await keeps(ada, 'From the first window', 0)
  expect(await keeps(ada, 'From the second', 0)).toMatchObject({
    outcome: 'elsewhere',
    scratch: { form: { body: 'From the first window' }, version: 1 },
  })
  expect(await keeps(ada, 'From the first window', 0)).toEqual({ outcome: 'kept', version: 1 })
  expect(await keeps(ada, 'From the second', null)).toEqual({ outcome: 'kept', version: 2 })
  expect(await scratchesOf(it.db, ada)).toMatchObject([{ form: { body: 'From the second' } }])
})

test('what was said or thrown away does not come back with a saving that was late', async () => {
  const { it, ada, keeps } = await writers()
  await keeps(ada, 'Said', 0)
  await it.change({ kind: 'clock' }, (change) => forgetScratch(change, { subject: 'incident', accountId: ada }))
  expect(await keeps(ada, 'Said', 1)).toEqual({ outcome: 'gone' })
  expect(await scratchesOf(it.db, ada)).toEqual([])
})

test('it is told by what was written now, not by what stands already in the same form', () => {
  const form = { name: 'Index rebuild', body: 'Search is read-only.', word: '' }
  expect(wordsIn(form)).toBe('Search is read-only.')
  expect(wordsIn({ ...form, word: 'It moves to Wednesdays.' })).toBe('It moves to Wednesdays.')
})

test('it is bounded: in size, in number, and in days', async () => {
  const { it, ada, keeps } = await writers()
  await expect(keeps(ada, 'x'.repeat(200_001), 0)).rejects.toThrow('at most 200000 characters')
  await expect(keeps(ada, 'x', 0, 'somewhere')).rejects.toThrow('no such place')
  for (let count = 0; count <= mostScratches; count += 1) {
    it.clock.advance('1s')
    await keeps(ada, `The ${count}.`, 0, `update:i${count}`)
  }
  const kept = await scratchesOf(it.db, ada)
  expect(kept).toHaveLength(mostScratches)
  expect(kept.at(-1)?.subject).toBe('update:i1')
  it.clock.advance('29d')
  await keeps(ada, 'Again', 1, 'update:i3')
  it.clock.advance('2d')
  await forgetOldScratches(it.db, it.clock)
  expect(await scratchesOf(it.db, ada)).toMatchObject([{ subject: 'update:i3' }])
})

test('nothing of it is an event: nobody is told that somebody types', async () => {
  const { it, ada, keeps } = await writers()
  const before = await it.latestVersion()
  await keeps(ada, 'Not said', 0)
  expect(await it.latestVersion()).toBe(before)
  expect(JSON.stringify(await it.readSnapshot())).not.toContain('Not said')
})

test.each([
  ['incident', { kind: 'incident', ids: [] }],
  ['update:abc', { kind: 'update', ids: ['abc'] }],
  ['draft:abc', { kind: 'draft', ids: ['abc'] }],
  ['correction:abc/d-e_f', { kind: 'correction', ids: ['abc', 'd-e_f'] }],
  ['correction:abc', null],
  ['review:abc/def', null],
  ['constructor', null],
  ['update', null],
  ['incident:abc', null],
  ['update:../x', null],
])('the subject %s', (text, subject) => {
  expect(subjectOf(text)).toEqual(subject)
})

async function writers() {
  const it: World = await world()
  const [ada, ben] = await it.change({ kind: 'setup' }, async (change) => [
    await createAccount(change, { email: 'ada@example.org', name: 'Ada', role: 'owner', passwordHash: 'x' }),
    await createAccount(change, { email: 'ben@example.org', name: 'Ben', role: 'responder', passwordHash: 'x' }),
  ])
  const keeps = (accountId: string, body: string, version: number | null, subject = 'incident') =>
    it.change({ kind: 'clock' }, (change) => keepScratch(change, { subject, accountId, form: { body }, version }))
  return { it, ada: ada as string, ben: ben as string, keeps }
}
