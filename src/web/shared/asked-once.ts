import { LRUCache } from 'lru-cache'
import type { Ask } from './document-route.ts'

/** A walk through five languages and four kinds of feeds; one of ten thousand incidents asks some of it again. */
const most = 1000

/**
 * Remembers what was asked with what, and answers it again: pages in all languages, their twins and feeds say the same. For
 * as long as one walk takes: what changes meanwhile makes its documents outdated, and the next walk asks anew.
 */
export function askedOnce(ask: Ask): Ask {
  const answers = new LRUCache<string, Promise<unknown>>({ max: most })
  const numbers = new Map<unknown, number>()
  return (query, asked) => {
    if (asked.length === 0) return ask(query, asked)
    const number = numbers.get(query) ?? numbers.size
    numbers.set(query, number)
    const key = `${number} ${JSON.stringify(asked)}`
    const known = answers.get(key) as ReturnType<typeof query> | undefined
    if (known) return known
    const answer = ask(query, asked)
    answers.set(key, answer)
    // The next one asks again.
    answer.catch(() => answers.delete(key))
    return answer
  }
}
