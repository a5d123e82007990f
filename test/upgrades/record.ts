/**
 * Records a database as it was released, for `upgrades.test.ts`: its schema, and so many rows of each table that a
 * migration meets all of them. Run once for each released version, with a SQLite file that the released code made:
 *
 *     node test/upgrades/record.ts <database file> <version>
 */
import { writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import SQLite from 'better-sqlite3'
import type { Recorded } from './recorded.ts'

/** Of tables that grow with time alone a few rows show as much as all of them. */
const most = new Map(
  ['check_samples', 'check_hours', 'check_days', 'metric_slots', 'metric_hours', 'metric_days'].map((name) => [
    name,
    60,
  ]),
)

const [path = '', version = ''] = process.argv.slice(2)
const file = new SQLite(path, { readonly: true, fileMustExist: true })
const schema = file
  .prepare<[], { type: string; name: string; sql: string }>(
    `select type, name, sql from sqlite_schema where sql is not null and name not like 'sqlite_%' order by type, name`,
  )
  .all()
const lines: Recorded[] = schema.map((entry) => ({ schema: entry }))
for (const { name } of schema.filter(({ type }) => type === 'table')) {
  if (name === 'schema_versions') continue
  const rows = file
    .prepare<[number], Record<string, unknown>>(`select * from "${name}" limit ?`)
    .all(most.get(name) ?? -1)
  for (const row of rows) lines.push({ table: name, row: Object.fromEntries(Object.entries(row).map(asText)) })
}
const target = new URL(`v${version}.jsonl.gz`, import.meta.url)
const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
writeFileSync(target, gzipSync(text, { level: 9 }))
process.stdout.write(`${target.pathname}: ${lines.length} lines\n`)

function asText([name, value]: [string, unknown]): [string, unknown] {
  return [name, Buffer.isBuffer(value) ? { base64: value.toString('base64') } : value]
}
