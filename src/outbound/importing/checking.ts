import type { TSchema } from 'typebox'
import Value from 'typebox/value'
import { Invalid } from '../../lib/errors.ts'
import { syntaxFault } from './json.ts'

/** A file or an answer, as it came. */
export interface Bytes {
  /** What a person calls it: the file's name, the address. */
  readonly name: string
  readonly bytes: Uint8Array
}

/** Refuses a document that is not as it has to be, with the place that is at fault. `path`: what of a pointer people know. */
export function mustFit(
  schema: TSchema,
  {
    name,
    document,
    path = (pointer) => pointer,
  }: { name: string; document: unknown; path?: (pointer: string) => string },
): void {
  if (!Value.Check(schema, document)) throw refusal(schema, name, document, path)
}

/** Reads JSON, or says what is wrong with it and where. */
export function parseJson({ name, bytes }: Bytes): unknown {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Invalid(`${name} is not text in UTF-8.`, name)
  }
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new Invalid(`${name} is not JSON: ${syntaxFault(text)}.`, name)
  }
}

interface Fault {
  readonly keyword: string
  readonly instancePath: string
  readonly schemaPath: string
  readonly params: object
  readonly message: string
}

function refusal(schema: TSchema, name: string, document: unknown, path: (pointer: string) => string): Invalid {
  const faults = Value.Errors(schema, document) as unknown as readonly Fault[]
  // Of a choice, the deepest fault says most: the others are about forms that were not meant.
  const fault = faults.toSorted((a, b) => depth(b) - depth(a))[0]
  if (!fault) return new Invalid(`${name} is not a document of the API.`, name)
  const missing = (fault.params as { requiredProperties?: string[] }).requiredProperties?.[0]
  const pointer = missing === undefined ? fault.instancePath : `${fault.instancePath}/${missing}`
  const place = placeOf(path(pointer))
  const what = missing === undefined ? wordsOf(fault, valueAt(document, fault.instancePath)) : 'is missing'
  return new Invalid(`${name}: ${place} ${what}.`, `${name}: ${place}`)
}

function depth({ instancePath, keyword }: Fault): number {
  return instancePath.split('/').length + (keyword === 'anyOf' || keyword === 'type' ? 0 : 0.5)
}

function wordsOf(fault: Fault, value: unknown): string {
  const was = value === undefined ? '' : `, not ${shown(value)}`
  if (fault.keyword === '~refine') return fault.message + was
  const { allowedValues, type } = fault.params as { allowedValues?: unknown[]; type?: string }
  if (allowedValues) return `must be one of: ${allowedValues.join(', ')}${was}`
  return type === undefined ? `${fault.message}${was}` : `must be of type ${type}${was}`
}

/** A value, short and safe to repeat. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 60).toWellFormed()}…` : text
}

function valueAt(document: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>(
      (value, key) => (value === null || typeof value !== 'object' ? undefined : Reflect.get(value, key)),
      document,
    )
}

/** `/incidents/3/created_at` as `incidents[3].created_at`; a plain list has no name before its brackets. */
function placeOf(pointer: string): string {
  const parts = pointer.split('/').slice(1)
  const place = parts.map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`)).join('')
  return place === '' ? 'the document' : place.replace(/^\./, '')
}
