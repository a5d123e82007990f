import { LRUCache } from 'lru-cache'
import MarkdownIt, { type Token } from 'markdown-it'
import sanitizeHtml from 'sanitize-html'
import { isAgainst, isMixed } from './script.ts'

/** HTML that may stand in a page as it is. Only `markdown` and `markdownIn` make it. */
export type SafeHtml = string & { readonly safe: unique symbol }

/**
 * Safe HTML from what operators write. Raw HTML is not read at all, and what was rendered is then held against an
 * allow-list: cleaning before rendering would miss what rendering makes.
 */
export function markdown(text: string): SafeHtml {
  const known = rendered.get(text)
  if (known !== undefined) return known
  const html = sanitizeHtml(render(text), allowed).trim() as SafeHtml
  rendered.set(text, html)
  return html
}

/**
 * The same to stand in a text of this direction: a paragraph, a heading or an item that is written wholly in the other
 * one says so. Where both meet in one, that of the text holds: a sentence may well begin with a foreign name.
 */
export function markdownIn(text: string, direction: 'ltr' | 'rtl'): SafeHtml {
  const html = markdown(text)
  if (!isMixed(html) && !isAgainst(text, direction)) return html
  const other = direction === 'ltr' ? 'rtl' : 'ltr'
  return html.replaceAll(blocks, (block, tag: string, words: string) =>
    isAgainst(words.replaceAll(/<[^<>]*>/g, ''), direction) ? `<${tag} dir="${other}">${words}</${tag}>` : block,
  ) as SafeHtml
}

/** Those that hold no other. */
const blocks = /<(p|li|h[3-6]|th|td)>((?:(?!<\/?(?:p|li|ul|ol|h[3-6]|th|td|pre|blockquote)\b)[^])*)<\/\1>/g

/** The words of a text without their marks, in one line: for descriptions and titles. */
export function plainText(text: string): string {
  const known = plain.get(text)
  if (known !== undefined) return known
  const words = withoutMarks(text)
  plain.set(text, words)
  return words
}

function withoutMarks(text: string): string {
  const words = sanitizeHtml(render(text).replaceAll(/<\/?(p|br|li|h\d)\b[^<>]*>/g, ' '), {
    allowedTags: [],
    allowedAttributes: {},
  })
  return words
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

/** The longest text that may be written; of a longer one, from elsewhere, the rest would cost more time than reading is worth. */
const longest = 25_000

const parser = new MarkdownIt({ html: false, linkify: true, breaks: true, maxNesting: 20 })
// An image is its description: a page asks nobody else for anything.
parser.renderer.rules['image'] = (tokens, index) => parser.utils.escapeHtml(tokens[index]?.content ?? '')
// Texts are read in feeds and mails too, where a link without a host leads nowhere.
parser.validateLink = (url) => /^(?:https?:\/\/|mailto:)/i.test(url)
// Only what names its scheme becomes a link by itself: `status.md` is a file's name, not a site in Moldova.
parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false })

/** More addresses than anybody follows are left as text: finding them grows with the square of their number. */
const mostAddresses = 200

function render(text: string): string {
  return parser.renderer.render(tokensOf(text), parser.options, {})
}

/** What a text consists of, for those who set it in something other than HTML. */
export function tokensOf(text: string): Token[] {
  const words = prepared(text)
  return parser.set({ linkify: words.split('://').length - 1 <= mostAddresses }).parse(words, {})
}

const allowed: sanitizeHtml.IOptions = {
  allowedTags: ['p', 'br', 'strong', 'em', 's', 'a', 'ul', 'ol', 'li', 'code', 'pre', 'blockquote', 'hr'].concat(
    ['h3', 'h4', 'h5', 'h6'],
    ['table', 'thead', 'tbody', 'tr', 'th', 'td'],
  ),
  allowedAttributes: { a: ['href', 'rel'], ol: ['start'] },
  allowedSchemes: ['https', 'http', 'mailto'],
  allowedSchemesAppliedToAttributes: ['href'],
  allowProtocolRelative: false,
  transformTags: {
    a: (_, { href = '' }) => ({ tagName: 'a', attribs: { href, rel: 'nofollow noopener' } }),
    // The page has its own first and second headings.
    h1: 'h3',
    h2: 'h4',
  },
}

const rendered = remembered<SafeHtml>(8)
const plain = remembered<string>(2)

/** By text, in about so many megabytes. */
function remembered<Made extends string>(megabytes: number): LRUCache<string, Made> {
  return new LRUCache({
    maxSize: megabytes * 1024 * 1024,
    sizeCalculation: (made, text) => made.length + text.length + 1,
  })
}

/** Recorded pages write line breaks, paragraphs and links as tags: these are read, and nothing else of theirs is. */
function prepared(text: string): string {
  return text
    .slice(0, longest)
    .replaceAll(/<a\s([^<>]*)>([^<>[\]]*)<\/a>/gi, (tag, attributes: string, words: string) => {
      const [, href] = /(?:^|\s)href="(https?:\/\/[^\s"<>()[\]]+)"/i.exec(attributes) ?? []
      return href === undefined ? tag : `[${words}](${href})`
    })
    .replaceAll(/<br\s*\/?>/gi, '\n')
    .replaceAll(/<\/p>\s*<p>/gi, '\n\n')
    .replaceAll(/<\/?p>/gi, '\n')
}
