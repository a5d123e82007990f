import { readFileSync, readdirSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** A line of what was recorded of a released database. */
export type Recorded =
  | { readonly schema: { readonly type: string; readonly name: string; readonly sql: string } }
  | { readonly table: string; readonly row: Readonly<Record<string, unknown>> }

export interface Release {
  readonly version: number
  readonly schema: readonly string[]
  /** By table, in the order in which they were made. */
  readonly rows: ReadonlyMap<string, readonly Readonly<Record<string, unknown>>[]>
}

/** Every released version, as it was recorded when it was. */
export function releases(): Release[] {
  const folder = new URL('.', import.meta.url)
  return readdirSync(folder)
    .flatMap((name) => /^v(\d+)\.jsonl\.gz$/.exec(name)?.[1] ?? [])
    .map(Number)
    .toSorted((a, b) => a - b)
    .map((version) => {
      const text = gunzipSync(readFileSync(new URL(`v${version}.jsonl.gz`, folder))).toString()
      const lines = text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Recorded)
      const rows = lines.flatMap((line) => ('table' in line ? [line] : []))
      return {
        version,
        schema: lines.flatMap((line) => ('schema' in line ? [plain(line.schema.sql)] : [])).toSorted(),
        rows: new Map(
          [...Map.groupBy(rows, ({ table }) => table)].map(([table, those]) => [
            table,
            those.map(({ row }) => Object.fromEntries(Object.entries(row).map(asBytes))),
          ]),
        ),
      }
    })
}

/** Without what a later version of the query builder may write otherwise. */
export function plain(sql: string): string {
  return sql.replaceAll(/\s+/g, ' ').trim()
}

function asBytes([name, value]: [string, unknown]): [string, unknown] {
  const isBytes = typeof value === 'object' && value !== null && 'base64' in value
  return [name, isBytes ? Buffer.from(String(value.base64), 'base64') : value]
}
