/** Every chart is drawn in a box of this size, from left to right; who reads from the right sees it turned. */
const plotWidth = 1000
const plotHeight = 200

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Where a step of so many begins; the end of the last one is where the next would begin. */
function xOf(step: number, steps: number): number {
  return Math.round((step / steps) * plotWidth)
}

function yOf(value: number, top: number): number {
  return Math.round(plotHeight - (Math.min(value, top) / top) * plotHeight)
}

/** A line of level pieces: a step is one figure, and nothing between two of them was measured. Null: a gap. */
export function stepLine(values: readonly (number | null)[], top: number): string {
  return values
    .map((value, step) => {
      if (value === null) return ''
      const goesOn = step > 0 && values[step - 1] !== null
      const y = yOf(value, top)
      return `${goesOn ? `V${y}` : `M${xOf(step, values.length)} ${y}`}H${xOf(step + 1, values.length)}`
    })
    .join('')
}

/** What lies between two lines that have the same gaps. */
export function band(lower: readonly (number | null)[], upper: readonly (number | null)[], top: number): string {
  return runsOf(upper.map((value) => value !== null))
    .map(({ from, until }) => {
      const steps = Array.from({ length: until - from }, (_, after) => from + after)
      const x = (step: number): number => xOf(step, upper.length)
      const above = steps.map((step) => `V${yOf(upper[step] ?? 0, top)}H${x(step + 1)}`)
      const below = steps.toReversed().map((step) => `V${yOf(lower[step] ?? 0, top)}H${x(step)}`)
      return `M${x(from)} ${yOf(upper[from] ?? 0, top)}${above.join('')}${below.join('')}Z`
    })
    .join('')
}

/** Boxes over the whole height where this is so, neighbours joined. */
export function columns(are: readonly boolean[]): Box[] {
  return runsOf(are).map(({ from, until }) => ({
    x: xOf(from, are.length),
    y: 0,
    width: xOf(until, are.length) - xOf(from, are.length),
    height: plotHeight,
  }))
}

/** Bars from the ground, 0 to 1; what there is is to be seen, so the square root of it is their height. Null: none. */
export function bars(shares: readonly (number | null)[]): Box[] {
  return shares.flatMap((share, step) => {
    if (share === null || share === 0) return []
    const height = Math.max(24, Math.round(Math.sqrt(share) * plotHeight))
    const [x, end] = [xOf(step, shares.length), xOf(step + 1, shares.length)]
    return [{ x, y: plotHeight - height, width: Math.max(2, end - x), height }]
  })
}

/** The next of 10, 12, 16, 20, 30, 40, 60, 80, 100, 120 … above: its half is as easy to read. */
export function roundTop(value: number, least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, value)))
  return [1, 1.2, 1.6, 2, 3, 4, 6, 8, 10].map((step) => step * power).find((top) => top >= value) ?? value
}

function runsOf(are: readonly boolean[]): { from: number; until: number }[] {
  const runs: { from: number; until: number }[] = []
  are.forEach((is, step) => {
    const last = runs.at(-1)
    if (!is) return
    if (last?.until === step) last.until = step + 1
    else runs.push({ from: step, until: step + 1 })
  })
  return runs
}
