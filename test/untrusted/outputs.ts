import { routesOf } from '../../src/web/shared/access.ts'
import { type Shape, shapeOf } from './skeletons.ts'
import type { Told } from './site.ts'

/** Every address that anybody can read, of the page and of the desk, with the shape of what is there. */
export async function everyShape({ here, ada, ids, slug }: Told): Promise<Map<string, Shape>> {
  const product = await here.app()
  const { app } = product
  const update = await here.db.selectFrom('updates').select('id').orderBy('id').limit(1).executeTakeFirst()
  const impact = await here.db.selectFrom('impacts').select('id').orderBy('id').limit(1).executeTakeFirst()
  const cookie = ada.agent.jar
    .getCookies({ domain: '127.0.0.1', path: '/', secure: false, script: false })
    .toValueString()
  const readable = (await routesOf(product)).filter(
    ({ method, url }) => method === 'GET' && !/^\/(?:setup|hb|metrics|readyz)/.test(url),
  )
  const addressOf = (url: string): string =>
    url
      .replace(/(?<=\/([\w-]+)\/):(?:id|metric)\b/, (_, noun: string) => ids[noun] ?? 'none')
      .replace(/:locale\([^)]*\)/, 'fa')
      .replace(':slug', slug)
      .replace(':month', '2026-11')
      .replace(':date', '2026-11-21')
      .replace(':key', 'EU7')
      .replace(':part', '1.txt')
      .replace(':update', update?.id ?? '')
      .replace(':impact', impact?.id ?? '')
      .replace(':clock', ids['clocks'] ?? '')
      .replace(/:over\b/, ids['over'] ?? '')
      .replace(/:never\b/, ids['never'] ?? '')
      .replaceAll(/:(\w+)|\*/g, 'none')
  const more = ['', '/fa'].flatMap((prefix) => [
    `${prefix}/incidents/:over`,
    `${prefix}/incidents/:over.md`,
    `${prefix}/maintenances/:never`,
    `${prefix}/history/search?q=a`,
  ])
  const shapes = new Map<string, Shape>()
  const urls = [...readable.map(({ url }) => url), ...more, '/admin/incidents/:over', '/admin/incidents/:over/review']
  for (const pattern of new Set(urls)) {
    const url = addressOf(pattern)
    const answer = await app.inject({ url, headers: url.startsWith('/admin') ? { cookie } : {} })
    const type = String(answer.headers['content-type'] ?? '')
    if (answer.statusCode >= 500) shapes.set(pattern, { skeleton: [], faults: [`it failed with ${answer.statusCode}`] })
    else if (answer.statusCode < 300 && !type.startsWith('image/png')) shapes.set(pattern, shapeOf(type, answer.body))
  }
  return shapes
}
