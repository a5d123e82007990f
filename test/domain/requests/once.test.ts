import { describe, expect, test } from 'vitest'
import { openIncident } from '../../../src/domain/incidents/commands.ts'
import { type Once, forgetRequests, once } from '../../../src/domain/requests/once.ts'
import { world } from '../../world.ts'

// That the calls of the API rest on it is seen in test/web/api.
async function programs() {
  const here = await world()
  const robot = { kind: 'token', id: 'robot', name: 'Robot' } as const
  const opens = (given: Partial<Once> = {}) =>
    here.change(robot, (it) =>
      once(it, { tokenId: 'robot', key: 'a', request: ['POST', { name: 'Slow' }], ...given }, async () => ({
        id: await openIncident(it, { name: 'Slow', body: 'We look.', stage: 'investigating' }),
      })),
    )
  const count = async (table: 'incidents' | 'updates' | 'requests_once' | 'ledger') =>
    (await here.db.selectFrom(table).selectAll().execute()).length
  return { ...here, robot, opens, count }
}

describe('a request with a key', () => {
  test('is carried out once, and answered the same again', async () => {
    const { opens, count } = await programs()
    const first = await opens()
    expect(first.isAgain).toBe(false)
    expect(await opens()).toEqual({ answer: first.answer, isAgain: true })
    expect([await count('incidents'), await count('updates')]).toEqual([1, 1])
  })

  test('fifty times at once is one incident, one update, one entry of the ledger', async () => {
    const { opens, count } = await programs()
    const before = await count('ledger')
    const answers = await Promise.all(Array.from({ length: 50 }, () => opens()))
    expect(new Set(answers.map(({ answer }) => answer.id)).size).toBe(1)
    expect(answers.filter(({ isAgain }) => !isAgain)).toHaveLength(1)
    expect([await count('incidents'), await count('updates'), (await count('ledger')) - before]).toEqual([1, 1, 1])
  })

  test('that now asks for something else is refused', async () => {
    const { opens, count } = await programs()
    await opens()
    await expect(opens({ request: ['POST', { name: 'Gone' }] })).rejects.toThrow('was used for another request')
    expect(await count('incidents')).toBe(1)
  })

  test('does not care in which order a program writes its fields', async () => {
    const { opens } = await programs()
    await opens({ request: { a: 1, b: 2 } })
    expect((await opens({ request: { b: 2, a: 1 } })).isAgain).toBe(true)
  })

  test('of another token is another request', async () => {
    const { opens, count } = await programs()
    await opens()
    await opens({ tokenId: 'other' })
    expect(await count('incidents')).toBe(2)
  })

  test('that failed left nothing behind, and may be sent again', async () => {
    const { change, robot, opens, count } = await programs()
    const fails = change(robot, (it) =>
      once(it, { tokenId: 'robot', key: 'a', request: null }, () => Promise.reject(new Error('The disk is full.'))),
    )
    await expect(fails).rejects.toThrow('The disk is full.')
    expect(await count('requests_once')).toBe(0)
    expect((await opens()).isAgain).toBe(false)
  })

  test('is forgotten after a day', async () => {
    const { opens, clock, db, count } = await programs()
    await opens()
    clock.advance('23h')
    await forgetRequests(db, clock)
    expect((await opens()).isAgain).toBe(true)
    clock.advance('1h')
    // Although nobody has forgotten it yet.
    expect((await opens()).isAgain).toBe(false)
    clock.advance('24h')
    await forgetRequests(db, clock)
    expect(await count('requests_once')).toBe(0)
  })
})
