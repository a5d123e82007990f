import type { Change } from '../changes/change.ts'
import { queueLetter } from '../deliveries/queue.ts'
import type { Vault } from '../../lib/vault.ts'
import type { ChannelKind, Target } from '../subscribers/channel.ts'

const purposeOf = (wayId: string): string => `alert target ${wayId}`

/** Where a way leads, as it is kept. */
export function sealWay(vault: Vault, id: string, target: Target): string {
  return vault.seal(JSON.stringify(target), purposeOf(id))
}

export function openWay(vault: Vault, id: string, sealed: string): Target {
  return JSON.parse(vault.open(sealed, purposeOf(id))) as Target
}

/** A message that says that it works, at once; one at a time. */
export async function queueTest(
  change: Pick<Change, 'tx' | 'now'>,
  { id, channel, by }: { readonly id: string; readonly channel: ChannelKind; readonly by: string },
): Promise<'queued' | 'on its way'> {
  const waiting = await change.tx
    .selectFrom('deliveries')
    .innerJoin('messages', 'messages.number', 'deliveries.message')
    .select('deliveries.message')
    .where('audience', '=', 'operator')
    .where('recipient', '=', id)
    .where('done_at', 'is', null)
    .where('messages.kind', '=', 'test')
    .limit(1)
    .executeTakeFirst()
  if (waiting) return 'on its way'
  const payload = { kind: 'test', by } as const
  await queueLetter(change, { payload, audience: 'operator', recipient: id, channel, thread: `test:${id}` })
  return 'queued'
}
