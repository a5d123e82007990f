import { parse } from 'fast-querystring'
import type { FastifyInstance } from 'fastify'

/** Takes what browsers send of a form; a name that comes twice is a list. The reader of it comes with Fastify. */
export function takeForms(app: FastifyInstance): void {
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, parse(body as string))
  })
}
