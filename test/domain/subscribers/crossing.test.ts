import { expect, test } from 'vitest'
import { inTransaction } from '../../../src/database/database.ts'
import { claimDue } from '../../../src/domain/deliveries/claim.ts'
import { takeOutcomes } from '../../../src/domain/deliveries/outcomes.ts'
import { forget } from '../../../src/domain/subscribers/leaving.ts'
import { listens } from '../../telling.ts'
import { handsOut } from '../deliveries/outbox.ts'
import { desk } from '../desk.ts'

test('whoever leaves while it is written down what became of their letter has left', async () => {
  const here = await desk()
  const { db } = here
  const now = here.clock.now()
  const ids = Array.from({ length: 40 }, (_, index) => `reader${index}`)
  for (const id of ids) await listens(here, id)
  for (let round = 0; round < 3; round += 1) {
    await db.updateTable('subscribers').set({ failures: 1, failing_since: now }).execute()
    const number = await handsOut(here, { to: ids, thread: `incident:${round}` })
    await claimDue(db, { by: 'one', now, channel: 'email', audience: 'subscriber', most: 100 })
    const endings = ids.map((recipient) => ({
      numbers: [number],
      audience: 'subscriber' as const,
      channel: 'email' as const,
      isRepeat: false,
      recipient,
      outcome: { became: 'accepted' as const, code: '250' },
    }))
    const some = ids.splice(0, 12)
    await Promise.all([
      takeOutcomes(db, endings, { by: 'one', now, firstSeconds: 60 }),
      ...some.map((id) => inTransaction(db, (tx) => forget({ tx, now }, { id, address_hash: id }, 'left'))),
    ])
  }
  expect(await db.selectFrom('subscribers').select('id').execute()).toHaveLength(ids.length)
})
