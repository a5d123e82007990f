import { describe, expect, test } from 'vitest'
import { addAction, changeAction, completeAction, dropAction } from '../../../src/domain/reviews/actions.ts'
import { noteOverdueActions } from '../../../src/domain/reviews/overdue.ts'
import { openActions, readAction } from '../../../src/domain/reviews/queries.ts'
import { isOverdue } from '../../../src/domain/reviews/review.ts'
import { lookingBack } from './looking-back.ts'

async function promised() {
  const here = await lookingBack()
  await here.publishes()
  const add = (title: string, dueOn: string) => here.does((it) => addAction(it, here.incidentId, { title, dueOn }))
  return { ...here, add, action: async (id: string) => (await readAction(here.db, id))! }
}

describe('actions', () => {
  test('what is promised is due on a day that is still to come', async () => {
    const { add, db, incidentId, events } = await promised()
    await expect(add('Yesterday', '2026-11-20')).rejects.toThrow('This day has passed')
    const today = await add('Today', '2026-11-21')
    expect((await openActions(db)).map(({ id, incidentName }) => [id, incidentName])).toEqual([
      [today, 'Search is slow'],
    ])
    expect((await events()).at(-1)).toMatchObject({
      type: 'action.added',
      subject: incidentId,
      data: { name: 'Today', action: today },
    })
  })

  test('there is none before a review is published', async () => {
    const { does, incidentId } = await lookingBack()
    await expect(does((it) => addAction(it, incidentId, { title: 'Too early', dueOn: '2026-12-01' }))).rejects.toThrow(
      'publish the review first',
    )
  })

  test('a day that is moved stays readable as the one that was promised first', async () => {
    const { add, does, action, events } = await promised()
    const id = await add('Check indexes', '2026-11-30')
    await does((it) => changeAction(it, id, { dueOn: '2026-12-07' }))
    expect(await action(id)).toMatchObject({ dueOn: '2026-12-07', firstDueOn: '2026-11-30' })
    expect((await events()).at(-1)).toMatchObject({ type: 'action.changed', data: { fields: ['dueOn'] } })
  })

  test('one that is done says what was done; one that is given up says why', async () => {
    const { add, does, action, db, clock, events } = await promised()
    const one = await add('Check indexes', '2026-11-30')
    const other = await add('Buy more disks', '2026-11-30')
    clock.advance('2d')
    await does((it) =>
      completeAction(it, one, {
        word: 'Every index is checked.',
        translations: { fr: { word: 'Chaque index est vérifié.' } },
      }),
    )
    await does((it) => dropAction(it, other, { word: 'There is room enough.' }))
    expect(await action(one)).toMatchObject({
      state: 'done',
      word: 'Every index is checked.',
      translations: { fr: { word: 'Chaque index est vérifié.' } },
      settledAt: '2026-11-23T13:00:00.000Z',
    })
    expect(await action(other)).toMatchObject({ state: 'dropped', word: 'There is room enough.' })
    expect(await openActions(db)).toEqual([])
    expect((await events()).slice(-2).map(({ type }) => type)).toEqual(['action.done', 'action.dropped'])
    await expect(does((it) => dropAction(it, one, { word: 'No.' }))).rejects.toThrow('settled already')
  })

  test('a rewritten title loses its translations unless new ones come with it', async () => {
    const { add, does, action } = await promised()
    const id = await add('Check indexes', '2026-11-30')
    await does((it) => changeAction(it, id, { translations: { fr: { title: 'Vérifier les index' } } }))
    expect((await action(id)).translations).toEqual({ fr: { title: 'Vérifier les index' } })
    await does((it) => changeAction(it, id, { title: 'Check all indexes' }))
    expect((await action(id)).translations).toEqual({})
  })
})

describe('overdue', () => {
  test('a day is over when the next one begins where the site is', () => {
    const open = { state: 'open', dueOn: '2026-11-30' } as const
    expect(isOverdue(open, '2026-11-30')).toBe(false)
    expect(isOverdue(open, '2026-12-01')).toBe(true)
    expect(isOverdue({ ...open, state: 'done' }, '2026-12-01')).toBe(false)
  })

  test('it is noted once for each day that was promised', async () => {
    const here = await promised()
    const { add, does, clock, events, action, incidentId } = here
    const id = await add('Check indexes', '2026-11-23')
    const overdue = async () => (await events()).filter(({ type }) => type === 'action.overdue').map(({ data }) => data)
    clock.advance('2d')
    await noteOverdueActions(here)
    expect(await overdue()).toEqual([])
    clock.advance('11h')
    await noteOverdueActions(here)
    await noteOverdueActions(here)
    expect(await overdue()).toEqual([{ name: 'Check indexes', action: id, due: '2026-11-23' }])
    expect((await events()).at(-1)?.subject).toBe(incidentId)
    expect(await action(id)).toMatchObject({ overdueAt: '2026-11-24T00:00:00.000Z', state: 'open' })

    await does((it) => changeAction(it, id, { dueOn: '2026-11-25' }))
    clock.advance('2d')
    await noteOverdueActions(here)
    expect((await overdue()).at(-1)).toMatchObject({ due: '2026-11-25' })
  })
})
