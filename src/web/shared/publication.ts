import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isLocale } from '../../domain/site/site.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import type { Instant } from '../../lib/clock.ts'
import { everyone } from './access.ts'
import { type Document, type Rendered, answer, atItsBest, toDocument } from './document.ts'
import type { DocumentRoute, Step } from './document-route.ts'
import { type EditionParts, createEditions } from './editions.ts'
import { type Params, pathOf } from './paths.ts'
import { isForPrograms, missingDocument } from './problem.ts'
import type { Failed, Visit, Walked } from './walk.ts'

export type { DocumentRoute, Read, Step } from './document-route.ts'

type Missing = (snapshot: Snapshot, path: string) => Rendered | Promise<Rendered>

/** What the world reads, as bytes that are ready. Faces declare documents; requests are answered from here. */
export interface Publication {
  /** The first edition: one page is ready, everything else is rendered for whoever asks first. For the start. */
  open(): Promise<void>
  serve(face: FastifyInstance, route: DocumentRoute): void
  missing(face: FastifyInstance, render: Missing): void
  /** Bytes that never change, at an address of their own. */
  keep(path: string, document: Document): void
  /** The document at exactly this path, if it is ready. */
  find(path: string): Document | undefined
  /** Tells of everything that is ready now, then of each change. */
  follow(follower: (step: Step) => void): void
  /**
   * Every document there is, each with its path, rendered if it has to be. A walk that is given what the one before
   * returned leaves out what has not changed since. Without `failed` the first that cannot be made ends it.
   */
  walk(visit: Visit, before?: Walked, failed?: Failed): Promise<Walked>
  /** Reads the world again and swaps to it. Calls that come meanwhile share one further run. */
  refresh(): Promise<void>
  /**
   * Resolves when everything committed before the call is published, here or in another process; refreshes too if a
   * minute or another known moment has passed. Whoever answers a change waits for it, and the schedule calls it.
   */
  catchUp(): Promise<void>
  /**
   * Compresses all that is ready as well as it can be, and resolves when that is done. The schedule calls it: right after
   * a change it would take from the next one the time in which readers wait for it.
   */
  settled(): Promise<void>
  /**
   * Renders what is hot for nobody, once, as it would be on a bad day. What runs for the first time is slow, and the first
   * word on an incident is what readers wait for most. What fails is told beforehand.
   */
  rehearse(): Promise<void>
  /** What is published now, for the few answers that cannot be ready before they are asked for; null before the first. */
  readonly snapshot: Snapshot | null
  /** When the published snapshot was true; null before the first. */
  readonly asOf: Instant | null
  /** Null, or which documents of the last edition could not be rendered. */
  problem(): string | null
}

/** Bytes ready before anyone asks, answered from memory; see docs/decisions/005 and 012. */
export function createPublication(parts: EditionParts): Publication {
  const editions = createEditions(parts)
  const missing = toDocument('missing', missingDocument)
  const missingOf = new WeakMap<FastifyInstance, Missing>()
  const kept = new Map<string, Document>()

  async function sendMissing(face: FastifyInstance, request: FastifyRequest, reply: FastifyReply) {
    // One document a language, so that invented paths cost nothing to keep.
    const first = request.url.split('?')[0]?.split('/')[1] ?? ''
    const path = isLocale(first) ? `/${first}/` : '/'
    const render = missingOf.get(face)
    // Whoever has documents of its own says so in its own way.
    if (isForPrograms(request.url) && face.prefix === '') return answer(request, reply, await missing)
    const document = render
      ? await editions.ready(`${face.prefix} missing ${path}`, async (snapshot) => ({
          status: 404,
          ...(await render(snapshot, path)),
        }))
      : null
    return answer(request, reply, document ?? (await missing))
  }

  return {
    ...editions,
    get snapshot() {
      return editions.snapshot()
    },
    get asOf() {
      return editions.asOf()
    },
    serve(face, route) {
      const pattern = `${face.prefix}${route.url}`
      editions.declare({ pattern, prefix: face.prefix, route })
      face.get(route.url, { config: { access: everyone } }, async (request, reply) => {
        const params = request.params as Params
        const document = await editions.ready(pathOf(pattern, params), (snapshot, read) =>
          route.render(snapshot, params, read),
        )
        return document ? answer(request, reply, document) : sendMissing(face, request, reply)
      })
    },
    missing(face, render) {
      missingOf.set(face, render)
      face.setNotFoundHandler((request, reply) => sendMissing(face, request, reply))
    },
    keep(path, document) {
      kept.set(path, document)
      editions.tell({ changed: new Map([[path, document]]), gone: [] })
    },
    async settled() {
      await editions.settled()
      for (const [path, document] of kept) {
        const best = await atItsBest(document)
        if (best === document) continue
        kept.set(path, best)
        editions.tell({ changed: new Map([[path, best]]), gone: [] })
      }
    },
    walk: (visit, before, failed) => editions.walk(kept, visit, before, failed),
    find: (path) => kept.get(path) ?? editions.find(path),
    follow(follower) {
      follower({ changed: kept, gone: [] })
      editions.follow(follower)
    },
  }
}
