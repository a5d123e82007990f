import { locales } from '../../domain/site/site.ts'

const language = `(?:/(?:${locales.join('|')}))?`
const front = new RegExp(`^(${language})/$`)
const others = new RegExp(`^${language}/(?:(?:incidents|maintenances|history)/[^/.]+|record)$`)

/**
 * The address of the Markdown twin where a request would rather have it than the page (`Accept: text/markdown`), else
 * the address as it is. No browser names this type.
 */
export function preferredForm(url: string, accept: string | undefined): string {
  if (accept === undefined || !accept.includes('markdown') || !prefersMarkdown(accept)) return url
  const [path = '', ...query] = url.split('?')
  const twin = front.test(path) ? `${path}index.md` : others.test(path) ? `${path}.md` : null
  return twin === null ? url : [twin, ...query].join('?')
}

/** Named, and not less wanted than HTML (RFC 9110 §12.5.1). */
function prefersMarkdown(accept: string): boolean {
  const weights = new Map<string, number>()
  for (const part of accept.toLowerCase().split(',')) {
    const [type = '', ...parameters] = part.split(';').map((word) => word.trim())
    const weight = parameters.find((parameter) => parameter.startsWith('q='))
    weights.set(type, weight === undefined ? 1 : Number(weight.slice(2)))
  }
  const wanted = weights.get('text/markdown') ?? 0
  return wanted > 0 && wanted >= (weights.get('text/html') ?? 0)
}
