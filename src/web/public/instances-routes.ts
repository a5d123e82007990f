import type { FastifyInstance } from 'fastify'
import { happened } from '../../domain/history/happened.ts'
import type { Incident } from '../../domain/incidents/incident.ts'
import { incidentsOfComponent } from '../../domain/incidents/queries.ts'
import type { Locale } from '../../domain/site/site.ts'
import type { PublicComponent, Snapshot } from '../../domain/status/snapshot-types.ts'
import { addDays, startOfDay } from '../../lib/days.ts'
import { everyone } from '../shared/access.ts'
import type { Rendered } from '../shared/document.ts'
import type { Reader } from '../../domain/site/reader.ts'
import { localeIn, readerAt, starts } from '../shared/languages.ts'
import type { Params } from '../shared/paths.ts'
import type { Publication, Read } from '../shared/publication.ts'
import type { renderer } from '../shared/views.ts'
import { addresses } from './addresses.ts'
import { instanceModel } from './instance-page.ts'
import { findInstance } from './instance-search.ts'
import { hasInstances, inOrder, instanceHref, instancesOf } from './instances.ts'
import { foundModel, instancesModel } from './instances-page.ts'
import type { PublicViews } from './views.ts'

interface Parts {
  readonly view: ReturnType<typeof renderer<PublicViews>>
  /** Where the page stands, without a slash at its end. */
  readonly url: string
}

/** The list of all instances, and a page for each. A site without instances has neither. */
export function instancePages({ view, url }: Parts) {
  return {
    '/instances': {
      draw: async (snapshot: Snapshot, reader: Reader): Promise<string | null> =>
        hasInstances(snapshot) ? view('public/instances', instancesModel(snapshot, reader, url)) : null,
      all: (snapshot: Snapshot): string[] => (hasInstances(snapshot) ? ['/instances'] : []),
    },
    '/instances/:key': {
      async draw(snapshot: Snapshot, reader: Reader, { key = '' }: Params, read: Read): Promise<string | null> {
        const group = snapshot.groups.find(({ instanceKey }) => instanceKey === key)
        const [instance] = group ? instancesOf({ groups: [group], components: snapshot.components }) : []
        if (!instance) return null
        const incidents = await incidentsOf(instance.components, snapshot, read)
        return view('public/instance', instanceModel(instance, incidents, snapshot, reader, url))
      },
      all: addresses.instances,
    },
  }
}

/** Each once, of the 90 days that the bars show, newest beginning first. */
async function incidentsOf(
  components: readonly PublicComponent[],
  { today, site }: Snapshot,
  read: Read,
): Promise<Incident[]> {
  const [from, until] = [startOfDay(addDays(today, -89), site.zone), startOfDay(addDays(today, 1), site.zone)]
  const found = new Map<string, Incident>()
  for (const { id } of components) {
    for (const incident of await read(happened, incidentsOfComponent, id, from, until)) found.set(incident.id, incident)
  }
  return [...found.values()].toSorted((a, b) => inOrder(b.beganAt, a.beganAt))
}

/**
 * `/find?q=EU42`: leads to the instance that is meant, or lists those that may be. Answered from the edition that is
 * published, without asking the database, and never kept: there are as many questions as visitors can think of.
 */
export function serveFind(
  face: FastifyInstance,
  {
    publication,
    view,
    url,
    page,
  }: Parts & {
    readonly publication: Publication
    page(body: string, locale: Locale, snapshot: Snapshot): Rendered
  },
): void {
  for (const start of starts) {
    face.get<{ Querystring: { q?: unknown } }>(
      `${start}/find`,
      { config: { access: everyone } },
      async (request, reply) => {
        const { snapshot } = publication
        if (!snapshot || !hasInstances(snapshot)) return reply.callNotFound()
        const reader = readerAt(localeIn(request.params), snapshot)
        const typed = typeof request.query.q === 'string' ? request.query.q : ''
        const found = findInstance(typed, snapshot)
        void reply.header('cache-control', 'no-store')
        if (found.kind === 'one') return reply.redirect(instanceHref(found.key, reader), 302)
        const body = await view('public/found', foundModel(typed, found, snapshot, reader, url))
        const { contentType, headers } = page(body, reader.locale, snapshot)
        return reply
          .type(contentType)
          .headers({ ...headers, 'cache-control': 'no-store' })
          .send(body)
      },
    )
  }
}
