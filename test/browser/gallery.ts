import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { Eta } from 'eta'
import Fastify from 'fastify'
import type { Locale } from '../../src/domain/site/site.ts'
import type { Snapshot } from '../../src/domain/status/snapshot-types.ts'
import { frontModel } from '../../src/web/public/front.ts'
import { stylesOf } from '../../src/web/public/look.ts'
import { assetsFace } from '../../src/web/shared/assets.ts'
import { readerOf } from '../../src/web/shared/i18n.ts'
import { publishedHeaders } from '../../src/web/shared/page-headers.ts'
import { sixStates } from '../six-states.ts'

const eta = new Eta({ views: fileURLToPath(new URL('../../views', import.meta.url)), autoEscape: true, cache: true })

/** Front pages of given states on a port of their own, `/calm/fa`, sent as the product sends them, without a database. */
export async function gallery(states: Readonly<Record<string, Snapshot>> = sixStates) {
  const app = Fastify()
  await app.register(assetsFace)
  app.get<{ Params: { state: string; locale: Locale } }>('/:state/:locale', (request, reply) => {
    const snapshot = states[request.params.state]
    if (!snapshot) return reply.code(404).send()
    // The script takes the time from what it is answered.
    void reply.header('date', new Date(snapshot.asOf).toUTCString())
    const styles = stylesOf(snapshot.site.look).map(({ source }) => source)
    void reply.headers(publishedHeaders('', styles)).type('text/html; charset=utf-8')
    return reply.send(eta.render('public/front', frontModel(snapshot, readerOf(snapshot, request.params.locale), '')))
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    base: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`,
    close: () => app.close(),
  }
}
