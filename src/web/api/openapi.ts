import { type Schema, type SchemaKeyword, schemaKeywords } from '../../lib/fields.ts'
import type { Call } from './call.ts'

export interface Described {
  readonly calls: readonly Call[]
  readonly url: string
  /** Of the page that there is, so that examples can be copied. */
  readonly page: string
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }
type Group = Record<string, Json>

/** The OpenAPI 3.1 description of these calls: what their routes check, and nothing that was written twice. */
export function openApi({ calls, url, page }: Described): Group {
  const schemas: Group = { ...refusalSchema }
  const shape = (schema: Schema): Json => jsonSchema(schema, schemas)
  const paths: Record<string, Group> = {}
  for (const call of calls) {
    const path = call.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [call.method.toLowerCase()]: operation(call, page, shape) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Candor API', version: 'v1', summary: 'What operators do at the desk, for programs.', description },
    servers: [{ url: `${url}/api/v1` }],
    security: [{ token: [] }, { oauth: [] }],
    tags: [...new Set(calls.map(({ noun }) => noun))].map((name) => ({ name })),
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(schemas).toSorted(([a], [b]) => (a < b ? -1 : 1))),
      responses: Object.fromEntries(Object.entries(refusals).map(([status, said]) => [status, refusal(status, said)])),
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'A token that was made at the desk, under Tokens.' },
        oauth: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: 'The same, as programs for Statuspage send it: `OAuth <token>`.',
        },
      },
    },
  }
}

const description = [
  'A superset of the Statuspage management API v1: a program written for it needs this address and a token of this page.',
  'Every path may end with `.json`. Bodies are JSON, or forms such as `incident[name]=…`.',
  'A minute has room for 60 requests of each token; every answer says in `RateLimit` how many are left, and 429 with `Retry-After` when to go on.',
  'With `Idempotency-Key` a request is carried out once, however often it is sent: within 24 hours the first answer comes again.',
].join(' ')

/** A name for programs, and for links: `open-an-incident`. */
export function nameOf({ method, summary }: Call): string {
  const name = summary
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
  // It stands beside a PATCH and does the same.
  return method === 'PUT' ? `${name}-put` : name
}

function operation(call: Call, page: string, shape: (schema: Schema) => Json): Group {
  const status = call.status ?? 200
  const { properties = {}, required = [] } = call.query ?? {}
  const parameters: Json[] = [
    ...Array.from(call.path.matchAll(/:(\w+)/g), ([, name = '']) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string', pattern: '^[a-zA-Z0-9_-]{1,64}$' },
      ...(name === 'page' ? { example: page } : {}),
    })),
    ...Object.entries(properties).map(([name, schema]) => ({
      name,
      in: 'query',
      required: required.includes(name),
      schema: shape(schema.anyOf?.[0] ?? schema),
    })),
    ...(call.method === 'GET' ? [] : [idempotencyKey]),
  ]
  return {
    operationId: nameOf(call),
    tags: [call.noun],
    summary: call.summary,
    description: [call.detail, `Scope of the token: ${call.scopes.map((scope) => `\`${scope}\``).join(' or ')}.`]
      .filter((part) => part !== undefined)
      .join(' '),
    parameters,
    ...(call.body ? { requestBody: requestBody(shape(call.body)) } : {}),
    responses: {
      [status]: {
        description: call.answer ? 'It was done.' : 'It was done; there is no more to say.',
        ...(call.answer ? { content: { 'application/json': { schema: shape(call.answer) } } } : {}),
      },
      ...Object.fromEntries(refusalsOf(call).map((each) => [each, { $ref: `#/components/responses/${each}` }])),
    },
  }
}

const idempotencyKeySaid = 'One word of your choice for one request: sent again, it is not carried out again.'

const idempotencyKey: Group = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: idempotencyKeySaid,
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[!-~]+$' },
}

function requestBody(schema: Json): Group {
  return {
    required: true,
    content: { 'application/json': { schema }, 'application/x-www-form-urlencoded': { schema } },
  }
}

/** What can be answered to it beside success. */
export function refusalsOf(call: Call): (keyof typeof refusals)[] {
  const writes = call.method !== 'GET'
  return [
    // Also where no body is asked for.
    ...(writes ? ([400, 413, 415] as const) : []),
    401,
    403,
    404,
    ...(writes ? ([409] as const) : []),
    // Whatever stands in the query, and in headers, of any call.
    414,
    ...(writes || call.query ? ([422] as const) : []),
    429,
    431,
  ]
}

export const refusals = {
  400: 'The body cannot be read.',
  401: 'There is no token, or one that opens nothing.',
  403: 'The token may not do this.',
  404: 'There is no such thing on this page.',
  409: 'It made sense once, but things have moved on.',
  413: 'The body is too large.',
  414: 'The address is too long, or has too many parameters.',
  415: 'The body is neither JSON nor a form.',
  422: 'A field is missing, unknown or wrong; the answer names it.',
  429: 'Too many requests; go on after the seconds in `Retry-After`.',
  431: 'The headers are too large, or too many.',
} satisfies Record<number, string>

function refusal(status: string, said: string): Group {
  const wait: Group = {
    'Retry-After': { schema: { type: 'integer', minimum: 1 } },
    RateLimit: { schema: { type: 'string' }, example: '"token";r=0;t=1' },
    'RateLimit-Policy': { schema: { type: 'string' }, example: '"token";q=60;w=60' },
  }
  return {
    description: said,
    ...(status === '429' ? { headers: wait } : {}),
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Refusal' } } },
  }
}

const refusalSchema: Group = {
  Refusal: {
    type: 'object',
    description: 'Why a request was refused, as Statuspage tells it: one sentence, or a list of them for fields.',
    properties: { error: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] } },
    required: ['error'],
  },
}

/** A schema of ours as JSON Schema 2020-12; one that has a title goes among the named ones. */
function jsonSchema(schema: Schema, named: Group): Json {
  if (schema.title !== undefined) {
    const { title, ...rest } = schema
    // Set first: a thing may hold things of its own kind.
    if (!Object.hasOwn(named, title)) {
      named[title] = {}
      named[title] = jsonSchema(rest, named)
    }
    return { $ref: `#/components/schemas/${title}` }
  }
  const inner = (one: Schema): Json => jsonSchema(one, named)
  if (schema.anyOf || schema.either) {
    return { ...words(schema), anyOf: (schema.anyOf ?? schema.either ?? []).map(inner) }
  }
  return {
    ...words(schema),
    ...(schema.enum ? { type: 'string', enum: schema.enum } : {}),
    ...Object.fromEntries(schemaKeywords.flatMap((key) => keyword(schema, key))),
    ...(schema.items ? { items: inner(schema.items) } : {}),
    ...(schema.properties
      ? {
          properties: Object.fromEntries(Object.entries(schema.properties).map(([key, one]) => [key, inner(one)])),
          ...(schema.required && schema.required.length > 0 ? { required: schema.required } : {}),
          ...(schema.others === 'ignored' ? {} : { additionalProperties: false }),
        }
      : {}),
    ...(schema.values ? { additionalProperties: inner(schema.values) } : {}),
  }
}

function keyword(schema: Schema, key: SchemaKeyword): [string, Json][] {
  const value = schema[key]
  return value === undefined ? [] : [[key, value]]
}

/** What is accepted is said in words only where the other keywords do not say it. */
function words({ description: said, expected, format, maxLength, pattern }: Schema): Group {
  const known = format !== undefined || maxLength !== undefined || pattern !== undefined
  const told = said ?? (known ? undefined : expected)
  return told === undefined ? {} : { description: told }
}
