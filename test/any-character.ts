import fc from 'fast-check'

const surrogates = { first: 0xd800, count: 0x800 }

/**
 * Every character of Unicode: the same values in the same order as the unit `binary` of fast-check. That one lists all of
 * them in a map before the first is made, two seconds and 85 MB of each worker that it never gives back.
 */
export const anyCharacter: fc.Arbitrary<string> = fc
  .integer({ min: 0, max: 0x10_ffff - surrogates.count })
  .map((index) => String.fromCodePoint(index < surrogates.first ? index : index + surrogates.count), indexOf)

/** By this fast-check finds how the strings that it knows to be dangerous are made, and brings them too. */
function indexOf(character: unknown): number {
  const point = typeof character === 'string' ? character.codePointAt(0) : undefined
  if (point === undefined || String.fromCodePoint(point) !== character || !character.isWellFormed()) {
    throw new Error('That is no character.')
  }
  return point < surrogates.first ? point : point - surrogates.count
}
