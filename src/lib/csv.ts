import { Invalid } from './errors.ts'

export type Cell = string | number | null

/** No list of ours has as many columns, and no cell of one is as long: who sends more sends no list. */
const mostCells = 200
const longestCell = 32_768

/** One line of a file for spreadsheets: RFC 4180, with its end. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(cell).join(',')}\r\n`
}

function cell(value: Cell): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  // A text that begins so would be computed by whatever opens the file.
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

/** One line of such a file as it was read, and where it begins. */
export interface CsvRow {
  readonly line: number
  readonly cells: readonly string[]
}

/** The file ends within quotes that began on this line. */
export class UnclosedQuotes extends Error {
  readonly line: number

  constructor(line: number) {
    super(`The quotes that begin on line ${line} never end.`)
    this.line = line
  }
}

/**
 * Lines of a file, one at a time: RFC 4180, or with the semicolons or tabs that spreadsheets write in many countries, as
 * its first line has them. Empty lines are left out; the mark that `csvLine` puts before a formula is taken away.
 */
export function* csvRows(text: string): Generator<CsvRow> {
  const body = text.startsWith('\ufeff') ? text.slice(1) : text
  const between = separatorOf(body)
  const token = new RegExp(
    `"((?:[^"]|""){0,${longestCell}})("?)|([^"${between}\\r\\n][^${between}\\r\\n]*)|(${between})|((?:\\r\\n|\\n|\\r){1,1000})`,
    'gy',
  )
  let [line, begun] = [1, 1]
  let cells: string[] = []
  let cell = ''
  const row = (): CsvRow | null => {
    const done = { line: begun, cells: [...cells, plain(cell)] }
    ;[cells, cell] = [[], '']
    return done.cells.every((one) => one.trim() === '') ? null : done
  }
  for (const [whole, quoted, end, bare, separator, newline] of body.matchAll(token)) {
    if (quoted !== undefined && end === '') throw new UnclosedQuotes(line)
    cell += quoted?.replaceAll('""', '"') ?? bare ?? ''
    if (separator !== undefined) {
      if (cells.length >= mostCells) throw new Invalid(`Line ${line} has more than ${mostCells} cells.`)
      cells.push(plain(cell))
      cell = ''
    }
    line += whole.match(/\r\n|\n|\r/g)?.length ?? 0
    if (newline === undefined) continue
    const done = row()
    if (done) yield done
    begun = line
  }
  const last = row()
  if (last) yield last
}

function separatorOf(text: string): ',' | ';' | '\t' {
  const [first = ''] = text.split(/[\r\n]/, 1)
  const count = (mark: string): number => first.split(mark).length
  if (count(';') > count(',')) return ';'
  return count('\t') > count(',') ? '\t' : ','
}

function plain(value: string): string {
  return /^'[=+\-@\t\r]/.test(value) ? value.slice(1) : value
}
