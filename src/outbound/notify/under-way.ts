import type { Claim } from '../../domain/deliveries/claim.ts'
import type { Became, Ending } from '../../domain/deliveries/outcomes.ts'
import type { Audience } from '../../domain/deliveries/message.ts'
import type { Lane } from '../../domain/deliveries/waiting.ts'
import type { ChannelKind } from '../../domain/subscribers/channel.ts'
import type { Broken, Errand } from './wire.ts'

/** Claims that are being sent, with what came back and is not written down yet. */
export interface UnderWay {
  /** How many more this channel may have now for these: no subscriber takes room from operators and accounts. */
  room(channel: ChannelKind, audience: Audience): number
  /** Without those that are under way already: a machine that slept, or whose clock was set, claims them once more. */
  add(claims: readonly Claim[]): readonly Errand[]
  /** Takes in what became of one, and answers its channel; null: nobody knows it any more. */
  end(id: number, outcome: Became): ChannelKind | null
  /** It hangs: whoever sends bounds how many of these there are, and they take no room here. */
  slow(id: number): void
  /** Nothing is sent there for a while, and then one by one until something gets through. */
  pause(broken: Broken): void
  /** The thread died with all of these: whatever it was, is among them. */
  orphan(): void
  /** At most so many endings, to be written down; they count as under way until `written`. */
  endings(most: number): readonly Ending[]
  written(endings: readonly Ending[]): void
  /** Of what some channel has under way half is to be written down: it gets more before it has nothing to do. */
  isHalfDone(): boolean
  /** Given to the thread, which has not told of them. */
  readonly sent: number
  readonly size: number
}

/** So many letters to subscribers are under way at a time in a channel: enough to keep it busy, and a crash repeats no more than these. */
const most: Partial<Record<ChannelKind, number>> = { email: 240 }
const mostOfOthers = 60

export function underWay(): UnderWay {
  const claims = new Map<number, Claim>()
  const counts = new Map<string, number>()
  const paused = new Map<string, number>()
  const hanging = new Set<Claim>()
  let ready: Ending[] = []
  const without = new Set<Ending>()
  let lastId = 0
  /** After a death what was under way is sent one at a time, until whatever ended the thread is alone when it does so again. */
  let careful = 0

  const count = (lane: string, by: number): void => void counts.set(lane, (counts.get(lane) ?? 0) + by)

  return {
    room(channel, audience) {
      const lane = laneOf({ channel, audience })
      const until = paused.get(lane)
      if (until !== undefined && performance.now() < until) return 0
      const limit = until === undefined ? ((audience === 'subscriber' ? most[channel] : undefined) ?? mostOfOthers) : 1
      if (careful > 0) return claims.size + ready.length > 0 ? 0 : 1
      return Math.max(0, limit - (counts.get(lane) ?? 0))
    },
    add(some) {
      const known = new Set([...claims.values(), ...ready].map(letterOf))
      return some
        .filter((claim) => !known.has(letterOf(claim)))
        .map((claim) => {
          const id = (lastId += 1)
          claims.set(id, claim)
          count(laneOf(claim), 1)
          const { numbers, audience, channel, addressee, isFirst } = claim
          return { id, numbers, audience, channel, addressee, isFirst }
        })
    },
    end(id, outcome) {
      const claim = claims.get(id)
      if (!claim) return null
      claims.delete(id)
      careful = Math.max(0, careful - 1)
      if (outcome.became === 'accepted') paused.delete(laneOf(claim))
      const ending = endingOf(claim, outcome)
      if (hanging.delete(claim)) without.add(ending)
      ready.push(ending)
      return claim.channel
    },
    slow(id) {
      const claim = claims.get(id)
      if (!claim || hanging.has(claim)) return
      hanging.add(claim)
      count(laneOf(claim), -1)
    },
    pause({ isAll, seconds, ...lane }) {
      if (isAll) paused.set(laneOf(lane), performance.now() + seconds * 1000)
    },
    orphan() {
      const lost = [...claims.values()]
      claims.clear()
      for (const claim of hanging) count(laneOf(claim), 1)
      hanging.clear()
      careful = lost.length
      const outcome: Became =
        lost.length === 1
          ? { became: 'later', reason: 'our own fault', code: null }
          : { became: 'put off', reason: null, seconds: 1 }
      ready.push(...lost.map((claim) => endingOf({ ...claim, isRepeat: true }, outcome)))
    },
    endings: (limit) => ready.slice(0, limit),
    written(endings) {
      const done = new Set(endings)
      ready = ready.filter((ending) => !done.has(ending))
      for (const ending of endings) if (!without.delete(ending)) count(laneOf(ending), -1)
    },
    isHalfDone() {
      const done = new Map<string, number>()
      for (const one of ready) if (!without.has(one)) done.set(laneOf(one), (done.get(laneOf(one)) ?? 0) + 1)
      return claims.size === 0 || [...done].some(([lane, some]) => some * 2 >= (counts.get(lane) ?? 0))
    },
    get sent() {
      return claims.size
    },
    get size() {
      return claims.size + ready.length
    },
  }
}

const laneOf = ({ channel, audience }: Lane): string => `${channel} ${audience}`

/** What tells one letter from another, whoever claimed it when. */
function letterOf(one: Claim | Ending): string {
  const recipient = 'addressee' in one ? one.addressee.id : one.recipient
  return `${one.audience} ${recipient} ${one.numbers.join()}`
}

function endingOf({ numbers, audience, channel, addressee, isRepeat }: Claim, outcome: Became): Ending {
  return { numbers, audience, channel, recipient: addressee.id, isRepeat, outcome }
}
