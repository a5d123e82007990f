import type { Ask } from './asking.ts'
import type { Chance } from './chance.ts'
import { mangled, mangledBytes, nastyText, nastyValue, nastyWord } from './nasty.ts'

/** JSON Schema, as far as our description uses it. */
interface Shape {
  readonly $ref?: string
  readonly type?: string
  readonly enum?: readonly string[]
  readonly anyOf?: readonly Shape[]
  readonly format?: string
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly items?: Shape
  readonly maxItems?: number
  readonly properties?: Readonly<Record<string, Shape>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Shape | false
}

export interface Operation {
  readonly operationId: string
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: Shape }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Shape }>> }
  readonly responses: Readonly<Record<string, object>>
}

export interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Shape>> }
}

export interface Known {
  readonly page: string
  readonly authorizations: readonly string[]
  /** Ids of things that there are. */
  readonly ids: readonly string[]
}

/** Requests made from the description alone: what it allows, what lies at its edges, and what it does not allow. */
export function fromDescription(description: Description, known: Known, by: Chance): Ask {
  const [path, methods] = by.of(Object.entries(description.paths))
  const [method, operation] = by.of(Object.entries(methods))
  const shape = operation.requestBody?.content['application/json']?.schema
  const { url, query, headers } = addressed(path, operation, known, by)
  const of = `${method} ${path}`
  const ask = { of, method: method.toUpperCase(), path: url + query }
  if (!shape) return { ...ask, headers, ...(by.is(0.05) ? { body: mangled('{"a":1}', by) } : {}) }
  const value = valueOf(shape, { description, known, by, wrong: by.is(0.35) ? 0 : by.of([0.1, 0.3, 0.8]) })
  const type = by.of([
    'application/json',
    'application/json',
    'text/plain',
    '',
    'application/x-www-form-urlencoded',
    by.of(types),
  ])
  const body = type === 'application/x-www-form-urlencoded' && by.is(0.8) ? formOf(value, by) : jsonOf(value, by)
  return {
    ...ask,
    headers: { ...headers, ...(type === '' ? {} : { 'content-type': type }) },
    body: by.is(0.12) ? mangledBytes(body, by) : body,
  }
}

const types = [
  'text/xml',
  'multipart/form-data; boundary=x',
  'application/json; charset=utf-16',
  'application/vnd.api+json',
  '*/*',
  ';',
  'a',
]

function addressed(path: string, { parameters }: Operation, known: Known, by: Chance) {
  const url = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    if (by.is(0.06)) return nastyWord(by)
    return name === 'page' ? known.page : by.of(known.ids)
  })
  const query = parameters
    .filter(({ in: where }) => where === 'query')
    .filter(() => by.is(0.6))
    .map(
      ({ name, schema }) => `${name}=${by.is(0.5) ? nastyWord(by) : String(schema.minimum ?? schema.enum?.[0] ?? 1)}`,
    )
  if (by.is(0.2))
    query.push(
      `${by.of(['sort', 'order', 'filter[name]', 'q', 'limit', 'page', 'api_key', '__proto__', 'q'])}=${nastyWord(by)}`,
    )
  const token = by.is(0.92) ? by.of(known.authorizations) : `Bearer ${nastyWord(by).slice(0, 300) || 'x'}`
  return {
    url: `${by.of(['/v1', '/api/v1'])}${url}${by.is(0.3) ? '.json' : ''}`,
    query: query.length > 0 ? `?${query.join('&')}` : '',
    headers: {
      authorization: token,
      ...(by.is(0.15) ? { 'idempotency-key': by.of(['a', 'b', '"c"', '', 'x'.repeat(400), nastyWord(by)]) } : {}),
    },
  }
}

interface Making {
  readonly description: Description
  readonly known: Known
  readonly by: Chance
  /** How likely each part is something else. */
  readonly wrong: number
}

function valueOf(given: Shape, making: Making): unknown {
  const { description, known, by, wrong } = making
  const shape = given.$ref ? (description.components.schemas[given.$ref.split('/').at(-1) ?? ''] ?? {}) : given
  if (wrong > 0 && by.is(wrong / 3)) return nastyValue(by)
  if (shape.anyOf) return valueOf(by.of(shape.anyOf), making)
  if (shape.enum) return by.of(shape.enum)
  if (shape.properties) {
    const entries = Object.entries(shape.properties)
      .filter(([name]) => (shape.required?.includes(name) ? !(wrong > 0 && by.is(wrong / 4)) : by.is(0.35)))
      .map(([name, one]): [string, unknown] => [name, valueOf(one, making)])
    if (wrong > 0 && by.is(wrong / 3)) entries.push([by.is(0.3) ? '__proto__' : nastyText(by), nastyValue(by)])
    return Object.fromEntries(entries)
  }
  if (shape.items)
    return Array.from({ length: by.below(Math.min(4, (shape.maxItems ?? 4) + 1)) }, () =>
      valueOf(shape.items ?? {}, making),
    )
  if (shape.additionalProperties)
    return { [by.is(0.7) ? by.of(known.ids) : nastyText(by)]: valueOf(shape.additionalProperties, making) }
  if (shape.type === 'boolean') return by.is(0.5)
  if (shape.type === 'integer' || shape.type === 'number')
    return by.of([shape.minimum ?? 0, shape.maximum ?? 9, (shape.minimum ?? 0) - 1, 1_763_726_400])
  if (shape.type === 'null') return null
  if (shape.type === 'string') return textOf(shape, making)
  return nastyValue(by)
}

function textOf({ format, pattern, minLength = 0, maxLength = 200 }: Shape, { known, by }: Making): string {
  if (format === 'date-time')
    return by.of(['2026-11-21T12:00:00Z', '2026-11-25T09:30:00+03:30', '2026-11-01T00:00:00Z', '2099-12-31T23:59:59Z'])
  if (format === 'date') return by.of(['2026-11-21', '2000-01-01', '2099-12-31'])
  if (pattern !== undefined) return by.of(known.ids)
  const length = by.of([minLength, maxLength, maxLength + 1, Math.min(12, maxLength)])
  return by.of(['a', 'é', '漢', '😀', 'a ']).repeat(length).slice(0, length).toWellFormed()
}

/** `JSON.stringify`, and now and then what it never writes. */
function jsonOf(value: unknown, by: Chance): string {
  const text = JSON.stringify(value) ?? 'null'
  if (!by.is(0.06)) return text
  return by.of([
    text.replace('{', '{"__proto__":{"role":"owner"},'),
    text.replace('{', '{"a":1,"a":2,'),
    text.replace(/:([^,}]*)/, ':1e999'),
    '['.repeat(40_000),
    `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`,
    `\ufeff${text}`,
    `${text}${text}`,
    text.replace(/"/, '"\\ud800'),
    `[${'1,'.repeat(100_000)}1]`,
  ])
}

/** As Ruby writes it. */
function formOf(value: unknown, by: Chance): string {
  const pairs: string[] = []
  const put = (name: string, one: unknown): void => {
    if (Array.isArray(one)) one.slice(0, 50).forEach((each) => put(`${name}[]`, each))
    else if (typeof one === 'object' && one !== null)
      Object.entries(one).forEach(([key, each]) => put(name === '' ? key : `${name}[${key}]`, each))
    else pairs.push(`${encodeURIComponent(name.toWellFormed())}=${encodeURIComponent(String(one).toWellFormed())}`)
  }
  put('', value)
  if (by.is(0.1))
    pairs.push(
      by.of([
        '__proto__[role]=owner',
        'a[=1',
        '[]=1',
        '=',
        '&&&',
        `a${'[b]'.repeat(200)}=1`,
        'constructor[prototype][x]=1',
        'incident[name]=1&incident[name]=2',
      ]),
    )
  return pairs.join('&')
}
