import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import { type Clock, type Instant, secondsBetween } from '../../lib/clock.ts'
import { isLocale } from '../../domain/site/site.ts'
import { type Document, type Rendered, answer, toDocument } from './document.ts'

/** A family of public documents: how to render each of them from the snapshot. */
export interface DocumentRoute {
  /** A Fastify pattern below the face's prefix: `/incidents/:id`. */
  readonly url: string
  /** Null: there is no such thing. May query for what is past: it runs once for all who wait, then its bytes are kept. */
  render(snapshot: Snapshot, params: Readonly<Record<string, string>>): Rendered | null | Promise<Rendered | null>
  /** Paths that are rendered and compressed right after each change, before anyone asks. */
  readonly hot?: readonly string[]
}

type Missing = (snapshot: Snapshot, path: string) => Rendered | Promise<Rendered>

/** What the world reads, as bytes that are ready. Faces declare documents; requests are answered from here. */
export interface Publication {
  /** The first edition: one page is ready, everything else is rendered for whoever asks first. For the start. */
  open(): Promise<void>
  serve(face: FastifyInstance, route: DocumentRoute): void
  missing(face: FastifyInstance, render: Missing): void
  /** Reads the world again and swaps to it. Calls that come meanwhile share one further run. */
  refresh(): Promise<void>
  /**
   * Resolves when everything committed before the call is published, here or in another process; refreshes too if a minute
   * has passed. Whoever answers a change waits for it, and the schedule calls it.
   */
  catchUp(): Promise<void>
  /** When the published snapshot was true; null before the first. */
  readonly asOf: Instant | null
  /** Null, or which documents of the last edition could not be rendered. */
  problem(): string | null
}

export interface PublicationParts {
  readonly clock: Clock
  readSnapshot(): Promise<Snapshot>
  latestVersion(): Promise<number>
  readonly log: { error(error: unknown, message: string): void }
}

/** One version of everything. Readers get all their documents from one edition. */
interface Edition {
  readonly snapshot: Snapshot
  readonly hot: ReadonlyMap<string, Document>
  /** Null where there is no such thing, so that an invented address is looked up once. */
  readonly cold: LRUCache<string, { readonly document: Document | null }>
}

/** Bytes kept of documents that are not hot, whatever visitors invent. */
const coldBytes = 64 * 1024 * 1024
/** Today's bars grow although nothing happens. */
const freshSeconds = 60

export function createPublication({ clock, readSnapshot, latestVersion, log }: PublicationParts): Publication {
  const routes: { base: string; route: DocumentRoute }[] = []
  const missingOf = new WeakMap<FastifyInstance, Missing>()
  const underWay = new Map<string, Promise<Document | null>>()
  let failing: ReadonlySet<string> = new Set()
  let edition: Edition | null = null

  const { refresh, idle } = oneAtATime(async () => {
    const snapshot = await readSnapshot()
    const hot = new Map<string, Document>()
    const failed = new Set<string>()
    // One after the other: compressed all at once, each would keep a megabyte or two of memory of its own for good.
    for (const { base, route } of routes) {
      for (const path of route.hot ?? []) {
        const params = paramsOf(route.url, path)
        const key = keyOf(base, params)
        try {
          const document = await make(key, () => route.render(snapshot, params))
          if (document) hot.set(key, document)
        } catch (error) {
          // One that fails keeps no other back. Its last good bytes say when they were true.
          const before = edition?.hot.get(key)
          if (before) hot.set(key, before)
          failed.add(path)
          if (!failing.has(path)) log.error(error, `${path} could not be rendered.`)
        }
      }
    }
    failing = failed
    // All of one version together: no reader meets a page of one and a feed of another.
    edition = { snapshot, hot, cold: coldDocuments() }
  })

  async function current(): Promise<Edition> {
    if (!edition) await refresh()
    if (!edition) throw new Error('Nothing has been published yet.')
    return edition
  }

  /** From this edition, rendered at most once however many wait. */
  async function find(key: string, from: Edition, render: () => ReturnType<DocumentRoute['render']>) {
    const hot = from.hot.get(key)
    if (hot) return hot
    const known = from.cold.get(key)
    if (known) return known.document
    const flight = `${from.snapshot.version} ${from.snapshot.asOf} ${key}`
    const waiting = underWay.get(flight)
    if (waiting) return waiting
    const rendering = make(key, render).finally(() => underWay.delete(flight))
    underWay.set(flight, rendering)
    const document = await rendering
    from.cold.set(key, { document })
    return document
  }

  async function sendMissing(face: FastifyInstance, request: FastifyRequest, reply: FastifyReply) {
    const from = await current()
    // One document a language, so that invented paths cost nothing to keep.
    const first = request.url.split('?')[0]?.split('/')[1] ?? ''
    const path = isLocale(first) ? `/${first}/` : '/'
    const render = missingOf.get(face)
    const document = render
      ? await find(`${face.prefix} missing ${path}`, from, async () => ({
          status: 404,
          ...(await render(from.snapshot, path)),
        }))
      : null
    return document ? answer(request, reply, document) : reply.code(404).send()
  }

  return {
    get asOf() {
      return edition?.snapshot.asOf ?? null
    },
    problem() {
      if (failing.size === 0) return null
      const [first = ''] = failing
      return `${failing.size} ${failing.size === 1 ? 'document' : 'documents'} could not be rendered: ${first}`
    },
    serve(face, route) {
      const base = `${face.prefix}${route.url}`
      routes.push({ base, route })
      face.get(route.url, async (request, reply) => {
        const params = request.params as Readonly<Record<string, string>>
        const from = await current()
        const document = await find(keyOf(base, params), from, () => route.render(from.snapshot, params))
        return document ? answer(request, reply, document) : sendMissing(face, request, reply)
      })
    },
    missing(face, render) {
      missingOf.set(face, render)
      face.setNotFoundHandler((request, reply) => sendMissing(face, request, reply))
    },
    async open() {
      const snapshot = await readSnapshot()
      const from: Edition = { snapshot, hot: new Map(), cold: coldDocuments() }
      const first = routes.find(({ route }) => route.hot)
      // What cannot be rendered is told of by the refresh that follows; it keeps no other page back.
      if (first) await find(keyOf(first.base, {}), from, () => first.route.render(snapshot, {})).catch(() => null)
      edition ??= from
    },
    refresh,
    async catchUp() {
      await idle()
      const published = edition?.snapshot
      const stale =
        !published ||
        secondsBetween(published.asOf, clock.now()) >= freshSeconds ||
        (await latestVersion()) !== published.version
      if (stale) await refresh()
    },
  }
}

function coldDocuments(): Edition['cold'] {
  return new LRUCache({
    maxSize: coldBytes,
    sizeCalculation: ({ document }, key) => document?.size ?? 200 + 2 * key.length,
  })
}

async function make(key: string, render: () => ReturnType<DocumentRoute['render']>): Promise<Document | null> {
  const rendered = await render()
  return rendered ? toDocument(key, rendered) : null
}

/** Runs `work` once at a time; whoever calls while it runs waits for one further run, which sees what they wrote. */
function oneAtATime(work: () => Promise<void>): { refresh(): Promise<void>; idle(): Promise<void> } {
  let running: Promise<void> | null = null
  let next: Promise<void> | null = null
  const start = (): Promise<void> => {
    running = work().finally(() => (running = null))
    return running
  }
  return {
    refresh() {
      // Asked for first: the one that ran may be over, and the next one not begun.
      if (next) return next
      if (!running) return start()
      next = running
        .catch(() => undefined)
        .then(() => {
          next = null
          return start()
        })
      return next
    },
    /** Resolves when none is under way or waits, also where it fails: whoever began it is told. */
    async idle() {
      while (next ?? running) await (next ?? running)?.catch(() => undefined)
    },
  }
}

/** Documents are known by what routing found, not by what was typed: encodings and queries make no new ones. */
function keyOf(base: string, params: Readonly<Record<string, string>>): string {
  return `${base} ${JSON.stringify(Object.entries(params))}`
}

/** The parameters that a concrete path gives to its pattern. */
function paramsOf(url: string, path: string): Record<string, string> {
  const parts = path.split('/')
  return Object.fromEntries(
    url.split('/').flatMap((part, index) => (part.startsWith(':') ? [[part.slice(1), parts[index] ?? '']] : [])),
  )
}
