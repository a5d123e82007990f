import { Resolver as Asker } from 'node:dns/promises'
import { readFile } from 'node:fs/promises'
import { isAddress } from './guard.ts'

/**
 * What looking up a name found. `absent`: there is no such name, or it has no address. `broken`: the name's own
 * servers fail. `unanswered`: nobody told us, which says more about us than about the name.
 */
export type Found = { readonly addresses: readonly string[] } | { readonly failure: 'absent' | 'broken' | 'unanswered' }

export interface Resolver {
  /** `fresh` asks again even if the answer is known. */
  lookUp(name: string, how: 'fresh' | 'cached'): Promise<Found>
  /** Whether it was told anything since then, on the clock of `performance.now()`. */
  isHeard(since: number): boolean
  /** Whom it asks: `1.1.1.1`, `[::1]:5353`. */
  servers(): readonly string[]
}

export interface ResolverOptions {
  /** `1.1.1.1`, `[::1]:5353`; empty: the machine's own. */
  readonly servers: readonly string[]
  readonly hostsFile?: string
}

/**
 * How long an answer may take. Where a server is known to be quick, c-ares begins at a quarter of a second and doubles, so
 * that two tries would give up a name that takes a second to be found: four wait between four and seven seconds.
 */
const patience = { timeout: 1000, tries: 4, maxTimeout: 2000 }

/** After this time it is asked whether anybody is answered at all. */
const impatientMs = 200

const longestMs = 60_000
const absentMs = 5_000
const namesKept = 2_000

/**
 * Looks names up by asking DNS servers itself. Never `dns.lookup`: its four threads are all it has, and four names that
 * time out would stop every probe for twenty seconds. So the hosts file and `localhost` are honoured here.
 */
export function resolver({ servers, hostsFile = '/etc/hosts' }: ResolverOptions): Resolver {
  const asker = new Asker(patience)
  const control = new Asker({ timeout: 1000, tries: 2, maxTimeout: 1000 })
  if (servers.length > 0) for (const one of [asker, control]) one.setServers(servers)
  const kept = new Map<string, { readonly found: Found; readonly until: number }>()
  const hosts = hostsOf(hostsFile)
  let lastAnswer = -Infinity
  let rootAsked: { readonly at: number; readonly answer: Promise<RootAnswer> } | null = null

  /** At most once a second, whoever wants to know. */
  function askForTheRoot(): Promise<RootAnswer> {
    if (!rootAsked || performance.now() - rootAsked.at > 1000) {
      const answer = control.resolveNs('.').then(() => 'told' as const, rootAnswerOf)
      rootAsked = { at: performance.now(), answer }
      void answer.then((told) => told === 'told' && (lastAnswer = performance.now()))
    }
    return rootAsked.answer
  }

  /** Whether a name that is not answered for is at fault itself, because since then others were answered for. */
  async function isHeardSince(begun: number): Promise<boolean> {
    if (lastAnswer >= begun) return true
    const root = await askForTheRoot()
    // In a closed network the root is nobody's business: what was told a minute ago has to do.
    return root === 'told' || (root === 'failing' && performance.now() - lastAnswer < longestMs)
  }

  async function ask(name: string): Promise<{ found: Found; forMs: number }> {
    const begun = performance.now()
    const impatience = setTimeout(() => void askForTheRoot(), impatientMs)
    const answers = await Promise.allSettled([asker.resolve4(name, { ttl: true }), asker.resolve6(name, { ttl: true })])
    clearTimeout(impatience)
    const records = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
    if (records.length > 0) {
      lastAnswer = performance.now()
      const ttl = Math.min(...records.map((record) => record.ttl)) * 1000
      return { found: { addresses: records.map((record) => record.address) }, forMs: Math.min(ttl, longestMs) }
    }
    const failures = answers.map((answer) => (answer.status === 'rejected' ? failureOf(answer.reason) : 'absent'))
    const isAnswered = failures.every((failure) => failure === 'absent')
    // That there is no such name is an answer too.
    if (isAnswered) lastAnswer = performance.now()
    else if (!(await isHeardSince(begun))) return { found: { failure: 'unanswered' }, forMs: 0 }
    return { found: { failure: isAnswered ? 'absent' : 'broken' }, forMs: absentMs }
  }

  return {
    isHeard: (since) => lastAnswer >= since,
    servers: () => asker.getServers(),
    async lookUp(given, how) {
      const name = given.toLowerCase()
      if (isAddress(name)) return { addresses: [name] }
      const fixed = (await hosts()).get(name)
      if (fixed) return { addresses: fixed }
      if (name === 'localhost' || name.endsWith('.localhost')) return { addresses: ['127.0.0.1', '::1'] }
      const known = kept.get(name)
      if (how === 'cached' && known && known.until > performance.now()) return known.found
      const { found, forMs } = await ask(name)
      kept.delete(name)
      if (forMs > 0) kept.set(name, { found, until: performance.now() + forMs })
      if (kept.size > namesKept) kept.delete(kept.keys().next().value as string)
      return found
    },
  }
}

/** The texts that stand at a name, each of one piece; none where there is no such name. `unknown`: nobody told us. */
export type Texts = readonly string[] | 'unknown'

export function textsAt({ servers }: Pick<ResolverOptions, 'servers'>): (name: string) => Promise<Texts> {
  const asker = new Asker(patience)
  if (servers.length > 0) asker.setServers(servers)
  return async (name) => {
    try {
      return (await asker.resolveTxt(name)).map((pieces) => pieces.join(''))
    } catch (error) {
      return failureOf(error) === 'absent' ? [] : 'unknown'
    }
  }
}

function failureOf(error: unknown): 'absent' | 'broken' | 'unanswered' {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOTFOUND' || code === 'ENODATA' || code === 'EBADNAME') return 'absent'
  return code === 'ESERVFAIL' ? 'broken' : 'unanswered'
}

/** `failing`: our name servers are there, but do not know where the world begins. */
type RootAnswer = 'told' | 'failing' | 'silent'

function rootAnswerOf(error: unknown): RootAnswer {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  if (code === 'ENOTFOUND' || code === 'ENODATA') return 'told'
  return ['ESERVFAIL', 'EREFUSED', 'ENOTIMP'].includes(code) ? 'failing' : 'silent'
}

/** The hosts file, read again when its last reading is a minute old. */
function hostsOf(file: string): () => Promise<ReadonlyMap<string, string[]>> {
  let read: Promise<ReadonlyMap<string, string[]>> | null = null
  let readAt = 0
  return () => {
    if (!read || performance.now() - readAt > longestMs) {
      readAt = performance.now()
      // No hosts file is an empty one.
      read = readFile(file, 'utf8').then(parseHosts, () => new Map())
    }
    return read
  }
}

/** Names and their addresses, from the text of a hosts file. */
export function parseHosts(text: string): Map<string, string[]> {
  const hosts = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/)
    if (address === undefined || !isAddress(address)) continue
    for (const name of names) {
      const key = name.toLowerCase()
      hosts.set(key, [...(hosts.get(key) ?? []), address])
    }
  }
  return hosts
}
