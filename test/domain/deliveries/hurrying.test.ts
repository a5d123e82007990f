import { expect, test } from 'vitest'
import { isHeldUp, tryNow } from '../../../src/domain/deliveries/hurrying.ts'
import { resendFailed } from '../../../src/domain/deliveries/log.ts'
import { later } from '../../../src/lib/clock.ts'
import { isSQLite } from '../../database.ts'
import { allListen, listens } from '../../telling.ts'
import { type World, world } from '../../world.ts'
import { handsOut } from './outbox.ts'

const me = { kind: 'command', name: 'test' } as const

test('what is tried now counts nobody who paused, was given up or has yet to be reached elsewhere', async () => {
  const here = await world()
  const { db, clock } = here
  const asides = { paused: 'paused_at', 'given-up': 'disabled_at' } as const
  for (const id of ['ada', 'moved', ...Object.keys(asides)]) await listens(here, id)
  const one = await handsOut(here, { to: ['ada', 'moved', ...Object.keys(asides)], dueAt: later(clock.now(), 3600) })
  await db.updateTable('deliveries').set({ reason: 'unreachable', attempts: 1 }).execute()
  await db.updateTable('subscribers').set({ confirmed_at: null }).where('id', '=', 'moved').execute()
  for (const [id, column] of Object.entries(asides)) {
    await db
      .updateTable('subscribers')
      .set({ [column]: clock.now() })
      .where('id', '=', id)
      .execute()
  }
  expect(await tryNow(here, me, one)).toBe(1)
  expect(await dueNow(here)).toEqual(['ada'])
  // What waits for nobody who could get it offers nothing to press.
  expect(await isHeldUp(db, one, clock.now())).toBe(false)
  await expect(tryNow(here, me, one)).rejects.toThrow('Nothing waits')
})

// A server lets others in anyway; a file has one connection.
test.skipIf(!isSQLite)(
  'however many wait or failed, others write between the portions in which it is tried',
  async () => {
    const here = await world()
    const { db, clock } = here
    const ids = Array.from({ length: 600 }, (_, index) => `sub${String(index).padStart(4, '0')}`)
    await allListen(
      here,
      ids.map((id) => [id, {}]),
    )
    const one = await handsOut(here, { to: ids, dueAt: later(clock.now(), 3600) })
    await db.updateTable('deliveries').set({ reason: 'unreachable', attempts: 1 }).execute()
    /** How many are due when somebody else has written something meanwhile. */
    const beside = async (work: Promise<number>): Promise<[number, number]> => {
      await here.change(me, ({ record }) =>
        record({ type: 'message.hurried', subject: 'x', data: { name: 'x', recipients: 0 } }),
      )
      const seen = (await dueNow(here)).length
      return [seen, await work]
    }
    const [seen, count] = await beside(tryNow(here, me, one))
    expect(count).toBe(600)
    expect(seen).toBeLessThan(600)
    expect(await dueNow(here)).toHaveLength(600)

    await db.updateTable('deliveries').set({ done_at: clock.now(), outcome: 'failed' }).execute()
    const [again, resent] = await beside(resendFailed(here, me, { number: one }))
    expect(resent).toBe(600)
    expect(again).toBeLessThan(600)
    expect(await dueNow(here)).toHaveLength(600)
  },
)

async function dueNow({ db, clock }: World): Promise<string[]> {
  const rows = await db
    .selectFrom('deliveries')
    .select('recipient')
    .where('due_at', '<=', clock.now())
    .where('done_at', 'is', null)
    .orderBy('recipient')
    .execute()
  return rows.map(({ recipient }) => recipient)
}
