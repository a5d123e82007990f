import type { Message } from '../../domain/deliveries/message.ts'
import type { Became } from '../../domain/deliveries/outcomes.ts'
import type { Site } from '../../domain/site/site.ts'
import { type ChannelKind, type Target, anyHost } from '../../domain/subscribers/channel.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Egress } from '../../lib/egress.ts'
import type { Vault } from '../../lib/vault.ts'
import { type Fault, withoutWords } from '../../lib/without-words.ts'
import type { Channel } from './channel.ts'
import { channelOf } from './channels/index.ts'
import { compose } from './compose.ts'
import { type Destination, destination } from './destination.ts'
import type { Means } from './means.ts'
import type { Recipient } from './recipient.ts'
import type { Broken, Done, Errand, Load } from './wire.ts'

export interface SenderParts {
  readonly vault: Vault
  readonly url: string
  readonly means: Means
  readonly egress: Egress
  readonly clock: Clock
  /** Each letter that was taken is told of once. */
  done(done: Done): void
  broken(broken: Broken): void
  /** This one takes long: it is in the slow lane from now on, and takes no room from others. */
  slow(id: number): void
  /** A letter could not be made or sent, and nobody but us can be to blame. */
  fault(fault: Fault): void
  /** What counts as long; tests wait less. */
  readonly slowMs?: number
}

/** Composes letters and sends them, each destination in its own turn: one that hangs keeps no other waiting. */
export interface Sender {
  take(load: Load): void
  /** Letters that were taken and not told of yet. */
  underWay(): number
  /** Destinations that are spared at the moment. */
  brokenOnes(): number
  /** Gives back what has not begun, waits so long for what has, and hangs up. */
  stop(patienceMs: number): Promise<void>
}

/** How many letters one destination gets at a time. Mail has a pool of its own; who takes requests gets one after the other. */
const atOnce: Partial<Record<ChannelKind, number>> = { email: 24, 'web-push': 8, sms: 4 }
/** Where all of it leads to one place, as far as we are concerned. */
const oneWay: ReadonlySet<ChannelKind> = new Set(['email', 'sms', 'telegram'])
/** Claims end: what has waited so long for its turn is given back, and is not sent by two. */
const longestTurnMs = 45_000
/** Whatever a channel says of its own patience. */
const longestSendMs = 110_000
/** Whoever answers at all does so sooner. */
const longMs = 3000
/** So many in a channel may hang at a time without keeping others waiting; what more there is of them is put off. */
const mostSlow = 60
/** Destinations are forgotten when nothing was sent there for a while. */
const mostKnown = 2000

interface Waiting {
  readonly errand: Errand
  readonly channel: Channel
  readonly target: Target
  readonly messages: readonly Message[]
  readonly site: Site
  readonly since: number
}

export function sender(parts: SenderParts): Sender {
  const { vault, url, means, egress, clock, slowMs = longMs } = parts
  const stopping = new AbortController()
  const known = new Map<string, Destination<Waiting>>()
  const used = new Set<Channel>()
  /** How many are in the slow lane, by channel and audience. */
  const slow = new Map<string, number>()
  let underWay = 0
  let isStopping = false
  let idle = Promise.withResolvers<void>()

  function finish(id: number, outcome: Became): void {
    underWay -= 1
    parts.done({ id, outcome })
    if (underWay === 0) idle.resolve()
  }

  async function line(errand: Errand, { messages, site }: Pick<Load, 'messages' | 'site'>): Promise<void> {
    try {
      const channel = await channelOf(errand.channel)
      used.add(channel)
      const target = opened(vault, errand)
      const numbers = new Set(errand.numbers)
      const mine = messages.filter(({ number }) => numbers.has(number))
      const to = destinationOf(errand, channel.destination(target))
      const waiting = { errand, channel, target, messages: mine, site, since: performance.now() }
      const seconds = isStopping ? 0 : to.putOff(waiting.since, mayWait(to, errand))
      if (isStopping || seconds > 0) return finish(errand.id, { became: 'put off', reason: to.reason, seconds })
      to.waiting.push(waiting)
      turn(to)
    } catch (error) {
      parts.fault(withoutWords(error))
      finish(errand.id, { became: 'later', reason: 'our own fault', code: null })
    }
  }

  /** Subscribers, operators and accounts each have their own turns: what one of them does to a place, the others do not feel. */
  function destinationOf({ channel: kind, audience }: Errand, place: string): Destination<Waiting> {
    const key = `${kind} ${audience} ${place}`
    const found = known.get(key)
    if (found) return found
    if (known.size >= mostKnown) {
      for (const [other, one] of known) if (one.isAtRest()) known.delete(other)
    }
    const made = destination<Waiting>({ atOnce: atOnce[kind] ?? 1, isAll: oneWay.has(kind) })
    known.set(key, made)
    return made
  }

  /** Nobody waits behind one that hangs; and not all that are known to hang do so at once. */
  function mayWait({ isSlow, running }: Destination<Waiting>, errand: Errand): number | undefined {
    if (!isSlow) return undefined
    return running === 0 && (slow.get(laneOf(errand)) ?? 0) < mostSlow ? 1 : 0
  }

  /** Into the slow lane, as long as there is room in it; what waits behind it is put off. Answers whether it is there. */
  function slowDown(to: Destination<Waiting>, { errand }: Waiting): boolean {
    to.isSlow = true
    for (const { errand: behind } of to.waiting.splice(0)) {
      const seconds = isStopping ? 0 : to.putOff(performance.now(), 0)
      finish(behind.id, { became: 'put off', reason: to.reason, seconds })
    }
    const lane = laneOf(errand)
    const count = slow.get(lane) ?? 0
    if (count >= mostSlow) return false
    slow.set(lane, count + 1)
    parts.slow(errand.id)
    return true
  }

  /** Begins what may begin. */
  function turn(to: Destination<Waiting>): void {
    while (to.running < to.atOnce) {
      const next = to.waiting.shift()
      if (!next) return
      const { errand, since } = next
      const now = performance.now()
      const wait = isStopping ? 1 : to.breaker.wait(now)
      if (wait > 0 || now - since > longestTurnMs) {
        finish(errand.id, { became: 'put off', reason: to.reason, seconds: isStopping ? 0 : Math.max(1, wait / 1000) })
        continue
      }
      to.running += 1
      let isInSlowLane = to.isSlow && slowDown(to, next)
      const timer = oneWay.has(errand.channel) ? null : setTimeout(() => (isInSlowLane ||= slowDown(to, next)), slowMs)
      void send(next).then((outcome) => {
        to.running -= 1
        if (timer) clearTimeout(timer)
        if (isInSlowLane) slow.set(laneOf(errand), (slow.get(laneOf(errand)) ?? 1) - 1)
        if (performance.now() - now < slowMs) to.isSlow = false
        const broke = to.learn(outcome, performance.now() - now)
        if (broke) parts.broken({ channel: errand.channel, audience: errand.audience, ...broke })
        finish(errand.id, outcome)
        turn(to)
      })
    }
  }

  /** The machine's private networks are open to its operators: strangers would look around in them. */
  function egressFor({ channel, addressee }: Errand): Egress {
    return addressee.isSelfMade && anyHost.has(channel) ? { ...egress, allow: [] } : egress
  }

  async function send({ errand, channel, target, messages, site }: Waiting): Promise<Became> {
    const { promise: late, resolve } = Promise.withResolvers<Became>()
    const timer = setTimeout(resolve, longestSendMs, { became: 'later', reason: 'timed out', code: null } as const)
    try {
      const recipient = recipientOf(errand, target)
      const leaveTo = means.mail?.leaveTo ?? null
      const letter = compose(messages, recipient, { site, url, vault, leaveTo, now: clock.now() })
      const { signal } = stopping
      return await Promise.race([channel.send(letter, target, { egress: egressFor(errand), means, signal }), late])
    } catch (error) {
      parts.fault(withoutWords(error))
      return { became: 'later', reason: 'our own fault', code: null }
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    take({ errands, ...rest }) {
      if (underWay === 0) idle = Promise.withResolvers()
      underWay += errands.length
      for (const errand of errands) void line(errand, rest)
    },
    underWay: () => underWay,
    brokenOnes: () => [...known.values()].filter(({ breaker }) => breaker.isOpen()).length,
    async stop(patienceMs) {
      isStopping = true
      for (const to of known.values()) turn(to)
      const timer = setTimeout(() => stopping.abort(new Error('Candor stops.')), patienceMs)
      if (underWay > 0) await idle.promise
      clearTimeout(timer)
      await Promise.allSettled([...used].map(async (channel) => channel.close?.()))
    },
  }
}

const laneOf = ({ channel, audience }: Errand): string => `${channel} ${audience}`

function opened(vault: Vault, { addressee: { target } }: Errand): Target {
  return target.purpose === null ? target.open : (JSON.parse(vault.open(target.sealed, target.purpose)) as Target)
}

function recipientOf({ addressee, audience, channel, isFirst }: Errand, target: Target): Recipient {
  const { id, links, locale, zone, scope } = addressee
  return { id, links, audience, channel, target, locale, zone, scope, isFirst }
}
