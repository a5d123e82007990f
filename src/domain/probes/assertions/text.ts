import { type Assertion, type Claim, bare } from './assertion.ts'

/** The line that says it, so that reading it gives the same assertion again. */
export function printAssertion(assertion: Assertion): string {
  if (!('anyOf' in assertion)) return printClaim(assertion)
  return `any of: ${assertion.anyOf.map(printClaim).join(' or ')}`
}

/** The text of a form, an assertion a line. */
export function printAssertions(assertions: readonly Assertion[]): string {
  return assertions.map(printAssertion).join('\n')
}

function printClaim(claim: Claim): string {
  const subject = claim.path === null ? claim.source : `${claim.source}(${claim.path})`
  const value = printValue(claim)
  return value === '' ? `${subject} ${claim.op}` : `${subject} ${claim.op} ${value}`
}

function printValue({ source, op, value }: Claim): string {
  if (op === 'exists' || op === 'not exists') return ''
  if (op === 'in' || op === 'not in' || op === 'matches' || op === 'not matches') return bare(value)
  if (source.startsWith('latency') || source === 'rtt') return printTime(Number(value))
  if (source === 'loss') return `${bare(value)}%`
  return JSON.stringify(value)
}

function printTime(milliseconds: number): string {
  const seconds = milliseconds / 1000
  return Number.isInteger(seconds) && seconds > 0 ? `${seconds}s` : `${milliseconds}ms`
}

/** What stands between the strokes of `/…/i`, and what stands behind them. */
export function patternOf(text: string): { readonly source: string; readonly flags: string } {
  const end = text.lastIndexOf('/')
  return { source: text.slice(1, end), flags: text.slice(end + 1) }
}
