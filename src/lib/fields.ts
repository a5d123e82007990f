import { Temporal } from 'temporal-polyfill'
import { type Instant, parseInstant } from './clock.ts'
import { isDay } from './days.ts'

/**
 * The kinds of field that inputs are made of. Each says how it is tidied before it is checked (`reads`), and what is
 * wrong with a value as the end of a sentence that begins with the field's name.
 */
export type Reads = 'line' | 'prose' | 'word' | 'instant'

/** What is accepted, as plain JSON Schema with these words beside it; `T` is what is accepted, for the compiler alone. */
export interface Schema<T = unknown> {
  readonly type?: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object' | 'null'
  readonly reads?: Reads
  /** What a description of the API calls it, where several calls know it. */
  readonly title?: string
  readonly description?: string
  readonly format?: 'date-time' | 'date' | 'uri'
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly expected?: string
  fault?(value: string): string | null
  readonly enum?: readonly string[]
  /** This, or null. */
  readonly anyOf?: readonly [Schema, Schema]
  /** One or the other: they are of different types. */
  readonly either?: readonly [Schema, Schema]
  readonly minimum?: number
  readonly maximum?: number
  readonly items?: Schema
  readonly maxItems?: number
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: false
  /** Of fields that are not named here: they are let pass, and not read. */
  readonly others?: 'ignored'
  /** Of a group of fields whose names somebody else chose. */
  readonly values?: Schema
  readonly maxProperties?: number
  /** Whatever it is: who takes it looks at it. */
  readonly unchecked?: true
  readonly accepted?: T
}

/** What a schema shares with JSON Schema word for word. */
// prettier-ignore
export const schemaKeywords = [
  'type', 'format', 'pattern', 'minLength', 'maxLength', 'minimum', 'maximum', 'maxItems', 'maxProperties',
] as const
export type SchemaKeyword = (typeof schemaKeywords)[number]

/** A field that may be left out. */
interface Optional<T> extends Schema<T> {
  readonly optional: true
}

/** The type of what a schema accepts. */
export type Static<S extends Schema> = S extends Schema<infer T> ? T : never

/** One line of text, at most `max` characters. */
export function line(max: number) {
  const expected = `one line of text, at most ${max} characters`
  return text('line', expected, (value) => lineFault(value, max), { minLength: 1, maxLength: max })
}

/** Text of several lines, as Markdown, at most `max` characters. */
export function prose(max = 25_000) {
  return text('prose', `text of at most ${max} characters`, (value) => proseFault(value, max), {
    minLength: 1,
    maxLength: max,
  })
}

/** A moment of this century, with its offset; in the checked value it is UTC with milliseconds. */
export const instant = text('instant', 'a date and time with its offset, such as 2026-11-21T19:05:00Z', instantFault, {
  format: 'date-time',
}) as Schema<Instant>

/** A day of the calendar: `2026-11-21`. */
export const day = text(
  'word',
  'a day such as 2026-11-21',
  (value) =>
    isDay(value) && value >= '2000' && value < '2100' ? null : 'must be a day that exists, such as 2026-11-21',
  { format: 'date' },
)

/** An IANA time zone that this runtime knows. */
export const zoneName = text('word', 'a time zone such as Europe/Lisbon', (value) =>
  isZoneName(value) ? null : 'must be a time zone such as Europe/Lisbon or UTC',
)

/** A language: BCP 47. */
export const localeTag = text('word', 'a language tag such as pt-BR', (value) =>
  isLocaleTag(value) ? null : 'must be a language tag such as pt-BR',
)

/** Part of an address: lower-case letters, digits and single hyphens. */
export const slug = text(
  'word',
  'lower-case letters, digits and hyphens, such as card-payments',
  (value) =>
    value.length <= 60 && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(value)
      ? null
      : 'must be at most 60 lower-case letters and digits with single hyphens between them, such as card-payments',
  { pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 60 },
)

/** The id of something of ours. */
export const id = text(
  'word',
  'an id',
  (value) => (/^[a-zA-Z0-9_-]{1,64}$/.test(value) ? null : 'must be the id of something that exists'),
  { pattern: '^[a-zA-Z0-9_-]{1,64}$' },
)

/** One of a few words. */
export function choice<const Words extends readonly string[]>(words: Words): Schema<Words[number]> {
  return { enum: words, reads: 'word' }
}

/** A field that may be left out; left empty it is null. */
export function optional<T>(field: Schema<T>): Optional<T | null> {
  return { anyOf: [field, { type: 'null' }], optional: true }
}

/** A field that is always there and may be null: in answers, mostly. */
export function nullable<T>(field: Schema<T>): Schema<T | null> {
  return { anyOf: [field, { type: 'null' }] }
}

export function whole(minimum: number, maximum: number): Schema<number> {
  return { type: 'integer', minimum, maximum }
}

/** Yes or no; a form says it as `true` or `false`, `1` or `0`. */
export const flag: Schema<boolean> = { type: 'boolean' }

/** These fields and no others. */
export function fields<Properties extends Readonly<Record<string, Schema>>>(
  properties: Properties,
): Schema<Fields<Properties>> {
  const required = Object.keys(properties).filter((name) => !('optional' in (properties[name] ?? {})))
  return { type: 'object', properties, required, additionalProperties: false }
}

type Fields<Properties extends Readonly<Record<string, Schema>>> = Flat<
  {
    [Name in keyof Properties as Properties[Name] extends Optional<unknown> ? never : Name]: Static<Properties[Name]>
  } & {
    [Name in keyof Properties as Properties[Name] extends Optional<unknown> ? Name : never]?: Static<Properties[Name]>
  }
>

type Flat<T> = { [Key in keyof T]: T[Key] }

/** These fields, whatever else stands beside them: what a program written for another server sends along. */
export function amongOthers<T>(schema: Schema<T>): Schema<T> {
  const { additionalProperties: _, ...open } = schema
  return { ...open, others: 'ignored' }
}

/** Values under names that somebody else chose, such as ids. */
export function map<T>(values: Schema<T>, maxProperties: number): Schema<Readonly<Record<string, T>>> {
  return { type: 'object', values, maxProperties }
}

/** One or the other; they differ in their type, so it is always clear which was meant. */
export function either<A, B>(one: Schema<A>, other: Schema<B>): Schema<A | B> {
  return { either: [one, other] }
}

/** Any value at all. */
export const anything: Schema<unknown> = { unchecked: true }

/** What a description shows and who takes it checks, in words of their own. */
export function unchecked(schema: Schema): Schema<unknown> {
  return { ...schema, unchecked: true }
}

/** A name for what several calls of the API know. */
export function titled<T>(title: string, schema: Schema<T>): Schema<T> {
  return { ...schema, title }
}

/** What the reader of a description should know of it. */
export function described<S extends Schema>(schema: S, description: string): S {
  return { ...schema, description }
}

export function list<T>(items: Schema<T>, maxItems: number): Schema<T[]> {
  return { type: 'array', items, maxItems }
}

/**
 * A checked type as callers may write it: any text where a checked one is narrower, `undefined` for left out. The
 * command checks it, so no face can forget to.
 */
export type Unchecked<T> = T extends string
  ? string
  : T extends number
    ? number | string
    : T extends readonly (infer Item)[]
      ? readonly Unchecked<Item>[]
      : T extends object
        ? { readonly [Key in keyof T]: Unchecked<T[Key]> | (undefined extends T[Key] ? undefined : OptionalOf<T, Key>) }
        : T

type OptionalOf<T, Key extends keyof T> = object extends Pick<T, Key> ? undefined : never

/** Text of which `fault` says what is wrong with it. */
export function text(
  reads: Reads,
  expected: string,
  fault: (value: string) => string | null,
  shape: Pick<Schema, 'format' | 'pattern' | 'minLength' | 'maxLength'> = {},
): Schema<string> {
  return { type: 'string', reads, expected, fault, ...shape }
}

function instantFault(value: string): string | null {
  if (parseInstant(value) === null)
    return 'must be a date and time that exists, with its offset, such as 2026-11-21T19:05:00Z'
  return value >= '2000' && value < '2100' ? null : 'must lie between the years 2000 and 2099'
}

function lineFault(value: string, max: number): string | null {
  if (value === '') return `must not be empty: write one line of at most ${max} characters`
  const broken = /[\p{Cc}\u2028\u2029]/u.exec(value)
  if (broken) return `must be one line of text without control characters (it holds ${codePoint(broken[0])})`
  const turning = /[\u202a-\u202e\u2066-\u2069]/u.exec(value)
  if (turning)
    return `must not hold an invisible character that turns the direction of text (it holds ${codePoint(turning[0])})`
  return visibleFault(value, max)
}

function proseFault(value: string, max: number): string | null {
  if (value === '') return `must not be empty: write at most ${max} characters`
  const control = /(?![\n\t])\p{Cc}/u.exec(value)
  if (control) return `must be text without control characters (it holds ${codePoint(control[0])})`
  return visibleFault(value, max)
}

function visibleFault(value: string, max: number): string | null {
  if (!value.isWellFormed() || /[\ufffd\p{Noncharacter_Code_Point}]/u.test(value)) {
    return 'holds a character that could not be read: write it again as plain Unicode text'
  }
  if (!/[^\p{Z}\p{M}\p{Cc}\p{Default_Ignorable_Code_Point}]/u.test(value))
    return 'must hold at least one visible character'
  const length = charactersOf(value)
  return length > max ? `is too long: it has ${length} characters, at most ${max} are possible` : null
}

/** A character outside of the basic plane counts once. */
function charactersOf(value: string): number {
  return value.length - (value.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0)
}

function codePoint(character: string): string {
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`
}

/** To ask costs as much as all else about a line of a list; there are some 600 of them, in whatever case. */
const knownZones = new Set<string>()
const mostKnownZones = 2000

/** Whether this runtime knows it. */
export function isZoneName(value: string): boolean {
  if (knownZones.has(value)) return true
  // Offsets such as `+01:00` and abbreviations such as `EST` are accepted by Intl; they know nothing of summer time.
  if (value !== 'UTC' && !/^[A-Za-z_]+(\/[A-Za-z0-9_+-]+)+$/.test(value)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: value })
    // Names of long ago, such as `SystemV/EST5`, are known to the one and not to the other, by which we reckon.
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(value)
    if (knownZones.size < mostKnownZones) knownZones.add(value)
    return true
  } catch {
    return false
  }
}

function isLocaleTag(value: string): boolean {
  try {
    return Intl.getCanonicalLocales(value)[0] === value
  } catch {
    return false
  }
}
