import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import type { Reader } from '../../domain/site/reader.ts'
import { type Frame, frameOf } from './frame.ts'

/** What others write into their own pages to show how things are here. */
export interface EmbedModel {
  readonly frame: Frame
  readonly script: string
  readonly line: string
  readonly banner: string
  readonly one: string
  readonly look: string
  readonly policy: string
  readonly badges: readonly { readonly src: string; readonly alt: string }[]
  readonly markdown: string
  readonly shields: string
  readonly data: readonly string[]
  /** Of the script itself, which shows on this page what it would show elsewhere. */
  readonly source: string
}

export function embedModel(snapshot: Snapshot, reader: Reader, url: string): EmbedModel {
  const { site, components } = snapshot
  const name = reader.name(site, 'name').text
  const [first] = components
  const slug = first?.slug ?? 'api'
  const path = (file: string): string => reader.href(`/components/${slug}/${file}`)
  const alt = (of: string): string => reader.say('embed.badgeOf', { name: of })
  const ofComponent = first ? reader.name(first, 'name').text : ''
  const badges = [
    { src: reader.href('/badge.svg'), alt: alt(name) },
    ...(first
      ? ['badge.svg', 'uptime.svg', 'latency.svg'].map((file) => ({ src: path(file), alt: alt(ofComponent) }))
      : []),
  ]
  return {
    frame: frameOf({
      snapshot,
      reader,
      url,
      path: '/embed',
      title: reader.say('incident.title', { name: reader.say('embed.title'), site: name }),
      description: reader.say('embed.intro'),
    }),
    source: '/embed.js',
    script: `<script async src="${url}/embed.js"></script>`,
    line: '<candor-status></candor-status>',
    banner: '<candor-status banner></candor-status>',
    one: `<candor-status component="${slug}"></candor-status>`,
    look: [
      'candor-status {',
      '  --candor-background: #fff;',
      '  --candor-color: #222;',
      '  --candor-border: transparent;',
      '  --candor-radius: 2rem;',
      '}',
      'candor-status::part(text) {',
      '  font-weight: 400;',
      '}',
    ].join('\n'),
    policy: `script-src ${url}; connect-src ${url}`,
    badges,
    markdown: badges
      .map(({ src }) => `[![${name.replaceAll(/[[\]\\]/g, String.raw`\$&`)}](${url}${src})](${url}${reader.href('/')})`)
      .join('\n'),
    shields: `https://img.shields.io/endpoint?url=${encodeURIComponent(`${url}${reader.href('/badge.json')}`)}`,
    data: [`${url}${reader.href('/embed.json')}`, `${url}${path('embed.json')}`, `${url}/summary.json`],
  }
}
