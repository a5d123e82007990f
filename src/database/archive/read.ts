import { createHash } from 'node:crypto'
import { Invalid } from '../../lib/errors.ts'
import { codeVersion } from '../migrate.ts'
import { type Cell, type Heading, type Manifest, type SecretFile, formatVersion, isCell } from './format.ts'
import { type TableShape, shapeOf } from './shape.ts'

/** What an archive consists of, in the order in which it stands there. */
export type Part =
  | { readonly kind: 'heading'; readonly heading: Heading }
  | { readonly kind: 'secret'; readonly secret: SecretFile }
  | { readonly kind: 'row'; readonly table: TableShape; readonly cells: readonly Cell[] }
  | { readonly kind: 'manifest'; readonly manifest: Manifest }

/**
 * Reads an archive line by line and holds each against what the archive says of itself: the columns of this version, the
 * number and the sum of the rows of each table, and the sum of everything. The first thing that does not fit ends it, in
 * words; whoever has read the manifest has read an archive that is whole.
 */
export async function* readArchive(lines: AsyncIterable<string>): AsyncGenerator<Part> {
  const all = createHash('sha256')
  const known: Record<string, unknown> = {}
  let heading: Heading | null = null
  let shape: readonly TableShape[] = []
  let secrets = 0
  let open: { table: TableShape; rows: number; hash: ReturnType<typeof createHash> } | null = null
  let isOver = false
  for await (const line of lines) {
    if (isOver) throw damaged('something follows its end')
    const value = parsed(line)
    if (heading === null) {
      heading = headingOf(value)
      shape = await shapeOf(heading.schema.version)
      if (shape.map(({ name }) => name).join() !== heading.tables.join()) throw damaged('it has other tables')
      yield { kind: 'heading', heading }
    } else if (Array.isArray(value)) {
      const columns = open?.table.columns.length
      if (!open || value.length !== columns || !value.every(isCell)) throw damaged('a row is not of its table')
      open.rows += 1
      open.hash.update(line).update('\n')
      yield { kind: 'row', table: open.table, cells: value }
    } else if (isObject(value) && typeof value['file'] === 'string' && typeof value['text'] === 'string') {
      if (heading.files[secrets] !== value['file']) throw damaged('it has other files than it says')
      secrets += 1
      yield { kind: 'secret', secret: { file: value['file'], text: value['text'] } }
    } else if (isObject(value) && typeof value['table'] === 'string') {
      const next = shape[Object.keys(known).length]
      const columns = next?.columns.map(({ name }) => name).join()
      if (open || next?.name !== value['table'] || String(value['columns']) !== columns) {
        throw damaged(`the table ${value['table']} is not in its place`)
      }
      open = { table: next, rows: 0, hash: createHash('sha256') }
    } else if (isObject(value) && open && value['end'] === open.table.name) {
      const sum = { rows: open.rows, sha256: open.hash.digest('hex') }
      if (sum.rows !== value['rows'] || sum.sha256 !== value['sha256']) {
        throw damaged(`the table ${open.table.name} is not what it was`)
      }
      known[open.table.name] = sum
      open = null
    } else if (isObject(value) && value['type'] === 'candor manifest' && !open) {
      const manifest = value as unknown as Manifest
      if (Object.keys(known).length !== shape.length || secrets !== heading.files.length)
        throw damaged('parts are missing')
      if (manifest.sha256 !== all.digest('hex')) throw damaged('its sum is not what it was')
      if (JSON.stringify(manifest.tables) !== JSON.stringify(known)) throw damaged('its manifest does not fit')
      isOver = true
      yield { kind: 'manifest', manifest }
      continue
    } else throw damaged('a line is none of an archive')
    if (!isOver) all.update(line).update('\n')
  }
  if (!isOver) throw damaged('it ends before its manifest')
}

function headingOf(value: unknown): Heading {
  if (!isObject(value) || value['type'] !== 'candor archive') throw damaged('it does not begin as one')
  const isWhole =
    Number.isSafeInteger(value['format']) &&
    isObject(value['schema']) &&
    Array.isArray(value['tables']) &&
    Array.isArray(value['files'])
  if (!isWhole) throw damaged('its heading is not what it was')
  const heading = value as unknown as Heading
  if (heading.format !== formatVersion) {
    throw new Invalid(
      `This archive is of a format (${String(heading.format)}) that this Candor does not know: restore it with Candor ${heading.product} or newer. Nothing was changed.`,
    )
  }
  const { version } = heading.schema
  if (!Number.isSafeInteger(version) || version < 1) throw damaged('it names no version')
  if (version > codeVersion) {
    throw new Invalid(
      `This archive is newer (version ${version} of the tables, of Candor ${heading.product}) than this Candor (version ${codeVersion}). ` +
        'Restore it with the newer one. Nothing was changed.',
    )
  }
  return heading
}

/** A sentence for who restores: this one cannot be used, and nothing was changed. */
export function damaged(how: string): Invalid {
  return new Invalid(
    `This archive is damaged: ${how}. Nothing was changed. Try another copy of it, or an older backup.`,
  )
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    throw damaged('a line is no JSON')
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
