import type { Target } from '../../../domain/subscribers/channel.ts'
import { millisecondsOf, wallClock } from '../../../lib/clock.ts'
import type { Channel, Outcome, SendingParts } from '../channel.ts'
import type { Letter } from '../letter.ts'
import { destinationOf, postJsonText } from '../post.ts'
import { signedHeaders } from '../standard-webhooks.ts'
import { statuspagePayloads } from './statuspage-payload.ts'
import { type Posted, webhookPayload } from './webhook-payload.ts'

/**
 * Posts JSON to a program, signed as Standard Webhooks prescribes: docs/webhooks.md. `target.format` `statuspage` sends the
 * payloads that programs written for Statuspage read.
 */
export const webhook: Channel = {
  kind: 'webhook',
  joins: 'no',
  destination: destinationOf,
  async send(letter, target, parts) {
    const [first, ...rest] = payloadsOf(letter, target)
    if (!first) return nothing
    const outcome = await postSigned(first, target, parts)
    // When it fails midway, all of it is sent again, under the same names.
    for (let next = 0; next < rest.length && outcome.became === 'accepted'; next += atOnce) {
      const some = rest.slice(next, next + atOnce).map((posted) => postSigned(posted, target, parts))
      const failed = (await Promise.all(some)).find(({ became }) => became !== 'accepted')
      if (failed) return failed
    }
    return outcome
  },
}

/** Components that changed together have no order among them. */
const atOnce = 8
const nothing: Outcome = { became: 'never', reason: 'our own fault', code: null, ends: null }

function payloadsOf(letter: Letter, { format }: Target): readonly Posted[] {
  // What asks for a yes has no form there.
  if (format === 'statuspage' && letter.kind === 'told') return statuspagePayloads(letter)
  return [{ id: letter.key, payload: webhookPayload(letter) }]
}

function postSigned({ id, payload }: Posted, target: Target, parts: SendingParts): Promise<Outcome> {
  const { url = '', secret, secretBefore } = target
  const body = JSON.stringify(payload)
  const timestamp = Math.floor(millisecondsOf(wallClock.now()) / 1000)
  const secrets = [secret ?? '', ...(secretBefore ?? '').split(' ')].filter((one) => one !== '')
  return postJsonText(parts, { url, headers: signedHeaders(secrets, { id, timestamp, body }), body })
}
