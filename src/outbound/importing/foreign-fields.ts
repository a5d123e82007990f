import Type, { type TSchema } from 'typebox'
import { type Instant, parseInstant } from '../../lib/clock.ts'
import { isDay } from '../../lib/days.ts'

/**
 * The kinds of field in other people's documents. Only what is read is checked: unknown keys are their business. Texts
 * are checked, not tidied, because they are kept as they were written.
 */
export function text(max: number, expected: string, fits: (value: string) => boolean = () => true) {
  const isText = (value: unknown): boolean =>
    typeof value === 'string' && value.length <= max && value.isWellFormed() && !value.includes('\0') && fits(value)
  return Type.Unsafe<string>(Type.Refine(Type.String({ expected }), isText, () => `must be ${expected}`))
}

export const id = text(64, 'an id of letters, digits, - and _', (value) => /^[A-Za-z0-9_-]{1,64}$/.test(value))
export const name = text(1000, 'text of 1 to 1000 characters', (value) => value.trim() !== '')
export const prose = text(100_000, 'text of at most 100000 characters, none of them NUL or half of one')
export const instant = text(
  40,
  'a date and time with its offset, such as 2026-11-21T19:05:00.000Z',
  (value) => parseInstant(value) !== null,
)
export const day = text(10, 'a day such as 2026-11-21', isDay)
export const position = Type.Integer({ minimum: 0, maximum: 1_000_000, expected: 'a whole number' })
export const yesOrNo = Type.Boolean({ expected: 'true or false' })

export function absent<Schema extends TSchema>(schema: Schema) {
  return Type.Optional(Type.Union([schema, Type.Null()]))
}

export function word<const Words extends readonly string[]>(words: Words) {
  return Type.Unsafe<Words[number]>(Type.Enum([...words], { expected: `one of: ${words.join(', ')}` }))
}

export function many<Schema extends TSchema>(schema: Schema) {
  return Type.Array(schema, { expected: 'a list' })
}

/** An instant of a document that was checked. */
export function checkedInstant(text: string): Instant {
  const instant = parseInstant(text)
  if (!instant) throw new Error(`An instant that was checked cannot be read: ${text}`)
  return instant
}
