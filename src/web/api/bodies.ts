import type { Buffer } from 'node:buffer'
import type { FastifyInstance } from 'fastify'
import { Refusal } from '../../lib/errors.ts'
import { jsonFault } from './json-fault.ts'

/** What was sent cannot be read at all. */
export class Unreadable extends Refusal {}

/** It is written in a way that we do not read. */
export class Unsupported extends Refusal {}

const mostPairs = 2000
const deepest = 8

/**
 * Programs send JSON with every content type and with none, and forms as Ruby and curl write them: one reader for both,
 * so that a call sees the same whichever it was. What could be read in two ways is refused.
 */
export function takeBodies(face: FastifyInstance): void {
  face.removeAllContentTypeParsers()
  face.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    try {
      done(null, readBody(request.headers['content-type'], body))
    } catch (error) {
      done(error as Error)
    }
  })
}

/** The value of a body, or undefined where there is none. */
export function readBody(contentType: string | undefined, body: Buffer): unknown {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? ''
  const text = textOf(body)
  if (text.trim() === '') return undefined
  const isForm = type === 'application/x-www-form-urlencoded'
  // What curl sends with -d is called a form, whatever it is.
  const isJson = /^\s*[[{]/.test(text)
  if (type === 'application/json' || type.endsWith('+json') || isJson) {
    if (/^(|application\/.*|text\/(plain|json|javascript))$/.test(type)) return readJson(text)
  } else if (isForm || type === '') return readForm(text)
  throw new Unsupported(
    'Send the body as JSON (content-type: application/json) or as a form (application/x-www-form-urlencoded).',
  )
}

function textOf(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    throw new Unreadable('The body is not UTF-8.')
  }
}

function readJson(text: string): unknown {
  const fault = jsonFault(text)
  if (fault !== null) throw new Unreadable(fault)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Unreadable('The body is not JSON.')
  }
  // Written again, only such halves are still escaped.
  if (/(?<!\\)(?:\\\\)*\\ud[89a-f]/.test(JSON.stringify(value))) {
    throw new Unreadable('The body holds half of a character that UTF-16 writes as two.')
  }
  return value
}

/** A name of a field in a form: `incident`, `[name]`, `[]`. */
const formName = /^([^[\]]{1,100})((?:\[[^[\]]{0,100}\])*)$/

/** `incident[name]=x&incident[component_ids][]=a`, as Ruby on Rails reads it. */
export function readForm(text: string): unknown {
  if (text.split('&', mostPairs + 1).length > mostPairs) throw new Unreadable(`A form has at most ${mostPairs} fields.`)
  const root: Group = new Map()
  for (const [name, value] of new URLSearchParams(text)) {
    const [, first, rest = ''] = formName.exec(name) ?? []
    if (first === undefined) throw new Unreadable(`The name of the field “${shown(name)}” cannot be read.`)
    const path = [first, ...Array.from(rest.matchAll(/\[([^[\]]*)\]/g), ([, part]) => part ?? '')]
    if (path.length > deepest) throw new Unreadable(`Fields of a form lie at most ${deepest} deep.`)
    put(root, path, { name, value })
  }
  return plain(root)
}

type Group = Map<string, Field>
type Field = string | string[] | Group

function put(root: Group, path: readonly string[], { name, value }: { name: string; value: string }): void {
  const isList = path.at(-1) === ''
  const keys = isList ? path.slice(0, -1) : path
  const last = keys.at(-1)
  if (last === undefined || keys.includes('')) {
    throw new Unreadable(`The field “${shown(name)}” cannot be read: [] stands only at the end of a name.`)
  }
  let group = root
  for (const key of keys.slice(0, -1)) {
    const next = group.get(key) ?? new Map<string, Field>()
    if (!(next instanceof Map)) throw twice(name)
    group.set(key, next)
    group = next
  }
  const known = group.get(last)
  if (isList && Array.isArray(known)) known.push(value)
  else if (known !== undefined) throw twice(name)
  else group.set(last, isList ? [value] : value)
}

function twice(name: string): Unreadable {
  return new Unreadable(`The field “${shown(name)}” is said twice, and only one of them can be meant.`)
}

/** From entries, so that a name such as `__proto__` stays a name. */
function plain(group: Group): unknown {
  return Object.fromEntries(Array.from(group, ([key, field]) => [key, field instanceof Map ? plain(field) : field]))
}

function shown(name: string): string {
  return name
    .slice(0, 60)
    .toWellFormed()
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd')
}
