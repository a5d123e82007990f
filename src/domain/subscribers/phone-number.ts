/** E.164: a plus, the country, the number; fifteen digits at most, none of which tells where it begins with a zero. */
const e164 = /^\+[1-9]\d{6,14}$/

/** Where the digits of other scripts begin in which readers of ours write. */
const zeros = [0x06_60, 0x06_f0, 0xff_10] as const

/** A telephone number as people write it, `+49 (170) 123-4567` or `0049…`, as E.164; null: it is none with its country. */
export function readPhoneNumber(text: string): string | null {
  if (text.length > 60) return null
  const plain = latinDigits(text)
    .replace(/^\uff0b/, '+')
    .replace(/^00/, '+')
  return e164.test(plain) ? plain : null
}

/** Its digits without what is written between them for the eye. */
export function latinDigits(text: string): string {
  return text
    .replaceAll(/[\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]/g, latinDigit)
    .replaceAll(/[\s().\-/\u2010-\u2015\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
}

function latinDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0
  return String(code - (zeros.findLast((zero) => zero <= code) ?? code))
}
