import type { FastifyPluginAsync } from 'fastify'
import type { PublicComponent, Snapshot } from '../../domain/status/snapshot-types.ts'
import type { Reader } from '../../domain/site/reader.ts'
import { readerAt, serveInLanguages } from '../shared/languages.ts'
import type { Publication } from '../shared/publication.ts'
import { type Badge, componentBadge, latencyBadge, pageBadge, uptimeBadge } from './badge.ts'
import { shields, svg } from './drawing.ts'

export interface BadgesOptions {
  readonly publication: Publication
}

const formats = { svg, json: shields }

const ofComponents: Readonly<Record<string, (of: PublicComponent, snapshot: Snapshot, reader: Reader) => Badge>> = {
  badge: componentBadge,
  uptime: uptimeBadge,
  latency: latencyBadge,
}

/** How things are, in a line of somebody else's page: in the site's language, and under `/<locale>/` in each. */
export const badges: FastifyPluginAsync<BadgesOptions> = async (face, { publication }) => {
  for (const [extension, format] of Object.entries(formats)) {
    serveInLanguages(publication, face, {
      url: `/badge.${extension}`,
      render(snapshot, named) {
        const reader = readerAt(named, snapshot)
        return format(pageBadge(snapshot, reader), reader)
      },
      all: () => [`/badge.${extension}`],
    })
    for (const [name, badgeOf] of Object.entries(ofComponents)) {
      serveInLanguages(publication, face, {
        url: `/components/:slug/${name}.${extension}`,
        render(snapshot, named, { slug }) {
          const component = snapshot.components.find((one) => one.slug === slug)
          if (!component) return null
          const reader = readerAt(named, snapshot)
          return format(badgeOf(component, snapshot, reader), reader)
        },
        // In other languages they are drawn for who asks: five times as many files would be most of a mirror.
        all: ({ components }, _read, named) =>
          named === null ? components.map((one) => `/components/${one.slug}/${name}.${extension}`) : [],
      })
    }
  }
}
