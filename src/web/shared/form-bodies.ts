import { parse } from 'fast-querystring'
import type { FastifyInstance } from 'fastify'
import { Invalid } from '../../lib/errors.ts'

/** The form with the most has a few for each system. */
export const mostFields = 2000

/** Takes what browsers send of a form; a name that comes twice is a list. The reader of it comes with Fastify. */
export function takeForms(app: FastifyInstance): void {
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    const text = body as string
    if (text.split('&', mostFields + 1).length > mostFields) done(tooManyFields())
    else done(null, parse(text))
  })
}

export function tooManyFields(): Invalid {
  return new Invalid(`A form has at most ${mostFields.toLocaleString('en-US')} fields. Nothing was changed.`)
}
