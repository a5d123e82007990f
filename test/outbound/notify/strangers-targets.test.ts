import { expect, test } from 'vitest'
import { inTransaction } from '../../../src/database/database.ts'
import { queueLetter } from '../../../src/domain/deliveries/queue.ts'
import { addSubscribers } from '../../../src/domain/subscribers/adding.ts'
import { usualWishes } from '../../../src/domain/subscribers/input.ts'
import { handsOut, isCalled } from '../../domain/deliveries/outbox.ts'
import { world } from '../../world.ts'
import { deliversDue, isReached, reachingWorld } from './reached.ts'
import { receiver } from './receiver.ts'

test('networks that probes may reach are closed to where strangers say that we shall write, and open to operators', async () => {
  const here = await reachingWorld()
  const program = await receiver()
  const target = (path: string) => ({ url: `${program.url}/${path}`, secret: `whsec_${'A'.repeat(43)}=` })
  for (const source of ['form', 'api', 'import', 'operator'] as const) {
    await isReached(here, source, 'webhook', target(source))
    await here.db.updateTable('subscribers').set({ source }).where('id', '=', source).execute()
  }
  await isCalled(here, 'way', 'webhook', target('way'))
  await handsOut(here, { to: ['form', 'api', 'import', 'operator'], channel: 'webhook' })
  const letter = { audience: 'operator', recipient: 'way', channel: 'webhook', thread: 'way' } as const
  await inTransaction(here.db, (tx) =>
    queueLetter({ tx, now: here.clock.now() }, { ...letter, payload: { kind: 'test', by: 'op' } }),
  )
  await deliversDue(here)
  expect(program.received.map(({ path }) => path).toSorted()).toEqual(['/import', '/operator', '/way'])
  const refused = here.db.selectFrom('deliveries').select(['recipient', 'reason']).where('reason', 'is not', null)
  expect(await refused.orderBy('recipient').execute()).toEqual([
    { recipient: 'api', reason: 'private address' },
    { recipient: 'form', reason: 'private address' },
  ])
})

test('what signed up itself leads into such a network once an operator adds it, and a letter goes on saying where it came from', async () => {
  const here = await world()
  const bring = async (source: 'api' | 'operator' | 'import', channel: 'webhook' | 'email') => {
    const wishes = usualWishes({ locale: 'en', zone: 'UTC' })
    const target = channel === 'email' ? { address: 'cy@example.org' } : { url: 'https://hooks.inside.example/' }
    const [one] = await here.change({ kind: 'setup' }, (change) =>
      addSubscribers(change, [{ channel, target, wishes, consentedAt: change.now }], source),
    )
    return one?.became
  }
  for (const channel of ['webhook', 'email'] as const) {
    expect(await bring('api', channel)).toBe('added')
    await here.db.updateTable('subscribers').set({ source: 'form' }).where('channel', '=', channel).execute()
    for (const source of ['api', 'operator', 'import'] as const) expect(await bring(source, channel)).toBe('known')
  }
  const rows = await here.db.selectFrom('subscribers').select(['channel', 'source']).orderBy('channel').execute()
  expect(rows).toEqual([
    { channel: 'email', source: 'form' },
    { channel: 'webhook', source: 'operator' },
  ])
})
