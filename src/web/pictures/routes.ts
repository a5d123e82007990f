import type { FastifyPluginAsync } from 'fastify'
import { readIncident } from '../../domain/incidents/queries.ts'
import type { Rendered } from '../shared/document.ts'
import { readerAt, serveInLanguages } from '../shared/languages.ts'
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

  serveInLanguages(publication, face, {
    url: '/picture.png',
    render: (snapshot, named) => painted(pagePicture(snapshot, readerAt(named, snapshot), host)),
    // Others show a mirrored page with it too. Painting is slow, so that no mirror has one twice.
    all: ({ site }, _read, named) => (named === site.locale ? [] : ['/picture.png']),
  })
  serveInLanguages(publication, face, {
    url: '/incidents/:id/picture.png',
    async render(snapshot, named, { id = '' }, read) {
      const incident = await read([id], readIncident, id)
      return incident && painted(incidentPicture(incident, snapshot, readerAt(named, snapshot), host))
    },
    // Of those that are shared now, in the language in which most are.
    all: ({ openIncidents }, _read, named) =>
      named === null ? openIncidents.map(({ id: open }) => `/incidents/${open}/picture.png`) : [],
  })
}
