import { expect, test } from 'vitest'
import { forgetUnconfirmed } from '../../../src/domain/subscribers/forgetting.ts'
import { desk } from '../desk.ts'
import { allListen } from '../../telling.ts'

test('a flood of addresses that never answered is forgotten while readers of the page are served', async () => {
  const it = await desk()
  await allListen(
    it,
    Array.from({ length: 2500 }, (_, number) => [`s${number}`, {}] as const),
  )
  await it.db.updateTable('subscribers').set({ confirmed_at: null, consented_at: null }).execute()
  it.clock.advance('25h')
  let served = 0
  let isOver = false
  const serve = (): void => {
    served += 1
    if (!isOver) setImmediate(serve)
  }
  setImmediate(serve)
  await forgetUnconfirmed(it)
  isOver = true
  expect(await it.db.selectFrom('subscribers').select('id').execute()).toEqual([])
  // Between its portions at least.
  expect(served).toBeGreaterThanOrEqual(5)
})
