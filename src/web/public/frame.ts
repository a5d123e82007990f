import type { Locale, Logo } from '../../domain/site/site.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import type { Instant } from '../../lib/clock.ts'
import type { Say } from '../../lib/messages.ts'
import { assetHref } from '../shared/assets.ts'
import { type NamePart, type Reader, type Words, languagesOf } from '../../domain/site/reader.ts'
import type { InlineStyle } from '../shared/inline-style.ts'
import { type Metadata, type Structured, metadataOf } from './metadata.ts'
import { favicon, toneOf } from '../shared/marks.ts'
import { iconRoute } from './icon.ts'
import { type Comfort, comfortOf } from './comfort.ts'
import { hasInstances } from './instances.ts'
import { stylesOf } from './look.ts'
import { standing } from './verdict.ts'

/** What surrounds every page: head, header, footer. */
export interface Frame {
  readonly locale: Locale
  readonly dir: 'ltr' | 'rtl'
  readonly say: Say
  readonly title: string
  readonly description: string
  /** Null: that of the page. */
  readonly descriptionLang: Locale | null
  readonly icon: string
  /** They stand in the page: one request less before it is drawn. */
  readonly styles: readonly InlineStyle[]
  readonly script: string
  /** Absolute, from the configured address, never from what a request says its host is. Null on a page that is none. */
  readonly canonical: string | null
  /** Null on a page that is none. */
  readonly metadata: Metadata | null
  readonly structured: Structured | null
  readonly site: NamePart
  readonly logo: LogoLine | null
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
  readonly comfort: Comfort
}

interface LogoLine {
  readonly href: string
  /** In pixels of the page, so that nothing moves when it is there. */
  readonly width: number
  readonly height: number
  readonly isName: boolean
}

const logoHeight = 32

export interface FrameParts {
  readonly snapshot: Snapshot
  readonly reader: Reader
  readonly url: string
  /** Of the page, in the site's own language: `/incidents/a1b2c3`. Null where the page is not one of ours. */
  readonly path: string | null
  readonly title: string
  readonly description: string | NamePart
  /**
   * Of when it is, if it shows how things are now: `asOf` of the snapshot, or its `minute`. Such a page is rendered anew
   * as often as that changes, says it, and greys when it was long ago.
   */
  readonly live?: Instant | null
  readonly structured?: Structured
}

export function frameOf({
  snapshot,
  reader,
  url,
  path,
  title,
  description,
  live = null,
  structured,
}: FrameParts): Frame {
  const { say } = reader
  const nav = [
    { path: '/', word: say('nav.status'), within: ['/'] },
    { path: '/history', word: say('nav.history'), within: ['/history', '/incidents'] },
    { path: '/maintenances', word: say('nav.maintenance'), within: ['/maintenances'] },
    // No entry that leads to nothing.
    ...(hasInstances(snapshot) ? [{ path: '/instances', word: say('nav.instances'), within: ['/instances'] }] : []),
  ]
  return {
    locale: reader.locale,
    dir: reader.dir,
    say,
    title,
    description: typeof description === 'string' ? description : description.text,
    descriptionLang: typeof description === 'string' ? null : description.lang,
    // Of every page the state now; one of the past is not made again for it.
    icon: live ? favicon(toneOf(standing(snapshot.components))) : iconRoute.url,
    styles: stylesOf(snapshot.site.look, path === '/' && !hasInstances(snapshot) ? 'front' : 'all'),
    script: assetHref('public.js'),
    canonical: path === null ? null : url + reader.href(path),
    metadata: path === null ? null : metadataOf(path, reader, url),
    structured: structured ?? null,
    site: reader.name(snapshot.site, 'name'),
    logo: logoLine(snapshot.site.look.logo),
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
    asOf: live && reader.phrase('footer.asOf', { when: [reader.exact(live)] }),
    zone: say('footer.zone', { zone: reader.dates.zoneName }),
    comfort: comfortOf(snapshot, reader, live),
  }
}

/** A wide logo is a name that is drawn: it stands for the name, and not beside it. */
function logoLine(logo: Logo | null): LogoLine | null {
  if (!logo) return null
  const { name, width, height } = logo
  return {
    href: `/logo/${name}`,
    width: Math.round((width / height) * logoHeight),
    height: logoHeight,
    isName: width >= 2 * height,
  }
}
