import { overall } from '../../domain/status/overall.ts'
import type { PublicComponent, Snapshot } from '../../domain/status/snapshot-types.ts'
import { verdictOf } from '../public/verdict.ts'
import { type Reader, plain } from '../../domain/site/reader.ts'
import { type Tone, markOf } from '../shared/marks.ts'

/**
 * `/embed.json`: what the element on somebody else's page says, in one language, and no more. Keys are only ever added
 * under the same `version`.
 */
export interface Embedded {
  readonly version: 1
  readonly lang: string
  readonly dir: 'ltr' | 'rtl'
  /** Where to read on. */
  readonly url: string
  readonly name: string
  /** As `/summary.json` says it. */
  readonly state: string
  readonly tone: Tone
  readonly word: string
  readonly sentence: string
  /** Whether there is nothing to tell: what a banner is absent for. */
  readonly calm: boolean
  /** Older than some minutes: who shows it does not know how things are. */
  readonly as_of: string
}

export function embeddedPage(snapshot: Snapshot, reader: Reader, url: string): Embedded {
  const { components, openIncidents, asOf, site } = snapshot
  const { status, sentence } = verdictOf(snapshot, reader)
  return {
    ...said(reader, asOf),
    url: url + reader.href('/'),
    name: reader.name(site, 'name').text,
    state: overall(components.map((component) => component.status)).state,
    ...markOf(status, reader.say),
    sentence: plain(sentence),
    calm: status === 'operational' && openIncidents.length === 0,
  }
}

export function embeddedComponent(
  component: PublicComponent,
  { asOf }: Snapshot,
  reader: Reader,
  url: string,
): Embedded {
  const name = reader.name(component, 'name').text
  const mark = markOf(component.status, reader.say)
  return {
    ...said(reader, asOf),
    url: url + reader.href(`/components/${component.slug}`),
    name,
    state: component.status,
    ...mark,
    sentence: reader.say('embed.component', { name, status: mark.word }),
    calm: component.status === 'operational',
  }
}

function said({ locale, dir }: Reader, asOf: string) {
  return { version: 1, lang: locale, dir, as_of: asOf } as const
}
