import type { FastifyPluginAsync } from 'fastify'
import { readIncident } from '../../domain/incidents/queries.ts'
import { locales } from '../../domain/site/site.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import type { Rendered } from '../shared/document.ts'
import { type Reader, readerOf } from '../../domain/site/reader.ts'
import { forAllOrigins } from '../shared/page-headers.ts'
import type { Publication } from '../shared/publication.ts'
import { createPainter } from './painter.ts'
import { type Picture, incidentPicture, pagePicture } from './picture.ts'

export interface PicturesOptions {
  readonly publication: Publication
  /** Where the page stands. */
  readonly url: string
}

/** What others show where they show a link to a page: its state at that time, in the language of the page. */
export const pictures: FastifyPluginAsync<PicturesOptions> = async (face, { publication, url }) => {
  const { host } = new URL(url)
  const painter = createPainter()
  face.addHook('onClose', async () => painter.close())
  const painted = async (picture: Picture): Promise<Rendered> => ({
    contentType: 'image/png',
    body: await painter.paint(picture),
    headers: {
      ...forAllOrigins,
      'content-language': picture.locale,
    },
  })

  for (const prefix of ['', ...locales.map((locale) => `/${locale}`)]) {
    const readerIn = (snapshot: Snapshot): Reader => readerOf(snapshot, prefix.slice(1) || snapshot.site.locale)
    publication.serve(face, {
      url: `${prefix}/picture.png`,
      render: (snapshot) => painted(pagePicture(snapshot, readerIn(snapshot), host)),
      // Others show a mirrored page with it too. Painting is slow, so that no mirror has one twice.
      all: ({ site }) => (prefix.slice(1) === site.locale ? [] : [`${prefix}/picture.png`]),
    })
    publication.serve(face, {
      url: `${prefix}/incidents/:id/picture.png`,
      async render(snapshot, { id = '' }, read) {
        const incident = await read([id], readIncident, id)
        return incident && painted(incidentPicture(incident, snapshot, readerIn(snapshot), host))
      },
      // Of those that are shared now, in the language in which most are.
      ...(prefix === ''
        ? { all: ({ openIncidents }) => openIncidents.map(({ id: open }) => `/incidents/${open}/picture.png`) }
        : {}),
    })
  }
}
