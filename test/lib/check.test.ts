import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newIncident } from '../../src/domain/incidents/input.ts'
import { check } from '../../src/lib/check.ts'
import { Invalid } from '../../src/lib/errors.ts'
import {
  choice,
  day,
  fields,
  instant,
  line,
  list,
  localeTag,
  optional,
  prose,
  slug,
  whole,
  zoneName,
} from '../../src/lib/fields.ts'

const form = fields({
  name: line(10),
  note: optional(prose(20)),
  at: optional(instant),
  seconds: optional(whole(1, 60)),
  kind: optional(choice(['one', 'two'])),
  names: optional(list(line(5), 2)),
})

describe('what came from a form', () => {
  test('is trimmed, and composed', () => {
    expect(check(form, { name: '  Cafe\u0301 \t' })).toEqual({ name: 'Café' })
  })

  test('keeps the line breaks of prose, in one way of writing them', () => {
    expect(check(form, { name: 'A', note: '\r\none\r\ntwo\rthree\n' }).note).toBe('one\ntwo\nthree')
  })

  test('is null where an optional field is empty, and absent where it is left out', () => {
    expect(check(form, { name: 'A', note: '  ', at: '', kind: '' })).toEqual({
      name: 'A',
      note: null,
      at: null,
      kind: null,
    })
    expect(check(form, { name: 'A', note: undefined })).toEqual({ name: 'A' })
  })

  test('reads numbers and instants', () => {
    const at = '2026-11-21T20:30:00+03:30'
    expect(check(form, { name: 'A', seconds: ' 15 ', at })).toEqual({
      name: 'A',
      seconds: 15,
      at: '2026-11-21T17:00:00.000Z',
    })
  })

  test('is read the same way a second time', () => {
    const once = check(form, { name: ' A ', note: '\r\n', at: '2026-11-21T20:30:00+03:30' })
    expect(check(form, once)).toEqual(once)
  })
})

test.each([
  [{ name: 'A', seconds: '61' }, 'seconds', 'The seconds must be a whole number from 1 to 60.'],
  [{ name: 'A', seconds: '1.5' }, 'seconds', 'The seconds must be a whole number from 1 to 60.'],
  [{ name: 'A', kind: 'three' }, 'kind', 'The kind must be one of: one, two.'],
  [
    { name: 'A', names: ['a', 'toolong'] },
    'names[1]',
    'The entry 2 of names is too long: it has 7 characters, at most 5 are possible.',
  ],
  [{ name: 'A', names: ['a', 'b', 'c'] }, 'names', 'The names must be a list of at most 2 entries.'],
  [{}, 'name', 'The name is missing: it must be one line of text, at most 10 characters.'],
])('%j is refused at %s', (input, field, message) => {
  expect(() => check(form, input)).toThrow(expect.objectContaining({ field, message }) as Error)
})

test.each([
  // The name of a field is none of the words on a form.
  [{ expiresInDays: '0' }, 'This must be a whole number from 1 to 60.'],
  [{}, 'This is missing: it must be a whole number from 1 to 60.'],
  [
    { expiresInDays: '1', texts: { fr: { title: 'too long' } } },
    'This is too long: it has 8 characters, at most 5 are possible.',
  ],
  // A list is one field with a line for each entry.
  [
    { expiresInDays: '1', tags: ['a', 'too long'] },
    'Entry 2 is too long: it has 8 characters, at most 5 are possible.',
  ],
  [
    { expiresInDays: '1', steps: [{ title: 'too long' }] },
    'The title (in entry 1 of steps) is too long: it has 8 characters, at most 5 are possible.',
  ],
])('beside the label of its field, %j is refused as: %s', (input, beside) => {
  const title = fields({ title: line(5) })
  const token = fields({
    expiresInDays: whole(1, 60),
    texts: optional(fields({ fr: title })),
    tags: optional(list(line(5), 3)),
    steps: optional(list(title, 3)),
  })
  expect(() => check(token, input)).toThrow(expect.objectContaining({ beside }) as Error)
})

test.each([
  [zoneName, 'Europe/Lisbon', true],
  [zoneName, 'America/Argentina/Buenos_Aires', true],
  [zoneName, 'UTC', true],
  [zoneName, 'Etc/GMT+3', true],
  [zoneName, 'EST', false],
  // Intl knows it, and nothing can be reckoned in it.
  [zoneName, 'SystemV/EST5', false],
  [zoneName, 'Europe/Atlantis', false],
  [localeTag, 'pt-BR', true],
  [localeTag, 'pt-br', false],
  [localeTag, 'no language', false],
  [slug, 'card-payments', true],
  [slug, 'Card--payments', false],
  [slug, '-', false],
  [day, '2024-02-29', true],
  [day, '2026-02-29', false],
])('%#: %s', (field, value, isAccepted) => {
  const read = (): unknown => check(fields({ field }), { field: value })
  if (isAccepted) expect(read()).toEqual({ field: value })
  else expect(read).toThrow(Invalid)
})

test('Persian and emoji need joiners, which are no attack', () => {
  for (const name of ['می\u200cخواهم', '👩\u200d🚀', 'العربية\u200f'])
    expect(check(fields({ name: line(20) }), { name })).toEqual({ name })
})

test('whatever is sent is read or refused, never a crash', () => {
  const keys = ['name', 'body', 'stage', 'components', 'beganAt', 'translations', '__proto__', 'constructor']
  const entries = fc.array(fc.tuple(fc.constantFrom(...keys), fc.jsonValue()), { maxLength: 8 })
  const inputs = fc.oneof(
    fc.jsonValue(),
    entries.map((pairs) => Object.fromEntries(pairs)),
  )
  fc.assert(
    fc.property(inputs, (input) => {
      try {
        check(newIncident, input)
      } catch (error) {
        expect(error).toBeInstanceOf(Invalid)
      }
    }),
    { numRuns: 500 },
  )
})
