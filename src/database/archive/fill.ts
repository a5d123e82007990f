import { sql } from 'kysely'
import { breath } from '../../lib/breath.ts'
import type { Clock } from '../../lib/clock.ts'
import { migrations } from '../../../migrations/index.ts'
import { type Db, type Tx, inTransaction } from '../database.ts'
import { countOn } from '../dialect.ts'
import { migrate } from '../migrate.ts'
import { type Cell, type Heading, type Manifest, type SecretFile, valueOf } from './format.ts'
import { type Part, damaged } from './read.ts'
import { type TableShape, shapeOf } from './shape.ts'
import { sumsOf } from './write.ts'

export interface Filled {
  readonly heading: Heading
  readonly manifest: Manifest
  readonly secrets: readonly SecretFile[]
}

/** Values of one statement: both databases take so many. */
const mostValues = 8000

/**
 * Writes an archive into a database that has no table yet: makes the tables of the archive's version, fills them, and holds
 * every row that is there now against the manifest.
 */
export async function fillFrom(
  db: Db,
  parts: AsyncIterable<Part>,
  { clock, report }: { clock: Clock; report(done: number): void },
): Promise<Filled> {
  const iterator: AsyncIterator<Part, unknown> = parts[Symbol.asyncIterator]()
  const first = await iterator.next()
  if (first.done === true || first.value.kind !== 'heading') throw damaged('it has no heading')
  const { heading } = first.value
  const { version } = heading.schema
  await migrate(db, clock, migrations.slice(0, version))
  const secrets: SecretFile[] = []
  const manifest = await inTransaction(db, async (tx) => {
    for (const { name } of (await shapeOf(version)).toReversed()) await emptied(tx, name)
    const rows = gathering(tx)
    for (;;) {
      const next = await iterator.next()
      if (next.done === true) throw damaged('it ends before its manifest')
      const part = next.value
      if (part.kind === 'secret') secrets.push(part.secret)
      if (part.kind === 'row') await rows.add(part.table, part.cells)
      if (part.kind !== 'manifest') continue
      await rows.flush()
      for (const table of await shapeOf(version)) await goOn(tx, table)
      // Reads on, so that nothing may follow.
      await iterator.next()
      return part.manifest
    }
  })
  const sums = await sumsOf(db, await shapeOf(version), report)
  for (const [name, sum] of Object.entries(manifest.tables)) {
    const { rows = 0, sha256 = '' } = sums[name] ?? {}
    if (rows === sum.rows && sha256 === sum.sha256) continue
    throw new Error(
      `The table ${name} holds other rows than the archive (${rows} of ${sum.rows}). Nothing was changed.`,
    )
  }
  return { heading, manifest, secrets }
}

/** Some migrations write a first row; the archive has it as it became. What is only ever added to has none. */
async function emptied(tx: Tx, table: string): Promise<void> {
  const { rows } = await sql`select 1 from ${sql.table(table)} limit 1`.execute(tx)
  if (rows.length > 0) await sql`delete from ${sql.table(table)}`.execute(tx)
}

async function goOn(tx: Tx, { name, columns, key }: TableShape): Promise<void> {
  const [column, ...more] = key
  const isCounted = more.length === 0 && columns.some((one) => one.name === column && one.holds === 'number')
  if (isCounted && column !== undefined) await countOn(tx, name, column)
}

function gathering(tx: Tx) {
  let table: TableShape | null = null
  let waiting: (readonly Cell[])[] = []
  const flush = async (): Promise<void> => {
    if (!table || waiting.length === 0) return
    const names = table.columns.map(({ name }) => sql.ref(name))
    const rows = waiting.map((cells) => sql`(${sql.join(cells.map(valueOf))})`)
    waiting = []
    // Of tables and columns that only the archive's version knows, there are no types.
    await sql`insert into ${sql.table(table.name)} (${sql.join(names)}) values ${sql.join(rows)}`.execute(tx)
    await breath()
  }
  return {
    flush,
    async add(to: TableShape, cells: readonly Cell[]): Promise<void> {
      if (to !== table) await flush()
      table = to
      waiting.push(cells)
      if (waiting.length * cells.length >= mostValues || waiting.length >= 500) await flush()
    },
  }
}
