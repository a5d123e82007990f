import Fastify, { type FastifyInstance } from 'fastify'
import { onTestFinished } from 'vitest'
import { type Imported, importRecording } from '../../src/domain/import/commands.ts'
import type { Recording } from '../../src/domain/import/recording.ts'
import { statuspage } from '../../src/web/compat/statuspage/routes.ts'
import { feeds } from '../../src/web/feeds/routes.ts'
import { createPublication } from '../../src/web/shared/publication.ts'
import type { World } from '../world.ts'

/** What programs read, of a world: the feeds and the API, without the pages of people around them. */
export async function wireOf(world: World): Promise<FastifyInstance> {
  const app = Fastify()
  onTestFinished(() => app.close())
  const publication = createPublication(world)
  const { url } = world.config
  await app.register(feeds, { publication, url })
  await app.register(statuspage, { publication, url })
  await app.ready()
  await publication.refresh()
  return app
}

/** Takes a recording over as the command line does. */
export function imports(world: World, recording: Recording): Promise<Imported> {
  return world.change({ kind: 'command', name: 'import' }, (change) =>
    importRecording(change, recording, { from: 'a recording', progress: () => undefined }),
  )
}
