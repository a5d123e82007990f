import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { extname } from 'node:path'
import type { FastifyPluginAsync } from 'fastify'
import { everyone } from './access.ts'
import { type Document, answer, toDocument } from './document.ts'
import type { Publication } from './publication.ts'
import { joinedScript } from './joined-script.ts'

const folder = new URL('../../../views/assets/', import.meta.url)

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

interface Asset {
  readonly path: string
  readonly contentType: string
  readonly body: Buffer
}

let loaded: ReadonlyMap<string, Asset> | null = null

/** Every file of `views/assets/`, read once, named by its content so that it may be kept for ever. */
function assets(): ReadonlyMap<string, Asset> {
  loaded ??= new Map(
    [...files()].flatMap(([name, body]): [string, Asset][] => {
      const extension = extname(name)
      const contentType = contentTypes[extension]
      if (!contentType) return []
      const hash = createHash('sha256').update(body).digest('base64url').slice(0, 10)
      return [[name, { path: `/assets/${name.slice(0, -extension.length)}-${hash}${extension}`, contentType, body }]]
    }),
  )
  return loaded
}

function files(): Map<string, Buffer> {
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile())
  return new Map([
    ...entries.map(({ name }): [string, Buffer] => [name, readFileSync(new URL(name, folder))]),
    // The desk draws the same charts as the page.
    ['charts.css', readFileSync(new URL('public/charts.css', folder))],
    ['public.js', Buffer.from(joinedScript(new URL('public/wake.js', folder)))],
  ])
}

/** The address of a file of `views/assets/`: `assetHref('public.js')`. */
export function assetHref(name: string): string {
  const asset = assets().get(name)
  if (!asset) throw new Error(`There is no asset “${name}” in views/assets.`)
  return asset.path
}

/** The file at this address, for whoever serves it without a publication. */
export function assetAt(path: string): Pick<Asset, 'contentType' | 'body'> | undefined {
  if (!path.startsWith('/assets/')) return undefined
  return [...assets().values()].find((asset) => asset.path === path)
}

const forEver = { 'cache-control': 'public, max-age=31536000, immutable' }

let prepared: Promise<ReadonlyMap<string, Document>> | null = null

/** One after the other: each that is under way keeps a megabyte or two of its own for good. */
async function compress(): Promise<ReadonlyMap<string, Document>> {
  const documents = new Map<string, Document>()
  for (const { path, contentType, body } of assets().values()) {
    documents.set(path, await toDocument(path, { contentType, body, headers: forEver }))
  }
  return documents
}

export interface AssetsOptions {
  readonly publication: Pick<Publication, 'keep' | 'find'>
}

/** Serves the assets of all faces: the same bytes for everybody, compressed once. */
export const assetsFace: FastifyPluginAsync<AssetsOptions> = async (face, { publication }) => {
  for (const [path, document] of await (prepared ??= compress())) publication.keep(path, document)
  face.get<{ Params: { name: string } }>('/assets/:name', { config: { access: everyone } }, (request, reply) => {
    const document = publication.find(`/assets/${request.params.name}`)
    if (!document) {
      void reply.code(404).header('cache-control', 'no-store').type('text/plain; charset=utf-8')
      return reply.send('There is nothing at this address.\n')
    }
    return answer(request, reply, document)
  })
}
