import { expect, test } from 'vitest'
import { joinsOf } from '../../../src/domain/deliveries/claim.ts'
import { channelKinds } from '../../../src/domain/subscribers/channel.ts'
import { channelOf } from '../../../src/outbound/notify/channels/index.ts'

test.each(channelKinds)('by %s, what waits is joined as its channel says', async (kind) => {
  const { joins } = await channelOf(kind)
  expect(joinsOf(kind)).toBe(joins)
})
