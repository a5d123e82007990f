import type { ChannelKind } from '../../../domain/subscribers/channel.ts'
import type { Reader } from '../../../domain/site/reader.ts'
import type { Snapshot } from '../../../domain/status/snapshot-types.ts'
import type { Params } from '../../shared/paths.ts'
import type { Render } from '../../shared/views.ts'
import type { PublicViews } from '../views.ts'
import type { PushButton } from '../push.ts'
import { addresses } from '../addresses.ts'
import { ofComponent, ofIncident, ofInstance } from './origins.ts'
import { isChannelKind } from './read-form.ts'
import { type Origin, anywhere, sentModel, subscribeModel } from './subscribe-page.ts'

interface Parts {
  readonly push: PushButton
  readonly view: Render<PublicViews>
  readonly url: string
  readonly offered: readonly ChannelKind[]
}

/** Where one signs up: the same for all readers, and one for each thing that somebody may come from. */
export function subscribePages({ view, url, offered, push }: Parts) {
  const drawn = (origin: Origin | null, snapshot: Snapshot, reader: Reader): Promise<string> | Promise<null> =>
    origin
      ? view('public/subscribe', subscribeModel({ snapshot, reader, url, offered, origin, push }))
      : Promise.resolve(null)
  return {
    '/subscribe': {
      all: () => ['/subscribe'],
      draw: (snapshot: Snapshot, reader: Reader) => drawn(anywhere, snapshot, reader),
    },
    '/subscribe/components/:slug': {
      all: (snapshot: Snapshot) => [...addresses.components(snapshot)].map((path) => `/subscribe${path}`),
      draw: (snapshot: Snapshot, reader: Reader, { slug = '' }: Params) =>
        drawn(ofComponent(snapshot, slug), snapshot, reader),
    },
    '/subscribe/incidents/:id': {
      all: ({ openIncidents }: Snapshot) => openIncidents.map(({ id }) => `/subscribe/incidents/${id}`),
      draw: (snapshot: Snapshot, reader: Reader, { id = '' }: Params) =>
        drawn(ofIncident(snapshot, id), snapshot, reader),
    },
    '/subscribe/instances/:key': {
      all: (snapshot: Snapshot) => addresses.instances(snapshot).map((path) => `/subscribe${path}`),
      draw: (snapshot: Snapshot, reader: Reader, { key = '' }: Params) =>
        drawn(ofInstance(snapshot, key), snapshot, reader),
    },
    '/subscribe/sent/:channel': {
      all: () => offered.map((kind) => `/subscribe/sent/${kind}`),
      draw: async (snapshot: Snapshot, reader: Reader, { channel = '' }: Params) =>
        isChannelKind(channel) && offered.includes(channel)
          ? view('public/subscribe-sent', sentModel(snapshot, reader, url, channel))
          : null,
    },
  }
}
