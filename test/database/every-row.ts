import { migrations } from '../../migrations/index.ts'
import { type OpenDatabase, openDatabase } from '../../src/database/database.ts'
import { migrate } from '../../src/database/migrate.ts'
import { wallClock } from '../../src/lib/clock.ts'

interface ModelColumn {
  readonly name: string
  readonly type: string
  readonly notnull: number
  readonly pk: number
}

type Value = string | number | Buffer | null

/** Strings that somebody who reads and writes by hand gets wrong. */
const hard = `“سلام” 你好 😀 \u2028 '";-- \\x00 \\ \n\r\t<b>& \ufeff end `

/**
 * A row of every table that the database itself says it has, with a value in each column, and one with as little as it may
 * have: whoever adds a table or a column has them in here at once.
 */
export async function fillEveryTable({ file }: OpenDatabase, tables: readonly string[]): Promise<void> {
  const model = openDatabase(':memory:')
  await migrate(model.db, wallClock, migrations)
  const ask = <Row>(statement: string): Row[] => (model.file?.prepare(statement).all() ?? []) as Row[]
  const columnsOf = (table: string): ModelColumn[] => ask(`select * from pragma_table_info('${table}')`)
  const references = (table: string): { from: string; table: string; to: string }[] =>
    ask(`select "from", "table", "to" from pragma_foreign_key_list('${table}')`)
  const valueOf = (table: string, column: ModelColumn, index: number): Value => {
    const to = references(table).find(({ from }) => from === column.name)
    const target = to && columnsOf(to.table).find(({ name }) => name === to.to)
    if (to && target && to.table !== table) return valueOf(to.table, target, index)
    switch (column.type.toLowerCase()) {
      case 'text':
        return `${table} ${column.name} ${index} ${hard}`
      case 'bigint':
        return 2 ** 50 + index
      case 'double precision':
        return 0.1 + index + Number.EPSILON
      case 'blob':
        return Buffer.from([0, 255, 10, index, 128])
      default:
        return 1_000_000 + index
    }
  }
  for (const table of tables) {
    const columns = columnsOf(table)
    for (const [index, isPoor] of [false, true].entries()) {
      const values = columns.map((column) =>
        isPoor && column.notnull === 0 && column.pk === 0 ? null : valueOf(table, column, index),
      )
      const names = columns.map(({ name }) => `"${name}"`).join()
      file?.prepare(`insert into "${table}" (${names}) values (${columns.map(() => '?').join()})`).run(values)
    }
  }
  await model.close()
}
