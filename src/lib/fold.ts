/** Letters of their own that are typed as others. */
const letters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ı: 'i',
  // Persian and Arabic keyboards write these two differently.
  ك: 'ک',
  ي: 'ی',
  ى: 'ی',
}
const own = new RegExp(`[${Object.keys(letters).join('')}]`, 'gu')

/** A text as it is searched: case, accents, width, and the digits of other scripts make no difference. */
export function folded(text: string): string {
  return (
    text
      .normalize('NFKD')
      .toLowerCase()
      // Marks above and below letters, and what joins or parts letters without being seen.
      .replaceAll(/[\p{M}\p{Cf}ـ]/gu, '')
      .replaceAll(own, (letter) => letters[letter] ?? letter)
      .replaceAll(/(?![0-9])\p{Nd}/gu, digitOf)
  )
}

/** Digits of every script stand in tens, from zero. */
function digitOf(digit: string): string {
  const code = digit.codePointAt(0) ?? 0
  let zero = code
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1)) && code - zero < 9) zero -= 1
  return String(code - zero)
}
