import type { FastifyPluginAsync } from 'fastify'
import { locales } from '../../domain/site/site.ts'
import type { PublicComponent, Snapshot } from '../../domain/status/snapshot-types.ts'
import { type Reader, readerOf } from '../../domain/site/reader.ts'
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
  for (const prefix of ['', ...locales.map((locale) => `/${locale}`)]) {
    const readerIn = (snapshot: Snapshot): Reader => readerOf(snapshot, prefix.slice(1) || snapshot.site.locale)
    for (const [extension, format] of Object.entries(formats)) {
      publication.serve(face, {
        url: `${prefix}/badge.${extension}`,
        render(snapshot) {
          const reader = readerIn(snapshot)
          return format(pageBadge(snapshot, reader), reader)
        },
        all: () => [`${prefix}/badge.${extension}`],
      })
      for (const [name, badgeOf] of Object.entries(ofComponents)) {
        publication.serve(face, {
          url: `${prefix}/components/:slug/${name}.${extension}`,
          render(snapshot, { slug }) {
            const component = snapshot.components.find((one) => one.slug === slug)
            if (!component) return null
            const reader = readerIn(snapshot)
            return format(badgeOf(component, snapshot, reader), reader)
          },
          // In other languages they are drawn for who asks: five times as many files would be most of a mirror.
          ...(prefix === ''
            ? { all: ({ components }) => components.map((one) => `/components/${one.slug}/${name}.${extension}`) }
            : {}),
        })
      }
    }
  }
}
