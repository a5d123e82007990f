import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Invalid } from '../../lib/errors.ts'
import { mostFields, tooManyFields } from './form-bodies.ts'

/** Reads forms that carry files, by the runtime's own reader: texts as texts, each file that was chosen as its bytes. */
export function takeFiles(face: FastifyInstance): void {
  face.addContentTypeParser(
    /^multipart\/form-data\b/,
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      const type = request.headers['content-type'] ?? ''
      const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } })
        .formData()
        .catch(() => {
          throw new Invalid('This form cannot be read. Open the page again and send it once more.', null)
        })
      if (Array.from(form.keys()).length > mostFields) throw tooManyFields()
      const fields: Record<string, string | string[] | Buffer> = Object.create(null) as Record<string, never>
      for (const name of new Set(form.keys())) {
        const [first = '', ...more] = form.getAll(name)
        if (typeof first === 'string') fields[name] = more.length > 0 ? [first, ...more.map(String)] : first
        else if (first.size > 0) fields[name] = Buffer.from(await first.arrayBuffer())
      }
      return fields
    },
  )
}
