import { isDeepStrictEqual } from 'node:util'
import { type Assertion, type Claim, type Source, bare, claimsOf } from './assertion.ts'
import { isAll, isIn, parseCodes } from './codes.ts'
import { printAssertion } from './text.ts'

/** What somebody should know who writes this; it is not refused. */
export interface Advice {
  /** Which assertion, from 1. */
  readonly number: number
  readonly text: string
}

/** Says which assertions can never fail, and which can never hold together. */
export function lint(assertions: readonly Assertion[], { timeoutMs }: { readonly timeoutMs: number }): Advice[] {
  return assertions.flatMap((assertion, index): Advice[] => {
    const number = index + 1
    const idle = alwaysHolds(assertion, timeoutMs)
    if (idle !== null) return [{ number, text: `“${printAssertion(assertion)}” can never fail: ${idle}.` }]
    const before = assertions.slice(0, index)
    const twin = before.findIndex((other) => isDeepStrictEqual(other, assertion))
    if (twin !== -1) return [{ number, text: `“${printAssertion(assertion)}” stands there twice.` }]
    const enemy = before.find((other) => contradict(other, assertion))
    if (!enemy) return []
    return [{ number, text: `“${printAssertion(assertion)}” and “${printAssertion(enemy)}” can never hold together.` }]
  })
}

/** The first source that is asked about and that these answers never bring; null: they bring them all. */
export function notBrought(
  assertions: readonly Assertion[],
  brought: readonly Source[],
): { readonly number: number; readonly source: Source } | null {
  for (const [index, assertion] of assertions.entries()) {
    const claim = claimsOf(assertion).find(({ source }) => !brought.includes(source))
    if (claim) return { number: index + 1, source: claim.source }
  }
  return null
}

/** Why, as the end of a sentence; null: it may fail. */
function alwaysHolds(assertion: Assertion, timeoutMs: number): string | null {
  if (!('anyOf' in assertion)) return claimHolds(assertion, timeoutMs)
  const { anyOf } = assertion
  const pair = anyOf.some((one, index) => anyOf.slice(index + 1).some((other) => complete(one, other)))
  if (pair) return 'one of the two is always so'
  return anyOf.map((claim) => claimHolds(claim, timeoutMs)).find((reason) => reason !== null) ?? null
}

function claimHolds({ source, op, value }: Claim, timeoutMs: number): string | null {
  if (source.startsWith('latency') || source === 'rtt') {
    return Number(value) >= timeoutMs ? `nothing takes longer than the time limit of ${timeoutMs / 1000} s` : null
  }
  if (source === 'status' && op === 'in' && isAll(parseCodes(bare(value)) ?? [], 100, 599)) {
    return 'these are all the codes there are'
  }
  if (op === 'contains' && value === '' && source !== 'records') return 'everything contains an empty text'
  if (source === 'loss' && op === '<=' && Number(value) >= 100) return 'more than everything cannot be lost'
  return null
}

const opposites: readonly (readonly [Claim['op'], Claim['op']])[] = [
  ['in', 'not in'],
  ['==', '!='],
  ['contains', 'not contains'],
  ['matches', 'not matches'],
  ['exists', 'not exists'],
]

/** Whether one of the two holds whatever the answer is. */
function complete(one: Claim, other: Claim): boolean {
  return areOpposite(one, other) && isSameSubject(one, other) && isDeepStrictEqual(one.value, other.value)
}

function areOpposite(one: Claim, other: Claim): boolean {
  return opposites.some(([is, isNot]) => (one.op === is && other.op === isNot) || (one.op === isNot && other.op === is))
}

function isSameSubject(one: Claim, other: Claim): boolean {
  return one.source === other.source && one.path === other.path
}

/** Alternatives are not held against others: one that cannot hold leaves the rest. */
function contradict(one: Assertion, other: Assertion): boolean {
  if ('anyOf' in one || 'anyOf' in other || !isSameSubject(one, other)) return false
  if (complete(one, other)) return true
  return disagrees(one, other) || disagrees(other, one)
}

function disagrees(one: Claim, other: Claim): boolean {
  if (one.op === 'not exists') return other.op !== 'not exists'
  if (one.op === 'in' && (other.op === 'in' || other.op === 'not in')) return areApart(one, other)
  if (one.op === '==' && other.op === '==') return !isDeepStrictEqual(one.value, other.value)
  if (one.op === '==' && typeof one.value === 'number') return !isWithin(one.value, other)
  if (typeof one.value === 'string' && typeof other.value === 'string' && one.source !== 'records') {
    if (one.op === 'contains' && other.op === 'not contains') return one.value.includes(other.value)
    if (one.op === '==' && other.op === 'contains') return !one.value.includes(other.value)
    if (one.op === '==' && other.op === 'not contains') return one.value.includes(other.value)
  }
  return isEmptyRange(one, other)
}

/** Whether no code of the one is accepted by the other. */
function areApart(one: Claim, { op, value }: Claim): boolean {
  const codes = parseCodes(bare(value)) ?? []
  for (const [from, to] of parseCodes(bare(one.value)) ?? []) {
    for (let code = from; code <= to; code += 1) if (isIn(code, codes) === (op === 'in')) return false
  }
  return true
}

function isWithin(value: number, { op, value: limit }: Claim): boolean {
  if (typeof limit !== 'number') return true
  if (op === '<') return value < limit
  if (op === '<=') return value <= limit
  if (op === '>') return value > limit
  return op === '>=' ? value >= limit : true
}

/** `n > 5` and `n <= 5`. */
function isEmptyRange(one: Claim, other: Claim): boolean {
  if (!one.op.startsWith('>') || !other.op.startsWith('<')) return false
  const [low, high] = [Number(one.value), Number(other.value)]
  return low > high || (low === high && (one.op === '>' || other.op === '<'))
}
