import type { Incident } from '../../domain/incidents/incident.ts'
import { inLocale } from '../../domain/site/site.ts'
import { plainText } from '../../lib/markdown.ts'
import type { Reader } from '../../domain/site/reader.ts'
import { stageWord } from '../shared/marks.ts'

/** What a page is to others: the picture beside a link to it, and the same as text. */
export interface Metadata {
  readonly picture: string
  /** Null: it has no twin in Markdown. */
  readonly twin: string | null
}

export function metadataOf(path: string, reader: Reader, url: string): Metadata {
  const has = (pattern: RegExp): boolean => pattern.test(path)
  return {
    picture: url + reader.href(has(/^\/incidents\/[^/]+$/) ? `${path}/picture.png` : '/picture.png'),
    twin: has(/^\/(?:(?:incidents|maintenances)\/[^/]+|history\/\d{4}-\d\d)$/)
      ? `${url}${reader.href(path)}.md`
      : path === '/'
        ? url + reader.href('/index.md')
        : null,
  }
}

/** A script element of schema.org data, which is no script: policies let it be, and nothing in it ends it. */
export interface Structured {
  readonly html: string
}

function structured(data: Readonly<Record<string, unknown>>): Structured {
  const json = JSON.stringify({ '@context': 'https://schema.org', ...data }).replaceAll('<', String.raw`\u003c`)
  return { html: `<script type="application/ld+json">${json}</script>` }
}

/** An incident is what schema.org calls a live blog: something goes on, and is told of as it does. */
export function liveBlog(incident: Incident, name: string, site: string, reader: Reader, url: string): Structured {
  const page = url + reader.href(`/incidents/${incident.id}`)
  const { beganAt, overAt, toldAt, latestUpdateAt, updates } = incident
  return structured({
    '@type': 'LiveBlogPosting',
    '@id': page,
    url: page,
    headline: name,
    inLanguage: reader.locale,
    coverageStartTime: beganAt,
    ...(overAt ? { coverageEndTime: overAt } : {}),
    ...(toldAt ? { datePublished: toldAt } : {}),
    ...(latestUpdateAt ? { dateModified: latestUpdateAt } : {}),
    author: { '@type': 'Organization', name: site, url: `${url}/` },
    liveBlogUpdate: updates.flatMap((update) =>
      update.displayedAt
        ? [
            {
              '@type': 'BlogPosting',
              '@id': `${page}#${update.id}`,
              headline: stageWord(update.stage, reader.say),
              datePublished: update.displayedAt,
              ...(update.updatedAt > update.displayedAt ? { dateModified: update.updatedAt } : {}),
              articleBody: plainText(inLocale(update, 'body', reader.locale, update.locale).text),
            },
          ]
        : [],
    ),
  })
}
