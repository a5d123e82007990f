import type { FastifyInstance } from 'fastify'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import { openApi } from '../api/openapi.ts'
import { calls } from '../api/routes.ts'
import { forAllOrigins } from '../shared/page-headers.ts'
import type { Reader } from '../../domain/site/reader.ts'
import type { Publication } from '../shared/publication.ts'
import { renderer } from '../shared/views.ts'
import { type DevelopersModel, developersModel } from './page.ts'

interface DevelopersViews {
  'developers/api': DevelopersModel
}

/** What those read who write programs: a page among the public ones, which loads nothing and needs no script. */
export function developerPages(face: FastifyInstance, url: string) {
  return {
    '/api': {
      draw: (snapshot: Snapshot, reader: Reader): Promise<string> =>
        renderer<DevelopersViews>(face)('developers/api', developersModel(calls, snapshot, reader, url)),
      all: () => ['/api'],
    },
  }
}

/** The same for programs: OpenAPI 3.1. */
export function serveDescription(face: FastifyInstance, publication: Publication, url: string): void {
  publication.serve(face, {
    url: '/api/v1/openapi.json',
    all: () => ['/api/v1/openapi.json'],
    render: ({ site }) => ({
      contentType: 'application/json; charset=utf-8',
      body: JSON.stringify(openApi({ calls, url, page: site.id })),
      headers: forAllOrigins,
    }),
  })
}
