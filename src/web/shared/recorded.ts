import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import type { Document, Rendered } from './document.ts'
import type { Render } from './document-route.ts'

/** What a document was made of: parts of the snapshot, and things that were asked of the database. */
export interface Sources {
  /** By name, the object that was read. */
  readonly parts: Map<PropertyKey, unknown>
  /** Ids and nouns: `incident` stands for all of them. */
  readonly about: Set<string>
}

/** A document and what it was made of. Null where there is no such thing, so that an invented address is looked up once. */
export interface Entry {
  readonly document: Document | null
  readonly version: number
  readonly sources: Sources
  readonly render: Render
}

/** What was rendered for a path, before it is compressed, and what it was made of. */
export interface Drawn {
  readonly sent: Rendered | null
  readonly sources: Sources
}

export function noSources(): Sources {
  return { parts: new Map(), about: new Set() }
}

/** The same snapshot, which writes down what is read of it. */
export function recorded(snapshot: Snapshot, { parts }: Sources): Snapshot {
  return new Proxy(snapshot, {
    get(from, part) {
      const value: unknown = Reflect.get(from, part)
      parts.set(part, value)
      return value
    },
  })
}

/** What happened to whom, as far back as it is remembered. */
export interface Touched {
  note(events: readonly { readonly seq: number; readonly type: string; readonly subject: string }[]): void
  /** From here on nothing made before is taken to be untouched. */
  forget(version: number): void
  /** Whether something happened after `version` to any of these. */
  since(version: number, about: ReadonlySet<string>): boolean
}

/** More things than this are touched in months, not between two readings of a page. */
const remembered = 10_000

export function createTouched(): Touched {
  const last = new Map<string, number>()
  let forgotten = 0
  return {
    note(events) {
      for (const { seq, type, subject } of events) {
        const [noun = type] = type.split('.')
        // One event stands for all that was imported.
        if (type === 'site.imported') forgotten = seq
        for (const thing of [noun, subject]) last.set(thing, seq)
      }
      if (last.size <= remembered) return
      forgotten = Math.max(forgotten, ...last.values())
      last.clear()
    },
    forget(version) {
      forgotten = Math.max(forgotten, version)
    },
    since: (version, about) =>
      about.size > 0 && (version < forgotten || [...about].some((thing) => (last.get(thing) ?? 0) > version)),
  }
}

/** Whether a document made of these at `version` would be another one now. */
export function isOutdated(
  { sources, version }: { readonly sources: Sources; readonly version: number },
  snapshot: Snapshot,
  touched: Touched,
): boolean {
  // A copy of the database took over that lacks the last changes, and counts the next ones as it counted these.
  if (version > snapshot.version) return true
  for (const [part, value] of sources.parts) if (Reflect.get(snapshot, part) !== value) return true
  return touched.since(version, sources.about)
}
