import type { Db } from '../../database/database.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import type { Document, Rendered } from './document.ts'
import { type Params, paramsOf } from './paths.ts'

/**
 * Asks the database for what is past: `read([id], readIncident, id)`. `about` names what the answer speaks of, ids and
 * nouns (`incident`): when something happens to one of them, the document is made again, and not before. Who walks through
 * all documents asks the same only once, so nobody changes an answer; what has nothing to ask with is asked each time.
 */
export type Read = <Asked extends readonly unknown[], T>(
  about: readonly string[],
  query: (db: Db, ...asked: Asked) => Promise<T>,
  ...asked: Asked
) => Promise<T>

/** How a query is asked. */
export type Ask = <Asked extends readonly unknown[], T>(
  query: (db: Db, ...asked: Asked) => Promise<T>,
  asked: Asked,
) => Promise<T>

/** Null: there is no such thing. */
export type Made = Rendered | null | Promise<Rendered | null>

export type Paths = Iterable<string> | AsyncIterable<string>

/** A family of public documents: how to render each of them from the snapshot. */
export interface DocumentRoute {
  /** A Fastify pattern below the face's prefix: `/incidents/:id`. What each language has: see languages.ts. */
  readonly url: string
  /**
   * Null: there is no such thing. What it reads of the snapshot is written down, and it is rendered again only when one
   * of these parts has changed: so read what is shown. What reads `asOf` is rendered every minute.
   */
  render(snapshot: Snapshot, params: Params, read: Read): Made
  /** Paths that are rendered and compressed right after each change, before anyone asks. */
  readonly hot?: readonly string[]
  /** Every path of the family that there is, below the face's prefix: for the mirror and the site map. */
  all?(snapshot: Snapshot, read: Read): Paths
}

/** A route where it stands. */
export interface Declared {
  /** With the prefix of its face. */
  readonly pattern: string
  readonly prefix: string
  readonly route: DocumentRoute
}

/** How one document of a route is rendered. */
export type Render = (snapshot: Snapshot, read: Read) => Made

/**
 * Made here and nowhere else: a function keeps all that stands around it, so what is kept with a document must not be made
 * where the one before is at hand, or each would keep the one before.
 */
export function renderOf({ pattern, route }: Pick<Declared, 'pattern' | 'route'>, path: string): Render {
  const params = paramsOf(pattern, path)
  return (snapshot, read) => route.render(snapshot, params, read)
}

/** Documents that came to be ready, or that are not any more. */
export interface Step {
  readonly changed: ReadonlyMap<string, Document>
  readonly gone: readonly string[]
}
