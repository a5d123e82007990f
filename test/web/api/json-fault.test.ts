import { describe, expect, test } from 'vitest'
import { Unreadable, readBody } from '../../../src/web/api/bodies.ts'
import { jsonFault } from '../../../src/web/api/json-fault.ts'

const mostBytes = 384 * 1024

describe('a body as large as may be, written so that a careless reader reads it over and over', () => {
  // Read again from each of its quotes, the first took four minutes, in which nobody else was answered.
  test.each([
    ['a text without an end, full of escaped quotes', '{"a":"', '\\"'],
    ['a text without an end, full of backslashes', '{"a":"', '\\'],
    ['texts with space after them', '{"a":', '"b" '],
    ['space before a colon', '{"a"', ' '],
    ['quotes', '', '"'],
    ['a name that is escaped', '{"', '\\u0061'],
  ])('%s', (_, begins, goesOn) => {
    const body = Buffer.from(begins.padEnd(mostBytes, goesOn))
    expect(() => readBody('application/json', body)).toThrow(Unreadable)
  })
})

test.each([
  ['{"a":1,"a":2}', 'The field “a” is said twice in one group.'],
  ['{"a":1,"\\u0061":2}', 'The field “a” is said twice in one group.'],
  ['{"a\\"":1,"b":{"a\\"":2}}', null],
  ['{"a" : "a", "b":["a","a"]}', null],
  ['{"__proto__":{}}', 'A field cannot be called __proto__.'],
  ['{"\\u005f_proto__" :{}}', 'A field cannot be called __proto__.'],
  ['{"a":"\\\\","b":"{\\"a\\":1}"}', null],
  ['"__proto__"', null],
])('%s is read as it is written', (text, fault) => {
  expect(jsonFault(text)).toBe(fault)
})
