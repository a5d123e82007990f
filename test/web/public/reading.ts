/** A page as somebody reads it: what is in its own language, what is not, and where it leads. */
export interface Reading {
  readonly lang: string
  readonly dir: string
  /** Texts and attributes that are shown or read out, without what says that it is in another language. */
  readonly own: readonly string[]
  readonly links: readonly Link[]
  /** Times that no program can read. */
  readonly untimed: number
}

export interface Link {
  readonly href: string
  readonly rel: string | null
  readonly hreflang: string | null
  /** Of the language chooser, and of the head's list of languages. */
  readonly isOfLanguages: boolean
}

interface Open {
  readonly name: string
  readonly lang: string
  /** Not for reading, or somebody's own words: names, code, raw styles. */
  readonly isSilent: boolean
}

const lone = new Set(['meta', 'link', 'input', 'img', 'br', 'hr', 'path', 'circle', 'rect', 'use', 'col'])
const silent = new Set(['script', 'style', 'code', 'pre', 'svg'])
const shown = ['title', 'aria-label', 'alt', 'placeholder', 'content', 'aria-description']

/** Our own pages are well-formed, which html-validate looks after: no more than this is needed to read them. */
export function reading(html: string): Reading {
  const own: string[] = []
  const links: Link[] = []
  const open: Open[] = [{ name: '', lang: '', isSilent: false }]
  let [lang, dir] = ['', '']
  let untimed = 0
  for (const [, text, close, name = '', rest = '', end] of html.matchAll(
    /([^<]+)|<(?:(\/)?([a-zA-Z][\w-]*)((?:[^>"]|"[^"]*")*?)(\/)?>|[^>]*>)/g,
  )) {
    const inside = open.at(-1) ?? { name: '', lang: '', isSilent: false }
    if (text !== undefined) {
      if (!inside.isSilent && inside.lang === lang && text.trim()) own.push(decoded(text).trim())
    } else if (close) {
      if (inside.name === name) open.pop()
    } else if (name) {
      const attributes = attributesOf(rest)
      if (name === 'html') [lang, dir] = [attributes['lang'] ?? '', attributes['dir'] ?? '']
      const its: Open = {
        name,
        lang: attributes['lang'] ?? inside.lang,
        // A name that nobody translated, without a language of its own, is what operators called it.
        isSilent: inside.isSilent || silent.has(name) || (name === 'bdi' && !attributes['lang']),
      }
      if (!inside.isSilent && its.lang === lang && isForReading(name, attributes)) {
        for (const key of shown) if (attributes[key]?.trim()) own.push(decoded(attributes[key]))
      }
      if (name === 'time' && !/^\d{4}-\d\d-\d\d/.test(attributes['datetime'] ?? '')) untimed += 1
      const { href } = attributes
      if (href !== undefined && (name === 'a' || name === 'link')) {
        const hreflang = attributes['hreflang'] ?? null
        links.push({ href: decoded(href), rel: attributes['rel'] ?? null, hreflang, isOfLanguages: hreflang !== null })
      }
      if (!lone.has(name) && !end) open.push(its)
    }
  }
  return { lang, dir, own, links, untimed }
}

function isForReading(name: string, attributes: Readonly<Record<string, string>>): boolean {
  if (name !== 'meta') return true
  return attributes['name'] === 'description' || attributes['property'] === 'og:description'
}

function attributesOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/([^\s=]+)(?:="([^"]*)"|=([^\s"]+))?/g)].map(([, name = '', quoted, bare]) => [
      name,
      quoted ?? bare ?? '',
    ]),
  )
}

function decoded(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll(/&#x([\da-f]+);/gi, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replaceAll('&amp;', '&')
}
