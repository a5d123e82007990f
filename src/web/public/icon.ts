import { faviconSvg, toneOf } from '../shared/marks.ts'
import { forAllOrigins } from '../shared/page-headers.ts'
import type { DocumentRoute } from '../shared/publication.ts'
import { standing } from './verdict.ts'

/** How things are, as an icon: for pages of the past, which hold no state of now. */
export const iconRoute = {
  url: '/favicon.svg',
  hot: ['/favicon.svg'],
  render: ({ components }) => ({
    contentType: 'image/svg+xml',
    body: faviconSvg(toneOf(standing(components))),
    headers: forAllOrigins,
  }),
} as const satisfies DocumentRoute
