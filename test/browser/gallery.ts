import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { Eta } from 'eta'
import Fastify from 'fastify'
import type { Locale } from '../../src/domain/site/site.ts'
import type { Snapshot } from '../../src/domain/status/snapshot-types.ts'
import { frontModel } from '../../src/web/public/front.ts'
import { stylesOf } from '../../src/web/public/look.ts'
import { assetsFace } from '../../src/web/shared/assets.ts'
import { type Document, answer, toDocument } from '../../src/web/shared/document.ts'
import { readerOf } from '../../src/domain/site/reader.ts'
import { publishedHeaders } from '../../src/web/shared/page-headers.ts'
import { sixStates } from '../six-states.ts'

const eta = new Eta({ views: fileURLToPath(new URL('../../views', import.meta.url)), autoEscape: true, cache: true })

/** The front page of a state, as the product makes it. */
function frontPage(snapshot: Snapshot, locale: Locale): string {
  return eta.render('public/front', frontModel(snapshot, readerOf(snapshot, locale), ''))
}

/**
 * Front pages of given states on a port of their own, `/calm/fa`, sent as the product sends them, without a database; at
 * `/calm/fa?alone` their HTML alone, without style and script.
 */
export async function gallery(
  states: Readonly<Record<string, Snapshot>> = sixStates,
  finished: (document: Document) => Promise<Document> = (document) => Promise.resolve(document),
) {
  const app = Fastify()
  const kept = new Map<string, Document>()
  const keep = (path: string, document: Document): void => void kept.set(path, document)
  await app.register(assetsFace, { publication: { keep, find: (path) => kept.get(path) } })
  app.get<{ Params: { state: string; locale: Locale }; Querystring: { alone?: string } }>(
    '/:state/:locale',
    async (request, reply) => {
      const { state, locale } = request.params
      const snapshot = states[state]
      if (!snapshot) return reply.code(404).send()
      const html = frontPage(snapshot, locale)
      const styles = stylesOf(snapshot.site.look, 'all').map(({ source }) => source)
      const document =
        kept.get(request.url) ??
        (await finished(
          await toDocument(request.url, {
            contentType: 'text/html; charset=utf-8',
            body: request.query.alone === undefined ? html : html.replaceAll(/<(style|script)\b.*?<\/\1>/gs, ''),
            headers: publishedHeaders('', styles),
          }),
        ))
      keep(request.url, document)
      // The script takes the time from what it is answered.
      void reply.header('date', new Date(Date.parse(snapshot.asOf)).toUTCString())
      return answer(request, reply, document)
    },
  )
  for (const [path, document] of kept) keep(path, await finished(document))
  await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    base: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`,
    close: () => app.close(),
  }
}
