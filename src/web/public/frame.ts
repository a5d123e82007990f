import type { ComponentStatus } from '../../domain/components/component.ts'
import type { Locale } from '../../domain/site/site.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import type { Say } from '../../lib/messages.ts'
import { assetHref } from '../shared/assets.ts'
import { type NamePart, type Reader, type Words, languagesOf } from '../shared/i18n.ts'
import { favicon, toneOf } from '../shared/marks.ts'
import { verdictOf } from './verdict.ts'

/** What surrounds every page: head, header, footer. */
export interface Frame {
  readonly locale: Locale
  readonly dir: 'ltr' | 'rtl'
  readonly say: Say
  readonly title: string
  readonly description: string
  readonly icon: string
  readonly style: string
  readonly script: string
  /** Absolute, from the configured address, never from what a request says its host is. Null on a page that is none. */
  readonly canonical: string | null
  readonly site: NamePart
  readonly home: string
  readonly nav: readonly { readonly href: string; readonly word: string; readonly current: 'page' | null }[]
  readonly languages: readonly {
    readonly locale: Locale
    readonly dir: 'ltr' | 'rtl'
    readonly name: string
    readonly href: string
    readonly absolute: string
    readonly current: 'true' | null
  }[]
  readonly defaultHref: string
  /** Null on a page of the past: it is as true tomorrow. */
  readonly asOf: Words | null
  readonly zone: string
}

export interface FrameParts {
  readonly snapshot: Snapshot
  readonly reader: Reader
  readonly url: string
  /** Of the page, in the site's own language: `/incidents/a1b2c3`. Null where the page is not one of ours. */
  readonly path: string | null
  readonly title: string
  readonly description: string
  /** Whether it shows how things are now: such a page is rendered every minute, and says of when it is. */
  readonly live?: boolean
}

export function frameOf({ snapshot, reader, url, path, title, description, live = false }: FrameParts): Frame {
  const { say } = reader
  const nav = [
    { path: '/', word: say('nav.status'), within: ['/'] },
    { path: '/history', word: say('nav.history'), within: ['/history', '/incidents'] },
    { path: '/maintenances', word: say('nav.maintenance'), within: ['/maintenances'] },
  ]
  return {
    locale: reader.locale,
    dir: reader.dir,
    say,
    title,
    description,
    icon: favicon(toneOf(statusOf(snapshot, reader))),
    style: assetHref('public.css'),
    script: assetHref('public.js'),
    canonical: path === null ? null : url + reader.href(path),
    site: reader.name(snapshot.site, 'name'),
    home: reader.href('/'),
    nav: nav.map(({ path: to, word, within }) => ({
      href: reader.href(to),
      word,
      current: within.some((start) => path === start || (start !== '/' && path?.startsWith(`${start}/`)))
        ? 'page'
        : null,
    })),
    languages: languagesOf(snapshot.site.locale).map(({ locale, dir, name, prefix }) => ({
      locale,
      dir,
      name,
      href: prefix + (path ?? '/'),
      absolute: url + prefix + (path ?? '/'),
      current: locale === reader.locale ? 'true' : null,
    })),
    defaultHref: url + (path ?? '/'),
    asOf: live ? reader.phrase('footer.asOf', { when: [reader.exact(snapshot.asOf)] }) : null,
    zone: say('footer.zone', { zone: reader.dates.zoneName }),
  }
}

/** What the icon of every page shows: the state now, also on a page of the past. */
function statusOf(snapshot: Snapshot, reader: Reader): ComponentStatus {
  return verdictOf(snapshot, reader).status
}
