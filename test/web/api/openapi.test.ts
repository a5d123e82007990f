import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import {
  choice,
  fields,
  flag,
  instant,
  line,
  list,
  map,
  nullable,
  optional,
  titled,
  whole,
} from '../../../src/lib/fields.ts'
import { reads, writes } from '../../../src/web/api/call.ts'
import { nameOf, openApi, refusalsOf } from '../../../src/web/api/openapi.ts'
import { calls } from '../../../src/web/api/routes.ts'

const thing = titled('Thing', fields({ id: line(20), at: nullable(instant), loud: flag, of: map(whole(0, 9), 5) }))
const examples = [
  writes({
    method: 'POST',
    noun: 'Things',
    path: '/pages/:page/things',
    summary: 'Add a thing',
    scopes: ['manage'],
    body: fields({ thing: fields({ name: line(20), kind: optional(choice(['a', 'b'])) }) }),
    status: 201,
    answer: thing,
    write: () => Promise.reject(new Error('This is only described.')),
  }),
  reads({
    noun: 'Things',
    path: '/pages/:page/things',
    summary: 'List things',
    scopes: ['read'],
    query: fields({ limit: optional(whole(1, 100)) }),
    answer: list(thing, 100),
    read: () => Promise.reject(new Error('This is only described.')),
  }),
]

const described = (of: typeof calls) => openApi({ calls: of, url: 'https://status.example', page: 'abc' })

test.each([
  ['of examples', examples],
  ['of every call', calls],
])('the description %s is OpenAPI 3.1, as a validator of others reads it', async (_, of) => {
  const validator = new Validator()
  const result = await validator.validate(structuredClone(described(of)) as Record<string, unknown>)
  expect(result.errors ?? []).toEqual([])
  expect([result.valid, validator.version]).toEqual([true, '3.1'])
})

test('each call has a name of its own', () => {
  const names = calls.map(nameOf)
  expect(new Set(names).size).toBe(names.length)
  const routes = calls.map(({ method, path }) => `${method} ${path}`)
  expect(new Set(routes).size).toBe(routes.length)
})

test('what a call checks is what its description says', () => {
  const document = described(examples) as {
    paths: Record<string, Record<string, { requestBody: { content: Record<string, { schema: object }> } }>>
    components: { schemas: Record<string, object> }
  }
  const post = document.paths['/pages/{page}/things']?.['post']
  expect(post?.requestBody.content['application/json']?.schema).toEqual({
    type: 'object',
    properties: {
      thing: {
        type: 'object',
        properties: {
          name: { type: 'string', minLength: 1, maxLength: 20 },
          kind: { anyOf: [{ type: 'string', enum: ['a', 'b'] }, { type: 'null' }] },
        },
        required: ['name'],
        additionalProperties: false,
      },
    },
    required: ['thing'],
    additionalProperties: false,
  })
  expect(document.components.schemas['Thing']).toEqual({
    type: 'object',
    properties: {
      id: { type: 'string', minLength: 1, maxLength: 20 },
      at: { anyOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }] },
      loud: { type: 'boolean' },
      of: { type: 'object', maxProperties: 5, additionalProperties: { type: 'integer', minimum: 0, maximum: 9 } },
    },
    required: ['id', 'at', 'loud', 'of'],
    additionalProperties: false,
  })
})

test('every refusal that a call can have is described', () => {
  const text = JSON.stringify(described(examples))
  expect(text).toContain('"404":{"$ref":"#/components/responses/404"}')
  expect(refusalsOf(examples[0]!)).toEqual([400, 413, 415, 401, 403, 404, 409, 414, 422, 429, 431])
})
