import { type VarintReader, putVarint } from '../../../lib/varints.ts'

/** The upper ends, in milliseconds, of all steps that answers are counted in but the last, which has none. */
const steps = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000]

/** How many answers there were in each step. */
export type Counts = number[]

export function noCounts(): Counts {
  return Array.from({ length: steps.length + 1 }, () => 0)
}

export function countIn(counts: Counts, ms: number): void {
  const found = steps.findIndex((end) => ms <= end)
  const at = found === -1 ? steps.length : found
  counts[at] = (counts[at] ?? 0) + 1
}

export function addCounts(counts: Counts, more: readonly number[]): void {
  more.forEach((count, at) => (counts[at] = (counts[at] ?? 0) + count))
}

export function totalOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0)
}

/** Appends the number of the first step that has any, then each count up to the last that is not 0. Nothing counted: nothing. */
export function putCounts(bytes: number[], counts: readonly number[]): void {
  const first = counts.findIndex((count) => count > 0)
  if (first === -1) return
  bytes.push(first)
  for (const count of counts.slice(first, counts.findLastIndex((one) => one > 0) + 1)) putVarint(bytes, count)
}

/** What `putCounts` wrote, up to the end. */
export function readCounts(numbers: VarintReader): Counts {
  const counts = noCounts()
  if (numbers.isDone) return counts
  for (let at = numbers.next(); !numbers.isDone; at += 1) counts[at] = numbers.next()
  return counts
}

/** A share of answers was no slower than this: a figure between two ends of which we know that it lies there. */
export interface Percentile {
  /** To two figures: more is not known. */
  readonly ms: number
  readonly from: number
  readonly until: number
}

/**
 * Where the share lies. Of an answer only its step is known, so inside a step answers are taken to be spread evenly on a
 * logarithmic scale; no answer took longer than `max`, which is known. Null: nothing answered.
 */
export function percentileOf(counts: readonly number[], max: number, share: number): Percentile | null {
  const total = totalOf(counts)
  if (total === 0) return null
  const rank = Math.max(1, share * total)
  let before = 0
  for (const [at, count] of counts.entries()) {
    if (count === 0 || before + count < rank) {
      before += count
      continue
    }
    const from = at === 0 ? 0 : (steps[at - 1] ?? 0)
    const until = Math.max(from, Math.min(steps[at] ?? max, max))
    const [low, high] = [Math.max(1, from), Math.max(1, until)]
    const ms = low * (high / low) ** ((rank - before) / count)
    return { ms: Math.min(high, rounded(ms)), from, until }
  }
  return { ms: max, from: max, until: max }
}

function rounded(ms: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, ms))) - 1)
  return Math.round(ms / unit) * unit
}
