import type { FastifyInstance } from 'fastify'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import { forAllOrigins } from '../shared/page-headers.ts'
import type { Reader } from '../../domain/site/reader.ts'
import type { Publication } from '../shared/publication.ts'
import { renderer } from '../shared/views.ts'
import type { DevelopersModel } from './page.ts'

interface DevelopersViews {
  'developers/api': DevelopersModel
}

/**
 * What those read who write programs: a page among the public ones, which loads nothing and needs no script. The calls that
 * it describes are loaded with it.
 */
export function developerPages(face: FastifyInstance, url: string) {
  return {
    '/api': {
      async draw(snapshot: Snapshot, reader: Reader): Promise<string> {
        const [{ developersModel }, { calls }] = await Promise.all([import('./page.ts'), import('../api/routes.ts')])
        return renderer<DevelopersViews>(face)('developers/api', developersModel(calls, snapshot, reader, url))
      },
      all: () => ['/api'],
    },
  }
}

/** The same for programs: OpenAPI 3.1. */
export function serveDescription(face: FastifyInstance, publication: Publication, url: string): void {
  publication.serve(face, {
    url: '/api/v1/openapi.json',
    all: () => ['/api/v1/openapi.json'],
    async render({ site }) {
      const [{ openApi }, { calls }] = await Promise.all([import('../api/openapi.ts'), import('../api/routes.ts')])
      return {
        contentType: 'application/json; charset=utf-8',
        body: JSON.stringify(openApi({ calls, url, page: site.id })),
        headers: forAllOrigins,
      }
    },
  })
}
