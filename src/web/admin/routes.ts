import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { passwords } from '../../lib/passwords.ts'
import { cookiesFor } from '../shared/identity.ts'
import type { Desk, DeskParts } from './desk.ts'
import { pagesForErrors } from './errors.ts'
import { guard } from './guard.ts'
import { setUpRoutes } from './set-up.ts'
import { shower } from './show.ts'
import { signInRoutes } from './sign-in.ts'

/** The operators' desk under `/admin`, and the first run under `/setup`. */
export const adminFace: FastifyPluginAsync<DeskParts> = async (face, options) => {
  face.decorateRequest('actor', null)
  face.decorateRequest('visitor')
  const parts = { ...options, passwords: passwords(), cookies: cookiesFor(options.config.url) }
  const desk: Desk = { ...parts, show: shower(face, parts) }

  const behind = (prefix: string, pages: (inside: FastifyInstance) => void) =>
    face.register(
      (inside, _options, done) => {
        guard(inside, desk)
        pagesForErrors(inside, desk)
        pages(inside)
        done()
      },
      { prefix },
    )

  await behind('/setup', (inside) => setUpRoutes(inside, desk))
  await behind('/admin', (inside) => {
    signInRoutes(inside, desk)
  })
}
