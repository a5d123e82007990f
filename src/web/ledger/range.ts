/** Bytes from one place up to, and without, another. */
export interface Range {
  readonly from: number
  readonly until: number
}

/**
 * What a `Range` asks of so many bytes (RFC 9110 §14). Several ranges at once, and what cannot be read, are answered
 * with everything, as the RFC allows; `none`: there is nothing there, yet.
 */
export function rangeOf(header: string | undefined, size: number): Range | 'all' | 'none' {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? []
  if (first === '' && last === '') return 'all'
  if (first === '') return last === '0' ? 'none' : { from: Math.max(0, size - Number(last)), until: size }
  if (last !== '' && Number(last) < Number(first)) return 'all'
  if (Number(first) >= size) return 'none'
  return { from: Number(first), until: last === '' ? size : Math.min(size, Number(last) + 1) }
}
