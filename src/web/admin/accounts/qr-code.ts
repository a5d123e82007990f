/** A picture that phones read, as the outline of its dark squares. */
export interface Squares {
  readonly size: number
  /** As an SVG path: numbers only, nothing of the text stands in it. */
  readonly path: string
}

export async function qrCode(text: string): Promise<Squares> {
  const { encode } = await import('uqr')
  const { size, data } = encode(text, { ecc: 'L', border: 4 })
  const squares = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])))
  return { size, path: squares.join('') }
}
