import Fastify, { type FastifyInstance } from 'fastify'
import request from 'supertest'
import { onTestFinished } from 'vitest'
import type { Db } from '../../../src/database/database.ts'
import type { Snapshot } from '../../../src/domain/status/snapshot-types.ts'
import { type Instant, later } from '../../../src/lib/clock.ts'
import type { EditionParts } from '../../../src/web/shared/editions.ts'
import { type Publication, createPublication } from '../../../src/web/shared/publication.ts'
import { stoppedClock } from '../../clock.ts'

/** A world of one number, where nothing else is to be read. */
export function numbered(version: number, asOf: Instant): Snapshot {
  const nothing: Partial<Snapshot> = { components: [], listed: [] }
  return { version, asOf, nextMoment: later(asOf, 60), ...nothing } as Snapshot
}

export const empty: Pick<EditionParts, 'config' | 'db' | 'eventsAfter' | 'incidentsBeside' | 'log'> = {
  config: { url: 'http://status.example' },
  db: {} as Db,
  eventsAfter: () => Promise.resolve([]),
  incidentsBeside: () => Promise.resolve([]),
  log: { error: () => undefined },
}

/** A publication over a world of one number. */
export async function published(
  declare: (publication: Publication, face: FastifyInstance) => void,
  logged: unknown[] = [],
) {
  const clock = stoppedClock('2026-11-21T12:00:00.000Z')
  const state = { version: 1, reads: 0 }
  const publication = createPublication({
    ...empty,
    clock,
    readSnapshot: () => {
      state.reads += 1
      return Promise.resolve(numbered(state.version, clock.now()))
    },
    latestVersion: () => Promise.resolve(state.version),
    log: { error: (error: unknown) => logged.push(error) },
  })
  const app = Fastify()
  await app.register((face) => {
    declare(publication, face)
    publication.missing(face, (_, path) => ({ contentType: 'text/plain', body: `nothing at ${path}` }))
    return Promise.resolve()
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => app.close())
  return { app, publication, clock, state, get: (path: string) => request(app.server).get(path) }
}

export const body = (version: number): string => `version ${version} `.repeat(50)
