import type { Static, TSchema } from 'typebox'
import Value from 'typebox/value'
import { parseInstant } from './clock.ts'
import { Invalid } from './errors.ts'
import type { Reads } from './fields.ts'

/** What of a schema is read here. */
interface Node {
  readonly type?: string
  readonly reads?: Reads
  readonly expected?: string
  readonly enum?: readonly string[]
  readonly anyOf?: readonly Node[]
  readonly items?: Node
  readonly properties?: Readonly<Record<string, Node>>
  readonly required?: readonly string[]
  readonly minimum?: number
  readonly maximum?: number
  readonly maxItems?: number
}

/** Where in the input. */
type Path = readonly string[]

interface Fault {
  readonly keyword: string
  readonly instancePath: string
  readonly params: object
  readonly message: string
}

/**
 * Tidies what came from outside (trims, NFC, empty optional fields become null) and answers it as the schema's type.
 * Otherwise it throws `Invalid` with a sentence that names the first field at fault and what would be accepted there.
 */
export function check<Schema extends TSchema>(schema: Schema, value: unknown): Static<Schema> {
  const node = schema as unknown as Node
  const tidied = tidy(node, value, [])
  if (Value.Check(schema, tidied)) return tidied as Static<Schema>
  throw refusal(node, Value.Errors(schema, tidied) as unknown as readonly Fault[])
}

function tidy(schema: Node, value: unknown, path: Path): unknown {
  const node = withoutNull(schema)
  if (typeof value === 'string') return tidyText(node, value, node !== schema)
  if (Array.isArray(value) && node.items) return tidyList(node, node.items, value, path)
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && node.properties) {
    return tidyFields(node, node.properties, value, path)
  }
  return value
}

function tidyText(node: Node, value: string, mayBeNull: boolean): unknown {
  const text =
    node.reads === 'prose' ? value.replace(/\r\n?/g, '\n').normalize('NFC').trim() : value.normalize('NFC').trim()
  if (text === '' && mayBeNull) return null
  if (node.reads === 'instant') return parseInstant(text) ?? text
  const isNumber = (node.type === 'integer' || node.type === 'number') && /^-?\d{1,15}(\.\d{1,15})?$/.test(text)
  return isNumber ? Number(text) : text
}

function tidyList(node: Node, item: Node, values: readonly unknown[], path: Path): unknown {
  // At once, because looking at each entry of a list that is far too long would take its time.
  if (values.length > (node.maxItems ?? Infinity))
    throw new Invalid(`The ${words(path)} must be ${expectation(node)}.`, fieldName(path))
  return values.map((value, index) => tidy(item, value, [...path, String(index)]))
}

function tidyFields(node: Node, properties: Readonly<Record<string, Node>>, value: object, path: Path): unknown {
  const entries = Object.entries(value).flatMap(([key, field]): [string, unknown][] => {
    const property = Object.hasOwn(properties, key) ? properties[key] : undefined
    if (!property) return [[key, field]]
    const tidied = tidy(property, field, [...path, key])
    const isLeftOut =
      tidied === undefined || (!node.required?.includes(key) && !property.anyOf && (tidied === null || tidied === ''))
    return isLeftOut ? [] : [[key, tidied]]
  })
  // From entries, so that a key such as `__proto__` stays a key, and is refused as one.
  return Object.fromEntries(entries)
}

function withoutNull(node: Node): Node {
  return node.anyOf?.find(({ type }) => type !== 'null') ?? node
}

function refusal(schema: Node, faults: readonly Fault[]): Invalid {
  const fault = faults.find(({ keyword }) => keyword === 'additionalProperties') ??
    faults.find(({ keyword }) => keyword !== 'boolean') ?? {
      keyword: 'type',
      instancePath: '',
      params: {},
      message: '',
    }
  const path = pathOf(fault.instancePath)
  const node = nodeAt(schema, path)
  if (fault.keyword === 'additionalProperties') {
    const unknown = (fault.params as { additionalProperties: string[] }).additionalProperties[0] ?? ''
    const known = Object.keys(node.properties ?? {}).join(', ')
    return new Invalid(
      `The field “${shown(unknown)}” is not known here. Known are: ${known}.`,
      fieldName([...path, shown(unknown)]),
    )
  }
  if (fault.keyword === 'required') {
    const missing = (fault.params as { requiredProperties: string[] }).requiredProperties[0] ?? ''
    const expected = expectation(nodeAt(schema, [...path, missing]))
    return new Invalid(
      `The ${words([...path, missing])} is missing: it must be ${expected}.`,
      fieldName([...path, missing]),
    )
  }
  const wrong = fault.keyword === '~refine' ? fault.message : `must be ${expectation(node)}`
  return new Invalid(`The ${words(path)} ${wrong}.`, fieldName(path) || null)
}

function expectation(node: Node): string {
  if (node.expected) return node.expected
  if (node.enum) return `one of: ${node.enum.join(', ')}`
  if (node.items) return node.maxItems === undefined ? 'a list' : `a list of at most ${node.maxItems} entries`
  if (node.properties) return `a group of fields (${Object.keys(node.properties).join(', ')})`
  if (node.type === 'integer' || node.type === 'number') {
    return `a ${node.type === 'integer' ? 'whole ' : ''}number from ${node.minimum ?? 'any'} to ${node.maximum ?? 'any'}`
  }
  return 'text'
}

function pathOf(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function nodeAt(schema: Node, path: Path): Node {
  let node = withoutNull(schema)
  for (const part of path) node = withoutNull(node.items ?? node.properties?.[part] ?? {})
  return node
}

/** `components[2].status` */
function fieldName(path: Path): string {
  return path.map((part, index) => (/^\d+$/.test(part) ? `[${part}]` : index === 0 ? part : `.${part}`)).join('')
}

/** `status (in entry 3 of components)` */
function words(path: Path): string {
  if (path.length === 0) return 'input'
  const last = path.at(-1) ?? ''
  const before = path.slice(0, -1)
  if (/^\d+$/.test(last)) return `entry ${Number(last) + 1} of ${words(before)}`
  return before.length === 0 ? spoken(last) : `${spoken(last)} (in ${words(before)})`
}

/** `nextUpdateBy` as `next update by`. */
function spoken(key: string): string {
  return /^[a-z]+([A-Z][a-z]+)*$/.test(key) ? key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`) : shown(key)
}

/** A name that somebody else chose, safe to repeat. */
function shown(key: string): string {
  const plain = key.toWellFormed().replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd')
  return plain.length > 40 ? `${plain.slice(0, 40).toWellFormed()}…` : plain
}
