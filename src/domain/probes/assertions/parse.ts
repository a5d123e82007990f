import { Invalid } from '../../../lib/errors.ts'
import { readPattern } from '../../../lib/patterns.ts'
import { parseJsonPath } from '../json-path.ts'
import { type Assertion, type Claim, type JsonValue, type Op, type Source, rulesOfSources } from './assertion.ts'
import { parseCodes } from './codes.ts'
import { type Reader, reader } from './reader.ts'
import { patternOf } from './text.ts'

const mostAssertions = 30
const mostAlternatives = 10
const sources = Object.keys(rulesOfSources) as Source[]

/**
 * Reads assertions, one a line; empty lines are left out. Throws `Invalid` that names the line, the place in it, and what
 * could stand there.
 */
export function parseAssertions(text: string): Assertion[] {
  const assertions = text
    .split('\n')
    .flatMap((line, index) => (line.trim() === '' ? [] : [parseAssertion(line, index + 1)]))
  if (assertions.length > mostAssertions) {
    throw new Invalid(
      `These are ${assertions.length} assertions, at most ${mostAssertions} are possible.`,
      'assertions',
    )
  }
  return assertions
}

function parseAssertion(text: string, number: number): Assertion {
  const line = reader(text, (place, problem) => {
    throw new Invalid(`Line ${number}, ${place}: ${problem}.`, 'assertions')
  })
  const isAnyOf = line.take(/any of\s*:/iy) !== null
  const claims = [claim(line)]
  while (isAnyOf && line.take(/or\b/iy) !== null) claims.push(claim(line))
  if (!line.isAtEnd()) line.fault(isAnyOf ? 'expected “or” and another assertion, or the end of the line' : afterwards)
  if (!isAnyOf) return claims[0] as Claim
  if (claims.length < 2) line.fault('“any of:” needs two assertions with “or” between them')
  if (claims.length > mostAlternatives) line.fault(`at most ${mostAlternatives} alternatives are possible`)
  return { anyOf: claims }
}

const afterwards = 'expected the end of the line: alternatives begin with “any of:”'

function claim(line: Reader): Claim {
  const source = sourceOf(line)
  const path = pathOf(line, source)
  const op = opOf(line, source)
  return { source, path, op, value: valueOf(line, source, op) }
}

function sourceOf(line: Reader): Source {
  const word = line.take(/[a-z][a-z.]*/iy)?.toLowerCase()
  const source = sources.find((known) => known === word)
  if (source === undefined) return line.fault(`expected one of ${sources.join(', ')}`, word)
  return source
}

function pathOf(line: Reader, source: Source): string | null {
  if (source !== 'header' && source !== 'json') return null
  if (line.take(/\(/y) === null)
    line.fault(source === 'header' ? 'expected a name: header(content-type)' : 'expected a path: json($.status)')
  if (source === 'header') {
    const name = line.take(/[!#$%&'*+.^_`|~0-9a-z-]+/iy)
    if (name === null) return line.fault('expected the name of a header')
    if (line.take(/\)/y) === null) line.fault('expected “)” after the name')
    return name.toLowerCase()
  }
  const path = line.take(/(?:[^()'"]|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")+/y)?.trim()
  if (path === undefined || parseJsonPath(path) === null)
    return line.fault("expected a path of names and positions, such as $.checks[0].status or $['a b']", path)
  if (line.take(/\)/y) === null) line.fault('expected “)” after the path')
  return path
}

const opWords = /(?:not\s+(?:in|contains|matches|exists)|in|contains|matches|exists)\b|[<>]=?|[=!]=|=/iy

function opOf(line: Reader, source: Source): Op {
  const { ops } = rulesOfSources[source]
  const said = line.take(opWords)?.toLowerCase().replace(/\s+/g, ' ')
  // `status == 200` is what people write first.
  const meant = source === 'status' ? { '==': 'in', '!=': 'not in', '=': 'in' }[said ?? ''] : said === '=' ? '==' : said
  const op = ops.find((known) => known === (meant ?? said))
  return op ?? line.fault(`expected ${ops.join(', ')} after ${source}`, said)
}

function valueOf(line: Reader, source: Source, op: Op): JsonValue {
  if (op === 'exists' || op === 'not exists') return null
  if (op === 'matches' || op === 'not matches') return patternText(line)
  switch (rulesOfSources[source].takes) {
    case 'codes':
      return codes(line)
    case 'ms':
      return milliseconds(line)
    case 'days':
      return amount(line, /d(?:ays?)?\b/iy, 'a number of days, such as 14')
    case 'percent':
      return percent(line)
    case 'text':
      return quoted(line)
    case 'json':
      return op === 'contains' || op === 'not contains' || op === '==' || op === '!=' ? json(line) : decimal(line)
  }
}

function patternText(line: Reader): string {
  const text = line.take(/\/(?:[^/\\]|\\.)+\/[a-z]*/y)
  if (text === null) return line.fault('expected a pattern between strokes, such as /^ok/i')
  const { source, flags } = patternOf(text)
  const pattern = readPattern(source, flags)
  return 'fault' in pattern ? line.fault(`this ${pattern.fault}`, text) : text
}

function codes(line: Reader): string {
  const text = line.take(/\d+(?:\s*[-,]\s*\d+)*/y)
  if (text === null || parseCodes(text) === null)
    return line.fault('expected codes and ranges of them, such as 200-299,401', text ?? undefined)
  return text.replace(/\s/g, '')
}

function milliseconds(line: Reader): number {
  const number = decimal(line, 'a time, such as 500ms or 2s')
  const unit = line.take(/ms\b|s\b/iy)?.toLowerCase()
  if (unit === undefined) return line.fault('expected the unit: ms or s')
  return unit === 's' ? Number((number * 1000).toPrecision(12)) : number
}

function percent(line: Reader): number {
  const share = decimal(line, 'a share, such as 20%')
  if (line.take(/%/y) === null) line.fault('expected the unit: %')
  if (share > 100) line.fault('expected at most 100%')
  return share
}

function amount(line: Reader, unit: RegExp, expected: string): number {
  const number = decimal(line, expected)
  line.take(unit)
  return number
}

function decimal(line: Reader, expected = 'a number'): number {
  const text = line.take(/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/iy)
  const number = Number(text)
  if (text === null || !Number.isFinite(number)) return line.fault(`expected ${expected}`)
  // JSON knows no other zero.
  return number === 0 ? 0 : number
}

function quoted(line: Reader): string {
  const text = line.take(/"(?:[^"\\]|\\.)*"/y)
  if (text === null) return line.fault('expected a text in double quotes, such as "ok"')
  return parsedBy(line, text) as string
}

/** Strings, numbers, true, false, null, and lists and objects of them. */
function json(line: Reader): JsonValue {
  const text = line.takeJson()
  if (text === null)
    return line.fault('expected a value as in JSON: a text in double quotes, a number, true, false or null')
  return parsedBy(line, text)
}

function parsedBy(line: Reader, text: string): JsonValue {
  try {
    return JSON.parse(text, (_key, value: unknown) => (Object.is(value, -0) ? 0 : value)) as JsonValue
  } catch {
    // Where it stands is worth more than what the parser says.
    return line.fault('this is not a value as JSON writes it: use \\" and \\\\ for a quote and a backslash', text)
  }
}
