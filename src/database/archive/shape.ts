import { migrations } from '../../../migrations/index.ts'
import { instantOf } from '../../lib/clock.ts'
import { openDatabase } from '../database.ts'
import { migrate } from '../migrate.ts'

/** A table as a version of the schema has it. */
export interface TableShape {
  readonly name: string
  readonly columns: readonly Column[]
  /** In which order its rows stand: no two have the same. */
  readonly key: readonly string[]
}

interface Column {
  readonly name: string
  readonly holds: 'text' | 'number' | 'bytes'
}

/** What no archive holds, and why. Everything else is in it: nobody has to remember a new table. */
export const leftOut: Readonly<Record<string, string>> = {
  schema_versions: 'an archive names its version, and a database that is made anew writes its own',
  heartbeats: 'they say that a process is alive, which is over',
  leases: 'they say which process does what now, and change every few seconds',
  backups: 'it is about this installation, and not about the page',
  sessions: 'who was signed in then has to sign in again: a copy of an archive must let nobody in',
  half_sign_ins: 'whoever was between a password and a second factor begins again',
  challenges: 'a passkey is asked anew each time',
  account_resets: 'a way back in that was sent then is asked for again',
  sign_in_failures: 'who guessed wrong a while ago is no matter of today',
}

const shapes = new Map<number, Promise<readonly TableShape[]>>()

/**
 * The tables of a version of the schema, each after those that it refers to: asked of an empty database that the migrations
 * up to this version have made, so that nothing has to be written down twice, and both databases give the same.
 */
export function shapeOf(version: number): Promise<readonly TableShape[]> {
  const known = shapes.get(version) ?? readShape(version)
  shapes.set(version, known)
  return known
}

async function readShape(version: number): Promise<readonly TableShape[]> {
  const model = openDatabase(':memory:')
  try {
    await migrate(model.db, { now: () => instantOf(0) }, migrations.slice(0, version))
    const ask = <Row>(statement: string): Row[] => (model.file?.prepare(statement).all() ?? []) as Row[]
    const names = ask<{ name: string }>(
      `select name from sqlite_master where type = 'table' and name not like 'sqlite!_%' escape '!' order by name`,
    ).map(({ name }) => name)
    const refersTo = new Map<string, Set<string>>()
    for (const name of names) {
      const rows = ask<{ table: string }>(`select distinct "table" from pragma_foreign_key_list('${name}')`)
      refersTo.set(name, new Set(rows.map(({ table }) => table).filter((table) => table !== name)))
    }
    return inOrder(names, refersTo)
      .filter((name) => !(name in leftOut))
      .map((name) => {
        const rows = ask<{ name: string; type: string; pk: number }>(
          `select name, type, pk from pragma_table_info('${name}')`,
        )
        const columns = rows.map((column) => ({ name: column.name, holds: holdsOf(column.type) }))
        const key = rows.filter(({ pk }) => pk > 0).toSorted((a, b) => a.pk - b.pk)
        return { name, columns, key: (key.length > 0 ? key : rows).map((column) => column.name) }
      })
  } finally {
    await model.close()
  }
}

function holdsOf(type: string): Column['holds'] {
  switch (type.toLowerCase()) {
    case 'text':
      return 'text'
    case 'integer':
    case 'bigint':
    case 'double precision':
      return 'number'
    case 'blob':
      return 'bytes'
    default:
      throw new Error(`No archive knows a column of the type ${type}.`)
  }
}

/** Those that others refer to come first. */
function inOrder(names: readonly string[], refersTo: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const done = new Set<string>()
  while (done.size < names.length) {
    const ready = names.filter((name) => !done.has(name) && [...(refersTo.get(name) ?? [])].every((on) => done.has(on)))
    if (ready.length === 0) throw new Error('Tables refer to each other in a ring: no order is right for them.')
    for (const name of ready) done.add(name)
  }
  return [...done]
}
