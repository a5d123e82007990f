import { serverSnippets } from './server-snippets.ts'
import { breath } from '../../lib/breath.ts'
import { inTurns } from '../../lib/in-turns.ts'
import { fileOf } from './names.ts'
import type { Place } from './place.ts'

/** A public document: its bytes in each encoding, named by their tags. */
interface Document {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly encodings: Readonly<Record<'br' | 'gzip' | 'identity', { readonly body: Buffer; readonly etag: string }>>
}

/** What there is to mirror. A walk shows every document once, and the next one only those that changed. */
interface Source<Seen> {
  /** What the documents are made of now. */
  readonly snapshot: unknown
  follow(follower: (step: { readonly changed: ReadonlyMap<string, Document> }) => void): void
  walk(
    visit: (path: string, document: Document) => Promise<void>,
    before?: ReadonlyMap<string, Seen>,
    failed?: (path: string, error: unknown) => void,
  ): Promise<ReadonlyMap<string, Seen>>
}

export interface MirrorParts<Seen> {
  readonly publication: Source<Seen>
  readonly place: Place
  readonly log: { error(error: unknown, message: string): void }
}

/** Why a mirror is behind. */
export interface Behind {
  /** For operators: it says where the mirror lies. */
  readonly why: string
  /** The document that it lacks as it is published; null where it is not one of them. */
  readonly path: string | null
}

export interface Mirror {
  /** Null: it is not behind. */
  problem(): Behind | null
  /** Resolves when everything published so far is written, or could not be. */
  settled(): Promise<void>
  /** Ends after what is being written. */
  stop(): Promise<void>
}

/** What the mirror wrote, by file, so that a restart writes nothing twice and removes nothing that is not ours. */
const ledgerFile = '.candor-mirror.json'
/** In it, beside the files, none of which is called like this. */
const eraEntry = '.era'
const atOnce = 8
/** After so many the place is gone, and the rest is not tried. */
const mostFailures = 10

/**
 * Writes every public document as a file with its compressed siblings, and after each change those that it touched. What
 * went away is removed. What cannot be written or made keeps nothing else back, and is tried again with the next change.
 */
export function startMirror<Seen>(parts: MirrorParts<Seen>): Mirror {
  const { publication, place, log } = parts
  /** The tag of what each file holds. */
  let written: Map<string, string> | null = null
  let walked: ReadonlyMap<string, Seen> | undefined
  /** Of which snapshot all was seen and written; undefined: of none. */
  let whole: unknown
  let behind: Behind | null = null
  let isStopping = false
  let isDue = true
  let running: Promise<void> | null = null
  const improved = new Map<string, Document>()
  const fileOfPath = new Map<string, string>()

  async function run(): Promise<void> {
    while (isDue && !isStopping) {
      isDue = false
      try {
        const lacking = await writeAll()
        if (lacking.length === 0) behind = null
        for (const [path, error] of lacking.slice(0, 1)) fail(error, path)
      } catch (error) {
        if (isStopping) break
        fail(error, null)
      }
    }
    running = null
  }

  function fail(error: unknown, path: string | null): void {
    // Once, and again when it is something else.
    if (behind === null || behind.path !== path) {
      log.error(error, `The mirror ${place.name} could not be written${path === null ? '' : `: ${path}`}.`)
    }
    behind = {
      why: `the mirror ${place.name} is behind: ${error instanceof Error ? error.message : String(error)}`,
      path,
    }
  }

  /** Answers what could not be written or made, by path. */
  async function writeAll(): Promise<[string, unknown][]> {
    const files = (written ??= await readLedger(place))
    const before = JSON.stringify([...files])
    const turns = inTurns(atOnce)
    const failures = new Map<string, unknown>()
    let isOver = false
    const visit = async (path: string, document: Document): Promise<void> => {
      if (isStopping || isOver) throw new Error('The mirror stops.')
      const file = fileOf(path, document.headers['content-type'] ?? '')
      if (file === null || (document.status !== 200 && document.status !== 404)) return
      if (failures.size >= mostFailures) throw failures.values().next().value
      fileOfPath.set(path, file)
      await turns.next(async () => {
        if (files.get(file) === document.encodings.br.etag) return
        try {
          await writeDocument(place, file, document)
          files.set(file, document.encodings.br.etag)
          if (path === '/') await serverSnippets(place, document.headers)
        } catch (error) {
          failures.set(path, error)
        }
      })
    }
    try {
      // What is asked for most comes first, and what was only compressed better since.
      for (const [path, document] of improved) if (walked?.has(path)) await visit(path, document)
      improved.clear()
      // The walk shows them again, and no file is written twice at once.
      await turns.done()
      // A page that somebody read for the first time, or better bytes: everything else is as it was.
      const { snapshot } = publication
      if (whole !== undefined && whole === snapshot && failures.size === 0) return []
      whole = undefined
      const unmade = new Map<string, unknown>()
      const seen = await publication.walk(visit, walked, (path, error) => unmade.set(path, error))
      await turns.done()
      // The next walk shows again what failed.
      walked = new Map([...seen].filter(([path]) => !failures.has(path)))
      const standing = [...seen.keys()].map((path) => fileOfPath.get(path))
      // Of what kind these are nobody knows.
      const perhaps = [...unmade.keys()].flatMap((path) => [fileOf(path, ''), fileOf(path, 'text/html')])
      await removeOthers(files, new Set([...standing, ...perhaps]))
      for (const [path, error] of unmade) failures.set(path, error)
      if (failures.size === 0) whole = snapshot
    } finally {
      isOver = true
      await turns.done()
      // Also of what was written before it failed or stopped: what is on no list is never removed.
      if (JSON.stringify([...files]) !== before) await writeLedger(place, files)
    }
    return [...failures]
  }

  async function removeOthers(
    files: Map<string, string>,
    standing: ReadonlySet<string | null | undefined>,
  ): Promise<void> {
    for (const file of files.keys()) {
      if (standing.has(file)) continue
      for (const sibling of [file, `${file}.br`, `${file}.gz`]) await place.remove(sibling)
      files.delete(file)
    }
  }

  function go(): void {
    isDue = true
    running ??= breath().then(run)
  }
  publication.follow(({ changed }) => {
    for (const [path, document] of changed) improved.set(path, document)
    go()
  })
  return {
    problem: () => behind,
    async settled() {
      while (running) await running
    },
    async stop() {
      isStopping = true
      while (running) await running
    },
  }
}

async function writeDocument(place: Place, file: string, { headers, encodings }: Document): Promise<void> {
  const contentType = headers['content-type'] ?? 'application/octet-stream'
  const cacheControl = headers['cache-control'] ?? 'no-store'
  const item = (body: Buffer, contentEncoding: 'br' | 'gzip' | null) => ({
    body,
    contentType,
    cacheControl,
    contentEncoding,
  })
  // What is packed already has no smaller form.
  if (encodings.br.etag !== encodings.identity.etag) {
    await place.write(`${file}.br`, item(encodings.br.body, 'br'))
    await place.write(`${file}.gz`, item(encodings.gzip.body, 'gzip'))
  }
  await place.write(file, item(encodings.identity.body, null))
}

async function readLedger(place: Place): Promise<Map<string, string>> {
  const bytes = await place.read(ledgerFile)
  if (!bytes) return new Map()
  try {
    const { [eraEntry]: era, ...files } = JSON.parse(bytes.toString()) as Record<string, string>
    const isLasting = place.era === null || era === place.era
    // Ours all the same, so that they are removed when they go.
    return new Map(Object.entries(files).map(([file, etag]) => [file, isLasting ? etag : '']))
  } catch {
    // Cut short: everything is written again, and what went away meanwhile stays.
    return new Map()
  }
}

async function writeLedger(place: Place, files: ReadonlyMap<string, string>): Promise<void> {
  const era = place.era === null ? [] : [[eraEntry, place.era] as const]
  const body = Buffer.from(JSON.stringify(Object.fromEntries([...era, ...files])))
  await place.write(ledgerFile, {
    body,
    contentType: 'application/json',
    cacheControl: 'no-store',
    contentEncoding: null,
  })
}
