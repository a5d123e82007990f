import { type Hash, createHash } from 'node:crypto'
import { sql } from 'kysely'
import { breath } from '../../lib/breath.ts'
import type { Instant } from '../../lib/clock.ts'
import { Conflict } from '../../lib/errors.ts'
import { migrations } from '../../../migrations/index.ts'
import { type Db, type Tx, readTogether } from '../database.ts'
import { inPortions, orderedBy } from '../dialect.ts'
import { codeVersion, databaseVersion, underWay } from '../migrate.ts'
import { type Heading, type Manifest, type SecretFile, type TableSum, formatVersion, rowLine } from './format.ts'
import { type TableShape, leftOut, shapeOf } from './shape.ts'

export interface ArchiveFacts {
  readonly now: Instant
  readonly product: string
  readonly secrets: readonly SecretFile[]
  /** Told now and then how many rows are done. How many there are nobody knows without reading them all. */
  report(done: number): void
}

export interface Written {
  readonly heading: Heading
  readonly manifest: Manifest
}

/** Bytes handed on at once: enough that nobody counts the calls. */
const portion = 64 * 1024
/** Whoever else the loop answers waits no longer than this. */
const sliceMs = 4

/**
 * Reads the whole database as it is at one moment, while others write to it, and gives it away in pieces of lines. Nothing
 * is held but the piece at hand. Answers what was written.
 */
export async function writeArchive(
  db: Db,
  facts: ArchiveFacts,
  take: (piece: Buffer) => Promise<void>,
): Promise<Written> {
  const version = await knownVersion(db)
  const shape = await shapeOf(version)
  return readTogether(db, async (tx) => {
    if ((await databaseVersion(tx)) !== version) throw new Conflict('The database was just brought to another version.')
    if (await underWay(tx))
      throw new Conflict('The database is being upgraded. Run candor migrate, then make the backup.')
    const heading = await headingOf(tx, facts, { version, shape })
    const lines = gatherer(take)
    await lines.add(JSON.stringify(heading))
    for (const secret of facts.secrets) await lines.add(JSON.stringify(secret))
    const tables: Record<string, TableSum> = {}
    let done = 0
    for (const table of shape) {
      await lines.add(JSON.stringify({ table: table.name, columns: table.columns.map(({ name }) => name) }))
      const sum = await eachRow(tx, table, async (line) => {
        done += 1
        if (done % 1000 === 0) facts.report(done)
        await lines.add(line)
      })
      tables[table.name] = sum
      await lines.add(JSON.stringify({ end: table.name, ...sum }))
    }
    const manifest: Manifest = { type: 'candor manifest', tables, sha256: lines.sum() }
    await lines.add(JSON.stringify(manifest))
    await lines.flush()
    return { heading, manifest }
  })
}

/** What each table of a database has now, to be held against a manifest. */
export async function sumsOf(
  db: Db,
  shape: readonly TableShape[],
  report: (done: number) => void,
): Promise<Record<string, TableSum>> {
  return readTogether(db, async (tx) => {
    const sums: Record<string, TableSum> = {}
    let done = 0
    for (const table of shape) {
      sums[table.name] = await eachRow(tx, table, () => {
        done += 1
        if (done % 1000 === 0) report(done)
      })
    }
    return sums
  })
}

async function knownVersion(db: Db): Promise<number> {
  const version = await databaseVersion(db)
  if (version === 0) throw new Conflict('There is nothing in this database yet.')
  if (version <= codeVersion) return version
  throw new Conflict(`The database is newer (version ${version}) than this Candor (version ${codeVersion}).`)
}

async function headingOf(
  tx: Tx,
  { now, product, secrets }: ArchiveFacts,
  { version, shape }: { version: number; shape: readonly TableShape[] },
): Promise<Heading> {
  const site = await tx.selectFrom('sites').select('name').limit(1).executeTakeFirst()
  if (!site) throw new Conflict('There is nothing in this database yet.')
  const event = await tx.selectFrom('events').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst()
  const hasLedger = shape.some((table) => table.name === 'ledger')
  const end = hasLedger
    ? await tx.selectFrom('ledger').select(['seq', 'hash']).orderBy('seq', 'desc').limit(1).executeTakeFirst()
    : null
  return {
    type: 'candor archive',
    format: formatVersion,
    at: now,
    product,
    schema: { version, name: migrations[version - 1]?.name ?? '' },
    site: site.name,
    lastEvent: event?.seq ?? 0,
    ledger: end ?? null,
    files: secrets.map(({ file }) => file),
    tables: shape.map((table) => table.name),
    leftOut,
  }
}

/** Gives every row of a table as a line, in the order of its key; lets others have their turn meanwhile. */
async function eachRow(tx: Tx, table: TableShape, take: (line: string) => Promise<void> | void): Promise<TableSum> {
  const names = table.columns.map(({ name }) => name)
  const isText = new Map(table.columns.map(({ name, holds }) => [name, holds === 'text']))
  const order = table.key.map((name) => orderedBy(tx, name, isText.get(name) ? 'text' : 'number'))
  let query = tx
    .selectFrom(sql`${sql.table(table.name)}`.as('rows'))
    .select(names.map((name) => sql.ref(name).as(name)))
  for (const one of order) query = query.orderBy(one)
  const hash = createHash('sha256')
  let rows = 0
  let begun = performance.now()
  for await (const portionOfRows of inPortions(tx, query, 500)) {
    for (const row of portionOfRows) {
      const line = rowLine(names.map((name) => row[name] ?? null))
      hash.update(line).update('\n')
      rows += 1
      await take(line)
      if (performance.now() - begun < sliceMs) continue
      await breath()
      begun = performance.now()
    }
  }
  return { rows, sha256: hash.digest('hex') }
}

/** Lines into pieces, with the sum of all that was added. */
function gatherer(take: (piece: Buffer) => Promise<void>) {
  const hash: Hash = createHash('sha256')
  let lines: string[] = []
  let size = 0
  const flush = async (): Promise<void> => {
    if (lines.length === 0) return
    const piece = Buffer.from(`${lines.join('\n')}\n`)
    lines = []
    size = 0
    hash.update(piece)
    await take(piece)
  }
  return {
    flush,
    async add(line: string): Promise<void> {
      lines.push(line)
      size += line.length
      if (size >= portion) await flush()
    },
    /** Of everything added so far. */
    sum(): string {
      const rest = lines.length === 0 ? '' : `${lines.join('\n')}\n`
      return hash.copy().update(rest).digest('hex')
    },
  }
}
