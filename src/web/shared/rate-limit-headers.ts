import type { FastifyReply } from 'fastify'
import { TooMany } from '../../lib/errors.ts'
import type { Standing } from '../../lib/rate-limit.ts'

/** Says on an answer how many are left, and when to come back where none is (draft-ietf-httpapi-ratelimit-headers-11). */
export function tellLimit(reply: FastifyReply, standing: Standing): Standing {
  const { policy, isOver, left, wait } = standing
  void reply.headers({
    'ratelimit-policy': `"${policy.name}";q=${policy.most};w=${policy.seconds}`,
    ratelimit: `"${policy.name}";r=${left};t=${wait}`,
    ...(isOver ? { 'retry-after': String(wait) } : {}),
  })
  return standing
}

/** The same for faces that make answers of what is thrown. */
export function holdTo(reply: FastifyReply, standing: Standing, what: string): void {
  if (tellLimit(reply, standing).isOver)
    throw new TooMany(`${what} Try again in ${inSeconds(standing)}.`, standing.wait)
}

export function inSeconds({ wait }: Standing): string {
  return wait === 1 ? 'a second' : `${wait} seconds`
}
