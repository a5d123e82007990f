/** Appends a whole number from 0 up: seven bits a byte, the lowest first. */
export function putVarint(bytes: number[], value: number): void {
  let rest = value
  while (rest > 127) {
    bytes.push((rest % 128) + 128)
    rest = Math.floor(rest / 128)
  }
  bytes.push(rest)
}

/** Small numbers of either sign as small numbers: 0, -1, 1, -2 … become 0, 1, 2, 3 … */
export function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value
}

export function unzigzag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2
}

/** Reads what `putVarint` wrote, one number after the other. */
export interface VarintReader {
  readonly isDone: boolean
  next(): number
  /** The next byte as it stands. */
  byte(): number
}

export function varintsOf(bytes: Uint8Array): VarintReader {
  let at = 0
  const byte = (): number => {
    const one = bytes[at++]
    if (one === undefined) throw new Error('Packed bytes end in the middle of a number.')
    return one
  }
  return {
    get isDone() {
      return at >= bytes.length
    },
    byte,
    next() {
      let [value, factor] = [0, 1]
      for (;;) {
        const one = byte()
        value += (one % 128) * factor
        if (one < 128) return value
        factor *= 128
      }
    },
  }
}
