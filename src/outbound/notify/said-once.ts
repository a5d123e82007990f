import type { Taken } from '../../domain/deliveries/outcomes.ts'
import { seldom } from '../../lib/seldom.ts'
import type { Fault } from '../../lib/without-words.ts'
import type { Broken } from './wire.ts'

interface Log {
  info(facts: object, words: string): void
  warn(facts: object, words: string): void
  error(facts: object, words: string): void
}

/** What the log says of places that nothing gets through to: when it begins, and when somebody is given up. */
export interface SaidOnce {
  broke(broken: Broken): void
  fault(fault: Fault): void
  ended(taken: Pick<Taken, 'ended' | 'gaveUp' | 'reached'>): void
}

/** Of very many, it is rather said once more than kept for ever. */
const mostKnown = 5000

export function sayOnce(log: Log): SaidOnce {
  const givenUp = new Set<string>()
  return {
    broke({ channel, audience, reason, seconds, openings }) {
      // It is tried again and again for two days; each time would be a line.
      if (openings === 1) log.warn({ channel, audience, reason, seconds }, 'Nothing gets through there for now.')
    },
    fault: seldom(({ kind, at }) => log.error({ kind, at }, 'A letter could not be made or sent, by a fault of ours.')),
    ended({ ended, gaveUp, reached }) {
      for (const { audience, recipient, because } of ended) {
        log.info({ audience, recipient, because }, 'Nothing is sent to this recipient any more.')
      }
      for (const { audience, recipient } of reached) givenUp.delete(`${audience} ${recipient}`)
      const news = gaveUp.filter(({ audience, recipient }) => !givenUp.has(`${audience} ${recipient}`))
      if (givenUp.size + news.length > mostKnown) givenUp.clear()
      for (const { audience, recipient } of news) givenUp.add(`${audience} ${recipient}`)
      for (const alike of Map.groupBy(news, (one) => `${one.channel} ${one.audience} ${one.reason}`).values()) {
        const [{ channel, audience, reason, recipient }] = alike as [(typeof news)[number]]
        const whom = alike.length === 1 ? { recipient } : { recipients: alike.length }
        log.warn({ channel, audience, reason, ...whom }, 'It was tried for as long as it was worth, and is given up.')
      }
    },
  }
}
