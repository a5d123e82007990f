import { type VarintReader, putVarint, unzigzag, varintsOf, zigzag } from '../../../lib/varints.ts'

/** A check inside its hour. */
export interface HourCheck {
  /** From the beginning of the hour, 0 to 3599. */
  readonly second: number
  /** Its place in `outcomes`. */
  readonly outcome: number
  /** -1: nothing was measured. */
  readonly ms: number
  /** 0: there was none. */
  readonly code: number
}

/** What the next check is told apart from. */
interface Before {
  second: number
  gap: number
  ms: number
  code: number
}

/** Checks of one hour as bytes, in the making. */
export interface Packing {
  readonly bytes: number[]
  readonly before: Before
}

export function packing(): Packing {
  return { bytes: [], before: { second: 0, gap: 60, ms: 0, code: 200 } }
}

const [outcomeBits, timed, coded, gapUnit, usualGap] = [4, 4, 8, 16, 8]

/**
 * Appends a check, which must be later than the one before. Its first byte says the outcome, whether a time and another
 * code follow, and by how much its distance from the check before differs from the one before that (0: too much, a
 * number follows). Most checks take two or three bytes.
 */
export function pack({ bytes, before }: Packing, { second, outcome, ms, code }: HourCheck): void {
  const gap = second - before.second
  const drift = gap - before.gap + usualGap
  const isNear = drift > 0 && drift < 16
  bytes.push(outcome + (ms < 0 ? 0 : timed) + (code === before.code ? 0 : coded) + (isNear ? drift : 0) * gapUnit)
  if (!isNear) putVarint(bytes, gap)
  if (ms >= 0) putVarint(bytes, zigzag(ms - before.ms))
  if (code !== before.code) putVarint(bytes, zigzag(code - before.code))
  Object.assign(before, { second, gap, code, ms: ms < 0 ? before.ms : ms })
}

export function packedChecks(checks: readonly HourCheck[]): Uint8Array {
  const making = packing()
  for (const check of checks) pack(making, check)
  return Uint8Array.from(making.bytes)
}

export function unpackedChecks(bytes: Uint8Array): HourCheck[] {
  const { before } = packing()
  const numbers = varintsOf(bytes)
  const checks: HourCheck[] = []
  while (!numbers.isDone) checks.push(unpack(numbers, before))
  return checks
}

function unpack(numbers: VarintReader, before: Before): HourCheck {
  const head = numbers.byte()
  const drift = Math.floor(head / gapUnit)
  const gap = drift === 0 ? numbers.next() : before.gap + drift - usualGap
  const ms = (head & timed) === 0 ? -1 : before.ms + unzigzag(numbers.next())
  const code = (head & coded) === 0 ? before.code : before.code + unzigzag(numbers.next())
  const check = { second: before.second + gap, outcome: head % outcomeBits, ms, code }
  Object.assign(before, { second: check.second, gap, code, ms: ms < 0 ? before.ms : ms })
  return check
}
