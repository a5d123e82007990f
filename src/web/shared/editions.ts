import { LRUCache } from 'lru-cache'
import type { Config } from '../../config.ts'
import type { Db } from '../../database/database.ts'
import { isHeardOf } from '../../domain/changes/change.ts'
import type { LoggedEvent } from '../../domain/changes/log.ts'
import { share } from '../../domain/status/share.ts'
import { inTrouble } from '../../domain/status/trouble.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import { breath } from '../../lib/breath.ts'
import type { Clock, Instant } from '../../lib/clock.ts'
import { inTurns } from '../../lib/in-turns.ts'
import { type Document, atItsBest, toDocument } from './document.ts'
import { type Ask, type Declared, type Read, type Render, type Step, renderOf } from './document-route.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { transportHeaders } from './page-headers.ts'
import { type Drawn, type Entry, createTouched, isOutdated, noSources, recorded } from './recorded.ts'
import { type Failed, type Visit, type Walked, walk } from './walk.ts'

export interface EditionParts {
  readonly config: Pick<Config, 'url'>
  readonly clock: Clock
  readonly db: Db
  readSnapshot(): Promise<Snapshot>
  latestVersion(): Promise<number>
  /** At most `limit`, oldest first. */
  eventsAfter(seq: number, limit: number): Promise<readonly Pick<LoggedEvent, 'seq' | 'type' | 'subject'>[]>
  /** Those whose pages lead to these. */
  incidentsBeside(ids: readonly string[]): Promise<readonly string[]>
  readonly log: { error(error: unknown, message: string): void }
}

/** What is asked for most, of one version: while it is made, readers get what is not ready yet as it was before. */
interface Edition {
  readonly snapshot: Snapshot
  readonly hot: ReadonlyMap<string, Entry>
}

/** While some are compressed, the next is rendered; all at once, each would keep a megabyte or two of its own for good. */
const atOnce = 4
/** Bytes kept of documents that are not hot, whatever visitors invent. */
const coldBytes = 64 * 1024 * 1024
/** What it costs to know of one, also where there is nothing: what it was made of, and how. */
const entrySize = 1000
/** So many of those that were read last are made again by themselves when they are outdated. */
const warmDocuments = 40
/** So often each is rendered for nobody: most of what a first change takes longer than a tenth one comes of the first. */
const rehearsals = 3
/** More than this at once, and it is not worth asking what they were about. */
const manyEvents = 1000

/** Makes editions one after the other, and renders again what is outdated, and nothing else. */
export function createEditions(parts: EditionParts) {
  const { clock, db, log } = parts
  const transport = transportHeaders(parts.config.url)
  const routes: Declared[] = []
  const followers: ((step: Step) => void)[] = []
  const underWay = new Map<string, Promise<Entry>>()
  const touched = createTouched()
  const cold = new LRUCache<string, Entry>({
    maxSize: coldBytes,
    sizeCalculation: ({ document }, path) => entrySize + 2 * path.length + (document?.size ?? 0),
    // Whoever follows would show it for ever: what is not here is not found outdated.
    disposeAfter({ document }, path, reason) {
      if (reason === 'evict' && document && !edition?.hot.has(path)) tell({ changed: new Map(), gone: [path] })
    },
  })
  let failing: ReadonlySet<string> = new Set()
  let edition: Edition | null = null
  let warming: Promise<void> = Promise.resolve()
  let rehearsed = false
  /** The edition of this version holds all that readers may hear of up to that event. */
  let stillGood = { version: 0, until: 0 }

  const asks: Ask = (query, asked) => query(db, ...asked)

  async function draw(snapshot: Snapshot, render: Render, ask: Ask): Promise<Drawn> {
    const sources = noSources()
    const of = recorded(snapshot, sources)
    const read: Read = (about, query, ...asked) => {
      for (const thing of about) sources.about.add(thing)
      const answer = ask(query, asked)
      // What makes do without it is true of this moment only.
      answer.catch(() => of.asOf)
      return answer
    }
    const rendered = await render(of, read)
    const sent = rendered && { ...rendered, headers: { ...transport, ...rendered.headers } }
    return { sent, sources }
  }

  async function make(path: string, snapshot: Snapshot, render: Render, before?: Entry): Promise<Entry> {
    const { sent, sources } = await draw(snapshot, render, asks)
    const document = sent && (await toDocument(path, sent, before?.document))
    return { document, version: snapshot.version, sources, render }
  }

  const { refresh, idle } = oneAtATime(async () => {
    const before = edition
    const read = await parts.readSnapshot()
    await breath()
    const snapshot = before ? await share(read, before.snapshot) : read
    if (before) {
      await noteEvents(before.snapshot.version)
      touched.note(touchedComponents(snapshot, before.snapshot))
    }
    const failed = new Set<string>()
    const hot = new Map(before?.hot)
    for (const wave of waves(routes)) {
      const turns = inTurns(atOnce)
      for (const { at, declared } of wave) {
        // Readers come first: they wait for one document at most.
        await breath()
        // Of this moment: it may have been compressed better since this began.
        const known = edition?.hot.get(at) ?? cold.get(at)
        await turns.next(async () => {
          try {
            const stays = known && !failing.has(at) && !isOutdated(known, snapshot, touched)
            hot.set(at, stays ? known : await make(at, snapshot, renderOf(declared, at), known))
          } catch (error) {
            // One that fails keeps no other back. Its last good bytes say when they were true.
            if (known) hot.set(at, known)
            failed.add(at)
            if (!failing.has(at)) log.error(error, `${at} could not be rendered.`)
          }
        })
      }
      await turns.done()
      swap(snapshot, hot)
    }
    failing = failed
    const outdated = [...cold.entries()].filter(([, entry]) => isOutdated(entry, snapshot, touched))
    for (const [path] of outdated) cold.delete(path)
    tell({ changed: new Map(), gone: outdated.map(([path]) => path).filter((path) => !hot.has(path)) })
    warmUp(snapshot, outdated.slice(0, warmDocuments))
  })

  /** What was made together is shown together. */
  function swap(snapshot: Snapshot, hot: ReadonlyMap<string, Entry>): void {
    const last = edition?.hot
    edition = { snapshot, hot: new Map(hot) }
    const changed = [...hot].filter(([path, { document }]) => document !== last?.get(path)?.document)
    tell({ changed: documentsOf(changed), gone: [] })
  }

  async function noteEvents(after: number): Promise<void> {
    const events = await parts.eventsAfter(after, manyEvents)
    touched.note(events)
    const seq = events.at(-1)?.seq ?? after
    if (events.length === manyEvents) return touched.forget(seq)
    // One that is new, or began at another time, stands between two that led to each other.
    const ids = new Set(events.filter(({ type }) => type.startsWith('incident.')).map(({ subject }) => subject))
    if (ids.size === 0) return
    const beside = await parts.incidentsBeside([...ids])
    touched.note(beside.map((subject) => ({ seq, type: 'incident.beside', subject })))
  }

  /** Whether anything happened since that readers may hear of: while many sign in nothing is read again each second. */
  async function hasHeardSince(version: number): Promise<boolean> {
    const latest = await parts.latestVersion()
    const known = stillGood.version === version ? stillGood.until : version
    if (latest === known) return false
    const events = await parts.eventsAfter(known, manyEvents)
    const isUnheard = latest > known && events.length < manyEvents && events.length > 0 && !events.some(isHeardOf)
    if (isUnheard) stillGood = { version, until: latest }
    return !isUnheard
  }

  /** In the background: what was just read is made again before it is asked for. */
  function warmUp(snapshot: Snapshot, warm: readonly [string, Entry][]): void {
    warming = warming
      .then(async () => {
        for (const [path, { render, document }] of warm) {
          if (document && edition?.snapshot === snapshot) await ready(path, render)
        }
      })
      .catch((error: unknown) => log.error(error, 'What was read last could not be made again.'))
  }

  async function compressWell(path: string): Promise<void> {
    const entry = edition?.hot.get(path)
    if (!edition || !entry?.document) return
    const { document } = entry
    const better = await atItsBest(document)
    // Another edition may have come meanwhile, with the same words.
    const now = edition.hot.get(path)
    if (better === document || now?.document !== document) return
    edition = { ...edition, hot: new Map(edition.hot).set(path, { ...now, document: better }) }
    tell({ changed: new Map([[path, better]]), gone: [] })
  }

  async function current(): Promise<Edition> {
    if (!edition) await refresh()
    if (!edition) throw new Error('Nothing has been published yet.')
    return edition
  }

  /** From the edition of now, rendered at most once however many wait. */
  async function ready(path: string, render: Render): Promise<Document | null> {
    const from = await current()
    const known = from.hot.get(path) ?? cold.get(path)
    if (known) return known.document
    const { snapshot } = from
    const flight = `${snapshot.version} ${snapshot.asOf} ${path}`
    const waiting = underWay.get(flight)
    if (waiting) return (await waiting).document
    const rendering = make(path, snapshot, render).finally(() => underWay.delete(flight))
    underWay.set(flight, rendering)
    const entry = await rendering
    // Compressing well makes another edition of the same snapshot.
    if (edition?.snapshot === snapshot) {
      cold.set(path, entry)
      if (entry.document && cold.has(path)) tell({ changed: new Map([[path, entry.document]]), gone: [] })
    }
    return entry.document
  }

  function tell(step: Step): void {
    if (step.changed.size + step.gone.length > 0) for (const follower of followers) follower(step)
  }

  return {
    declare: (declared: Declared): unknown => routes.push(declared),
    ready,
    tell,
    refresh,
    find: (path: string): Document | undefined => (edition?.hot.get(path) ?? cold.get(path))?.document ?? undefined,
    follow(follower: (step: Step) => void): void {
      followers.push(follower)
      follower({ changed: documentsOf([...(edition?.hot ?? []), ...cold.entries()]), gone: [] })
    },
    snapshot: (): Snapshot | null => edition?.snapshot ?? null,
    asOf: (): Instant | null => edition?.snapshot.asOf ?? null,
    problem(): string | null {
      if (failing.size === 0) return null
      const [first = ''] = failing
      return `${failing.size} ${failing.size === 1 ? 'document' : 'documents'} could not be rendered: ${first}`
    },
    async open(): Promise<void> {
      const snapshot = await parts.readSnapshot()
      const first = routes.find(({ route }) => route.hot)
      edition ??= { snapshot, hot: new Map() }
      // What cannot be rendered is told of by the refresh that follows; it keeps no other page back.
      if (first) await ready(first.pattern, (of, read) => first.route.render(of, {}, read)).catch(() => null)
    },
    async rehearse(): Promise<void> {
      if (rehearsed) return
      const { snapshot } = await current()
      // Where there are no systems nothing can be wrong yet.
      if (snapshot.components.length === 0) return
      rehearsed = true
      const supposed = inTrouble(snapshot)
      for (let time = 0; time < rehearsals; time += 1) {
        for (const { at, declared } of waves(routes).flat()) {
          await breath()
          await draw(supposed, renderOf(declared, at), asks).catch((error: unknown) => {
            if (time === 0) log.error(error, `${at} could not be rendered if something happened now.`)
          })
        }
      }
    },
    async catchUp(): Promise<void> {
      await idle()
      const published = edition?.snapshot
      const stale = !published || published.nextMoment <= clock.now() || (await hasHeardSince(published.version))
      if (stale) await refresh()
    },
    async settled(): Promise<void> {
      await idle()
      await warming
      const snapshot = edition?.snapshot
      // All, because a change may have come before those of the last one were done.
      for (const path of edition?.hot.keys() ?? []) if (edition?.snapshot === snapshot) await compressWell(path)
    },
    async walk(kept: ReadonlyMap<string, Document>, visit: Visit, before?: Walked, failed?: Failed): Promise<Walked> {
      const { snapshot, hot } = await current()
      return walk({ routes, snapshot, hot, kept, touched, draw, asks }, visit, before, failed)
    },
  }
}

/** What is hot: first the page that everybody looks at, then everything else. */
function waves(routes: readonly Declared[]) {
  const hot = routes.flatMap((declared) =>
    (declared.route.hot ?? []).map((path) => ({ at: declared.prefix + path, declared })),
  )
  return [hot.slice(0, 1), hot.slice(1)]
}

/** What happens to a component is an event of the incident; that it changed is what the two snapshots say. */
function touchedComponents({ components, version }: Snapshot, before: Snapshot) {
  if (components === before.components) return []
  const known = new Set(before.components)
  return components
    .filter((component) => !known.has(component))
    .map(({ id }) => ({ seq: version, type: 'component.changed', subject: id }))
}

function documentsOf(entries: readonly (readonly [string, Entry])[]): Map<string, Document> {
  return new Map(entries.flatMap(([path, { document }]) => (document ? [[path, document]] : [])))
}
