import { parseNetwork } from '../../../src/lib/guard.ts'
import { resolver } from '../../../src/lib/resolver.ts'
import type { ChannelKind, Target } from '../../../src/domain/subscribers/channel.ts'
import { sealTarget } from '../../../src/domain/subscribers/addresses.ts'
import { deliverDue } from '../../../src/outbound/notify/deliver-due.ts'
import { type Means, meansOf } from '../../../src/outbound/notify/means.ts'
import { type Listening, listens } from '../../telling.ts'
import { type World, world } from '../../world.ts'

/** A world whose letters reach loopback. */
export async function reachingWorld(): Promise<World> {
  return world({ CANDOR_EGRESS_ALLOW: '127.0.0.0/8' })
}

/** A confirmed subscriber with a way to reach them, whom an operator added. */
export async function isReached(
  here: World,
  id: string,
  channel: ChannelKind,
  target: Target,
  wishes: Listening = {},
): Promise<void> {
  await listens(here, id, { ...wishes, channel })
  const sealed = sealTarget(here.vault, id, target)
  await here.db
    .updateTable('subscribers')
    .set({ target_sealed: sealed, source: 'operator' })
    .where('id', '=', id)
    .execute()
}

export function meansFor(here: World, more: Partial<Means> = {}): Means {
  return { ...meansOf(here.config, here.key), ...more }
}

/** Sends what is due, here and now. */
export async function deliversDue(here: World, more: Partial<Means> = {}, slowMs?: number): Promise<void> {
  const allow = [parseNetwork('127.0.0.0/8')].filter((network) => network !== null)
  const egress = { resolver: resolver({ servers: ['127.0.0.1:9'], hostsFile: '/dev/null' }), allow }
  await deliverDue({ ...here, means: meansFor(here, more), egress, ...(slowMs === undefined ? {} : { slowMs }) })
}
