import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import { breath } from '../../lib/breath.ts'
import { type Instant, secondsBetween } from '../../lib/clock.ts'
import { inTurns } from '../../lib/in-turns.ts'
import { type Document, etagOf, toDocument } from './document.ts'
import { type Ask, type Declared, type Read, type Render, renderOf } from './document-route.ts'
import { askedOnce } from './asked-once.ts'
import { type Drawn, type Entry, type Sources, type Touched, isOutdated, noSources } from './recorded.ts'

export type Visit = (path: string, document: Document) => Promise<void>

/** What a walk saw, by path, without the bytes: there may be ten years of them. */
export type Walked = ReadonlyMap<string, Seen>

interface Seen {
  readonly version: number
  readonly sources: Sources
  /** When it was seen to be true. */
  readonly asOf: Instant
  /** Of the words; null where there is no such thing. */
  readonly etag: string | null
}

interface Ground {
  readonly routes: readonly Declared[]
  readonly snapshot: Snapshot
  readonly hot: ReadonlyMap<string, Entry>
  /** Bytes that never change. */
  readonly kept: ReadonlyMap<string, Document>
  readonly touched: Touched
  readonly asks: Ask
  draw(snapshot: Snapshot, render: Render, ask: Ask): Promise<Drawn>
}

/** Hears of a document that cannot be made: it counts as it was before, and keeps no other back. */
export type Failed = (path: string, error: unknown) => void

/** Goes through every document that there is; renders those that are outdated since the walk before, and shows the changed. */
export async function walk(ground: Ground, visit: Visit, before?: Walked, failed: Failed = rethrow): Promise<Walked> {
  const { routes, snapshot, hot, kept, asks, draw } = ground
  const once = askedOnce(asks)
  const walked = new Map<string, Seen | null>()
  const turns = inTurns(atOnce)
  const see = async (path: string, document: Document | null, made: Omit<Seen, 'etag'>): Promise<void> => {
    const etag = document?.encodings.identity.etag ?? null
    walked.set(path, { ...made, etag })
    if (document && etag !== before?.get(path)?.etag) await visit(path, document)
  }
  /** Undefined where it says the same as before, which is not compressed again. */
  const make = async (path: string, declared: Declared) => {
    const { sent, sources } = await draw(snapshot, renderOf(declared, path), once)
    const made = { version: snapshot.version, asOf: snapshot.asOf, sources }
    // Of what nobody saw before there is nothing to compare.
    const known = before?.get(path)?.etag ?? null
    const isKnown = sent && known !== null && known === etagOf(sent.body)
    return { made, document: isKnown ? undefined : sent && (await toDocument(path, sent)) }
  }
  for (const [path, document] of kept)
    await see(path, document, { version: 0, asOf: snapshot.asOf, sources: noSources() })
  for (const declared of routes) {
    for await (const path of pathsOf(declared, ground)) {
      if (walked.has(path)) continue
      // Readers come first.
      if (walked.size % 100 === 0) await breath()
      const last = before?.get(path)
      if (last && !hot.has(path) && isGoodEnough(last, ground)) {
        walked.set(path, last)
        continue
      }
      // Its place is taken before it is made, so that the order of a walk is that of the routes.
      walked.set(path, null)
      await turns.next(async () => {
        const ready = hot.get(path)
        if (ready)
          return see(path, ready.document, { version: ready.version, asOf: snapshot.asOf, sources: ready.sources })
        const now = await make(path, declared).catch((error: unknown) => {
          failed(path, error)
          return null
        })
        if (!now) walked.set(path, last ?? null)
        else if (now.document === undefined) walked.set(path, { ...now.made, etag: last?.etag ?? null })
        else await see(path, now.document, now.made)
      })
    }
  }
  await turns.done()
  return new Map([...walked].flatMap(([path, seen]) => (seen ? [[path, seen]] : [])))
}

function rethrow(_path: string, error: unknown): never {
  throw error
}

/** While one is compressed, the next is rendered. */
const atOnce = 4

/** What only the clock moves: bars, measurements, the time itself. */
const moved: ReadonlySet<PropertyKey> = new Set(['asOf', 'minute', 'nextMoment', 'bars', 'measured'])
/** Well under the three minutes after which a page says that it has lost touch. */
const patience = 100

/** Whether nothing has changed it but the clock, and that not for long: all that shows the time is not made every minute. */
function isGoodEnough(seen: Seen, { snapshot, touched }: Ground): boolean {
  if (!isOutdated(seen, snapshot, touched)) return true
  const parts = new Map([...seen.sources.parts].filter(([part]) => !moved.has(part)))
  const changed = isOutdated({ ...seen, sources: { ...seen.sources, parts } }, snapshot, touched)
  return !changed && secondsBetween(seen.asOf, snapshot.asOf) < patience
}

async function* pathsOf({ prefix, route }: Declared, { snapshot, asks }: Ground): AsyncGenerator<string> {
  for (const path of route.hot ?? []) yield prefix + path
  if (route.all) {
    const read: Read = (_, query, ...asked) => asks(query, asked)
    for await (const path of route.all(snapshot, read)) yield prefix + path
  }
}
