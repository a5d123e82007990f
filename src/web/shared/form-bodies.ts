import type { FastifyInstance } from 'fastify'
import { Invalid } from '../../lib/errors.ts'

/** The form with the most has a few for each system. */
export const mostFields = 2000

/** Takes what browsers send of a form; a name that comes twice is a list. */
export function takeForms(app: FastifyInstance): void {
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    const text = body as string
    if (text.split('&', mostFields + 1).length > mostFields) done(tooManyFields())
    else done(null, fieldsOf(text))
  })
}

/** As the standard reads it: for bytes that are no letter there stands one that no field takes. */
function fieldsOf(text: string): Readonly<Record<string, string | string[]>> {
  const fields: Record<string, string | string[]> = Object.create(null) as Record<string, never>
  for (const [name, value] of new URLSearchParams(text)) {
    const before = fields[name]
    if (before === undefined) fields[name] = value
    else if (typeof before === 'string') fields[name] = [before, value]
    else before.push(value)
  }
  return fields
}

export function tooManyFields(): Invalid {
  return new Invalid(`A form has at most ${mostFields.toLocaleString('en-US')} fields. Nothing was changed.`)
}
