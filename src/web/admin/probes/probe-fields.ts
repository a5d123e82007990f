import { type ProbeKindName, kindOf } from '../../../domain/probes/kinds/index.ts'
import type { FieldForm } from '../../../domain/probes/kinds/kind.ts'
import type { Schema } from '../../../lib/fields.ts'
import type { Choice } from '../choices.ts'

/** A field of a kind, in the words of the partial that draws it. */
export interface DrawnField {
  readonly name: string
  readonly label: string
  readonly hint?: string
  readonly placeholder?: string
  readonly type?: 'url' | 'number' | 'password'
  readonly inputmode?: 'url'
  readonly autocomplete?: 'new-password'
  readonly min?: number
  readonly max?: number
  readonly choices?: readonly Choice[]
  /** Of a text of several lines. */
  readonly rows?: number
  readonly kind?: 'short' | 'short mono'
  readonly required: boolean
  /** What a new form says there: a fold tells what in it is otherwise. */
  readonly usual: string
  readonly secret: FieldForm['secret'] | null
}

/** Fields under one heading; those that stand beside each other are in one row. */
export interface FieldPart {
  readonly title: string
  readonly rows: readonly (readonly DrawnField[])[]
}

export interface DrawnKind {
  readonly name: ProbeKindName
  readonly label: string
  readonly purpose: string
  /** What everybody has to answer. */
  readonly first: FieldPart['rows']
  /** What is folded up. */
  readonly folds: readonly FieldPart[]
}

const usualFold = 'More of what it asks'

/** The form of a kind, drawn from what it asks. */
export function drawnKind(name: ProbeKindName): DrawnKind {
  const { label, purpose, asks, form } = kindOf(name)
  const fields = Object.entries(asks).map(([field, schema]) => {
    const how = form[field]
    if (!how) throw new Error(`The kind ${name} does not say how it asks for ${field}.`)
    return { drawn: drawnField(field, schema, how), how }
  })
  const folded = fields.filter(({ how }) => how.place === 'more')
  return {
    name,
    label,
    purpose,
    first: rowsOf(fields.filter(({ how }) => how.place !== 'more').map(({ drawn }) => drawn)),
    folds: [...Map.groupBy(folded, ({ how }) => how.under ?? usualFold)].map(([title, inside]) => ({
      title,
      rows: rowsOf(inside.map(({ drawn }) => drawn)),
    })),
  }
}

function drawnField(name: string, schema: Schema, how: FieldForm): DrawnField {
  const { label, hint, placeholder, secret } = how
  return {
    name,
    label,
    ...(hint === undefined ? {} : { hint }),
    ...(placeholder === undefined ? {} : { placeholder }),
    ...shapeOf(schema.anyOf?.[0] ?? schema, how),
    required: !('optional' in schema) && secret === undefined && !isSeveral(schema),
    usual: how.usual ?? '',
    secret: secret ?? null,
  }
}

/** What kind of control holds what the schema accepts. */
function shapeOf(schema: Schema, { as, choices, secret, usual, placeholder = '' }: FieldForm): Partial<DrawnField> {
  const kind = as === 'mono' || secret !== undefined ? ('short mono' as const) : ('short' as const)
  if (schema.enum) {
    const options = schema.enum.map((value) => ({ value, label: choices?.[value] ?? value }))
    return { choices: usual === undefined ? [{ value: '', label: '—' }, ...options] : options }
  }
  // As many lines as the example has, and one to go on.
  if (schema.items || schema.reads === 'prose') return { rows: Math.max(3, placeholder.split('\n').length + 1), kind }
  if (schema.type === 'integer') {
    const { minimum, maximum } = schema
    return {
      type: 'number',
      ...(minimum === undefined ? {} : { min: minimum }),
      ...(maximum === undefined ? {} : { max: maximum }),
    }
  }
  // Managers of passwords would fill in what they know of this page otherwise.
  if (secret === 'yes') return { type: 'password', autocomplete: 'new-password' }
  return as === 'url' ? { type: 'url', inputmode: 'url' } : {}
}

function isSeveral(schema: Schema): boolean {
  return (schema.anyOf?.[0] ?? schema).items !== undefined
}

/** Long ones have a row of their own. */
function rowsOf(fields: readonly DrawnField[]): DrawnField[][] {
  const rows: DrawnField[][] = []
  for (const field of fields) {
    const last = rows.at(-1)
    if (last && !isLong(field) && !last.some(isLong)) last.push(field)
    else rows.push([field])
  }
  return rows
}

function isLong({ rows, type }: DrawnField): boolean {
  return rows !== undefined || type === 'url'
}
