import { parse as readCsv } from 'csv-parse/sync'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import ICAL from 'ical.js'
import MarkdownIt from 'markdown-it'
import { type DefaultTreeAdapterMap, parse, parseFragment } from 'parse5'

type Node = DefaultTreeAdapterMap['node']
type Element = DefaultTreeAdapterMap['element']

/** What a document is made of, apart from its words, and what in it no word may bring about. */
export interface Shape {
  readonly skeleton: readonly string[]
  readonly faults: readonly string[]
}

/** Reads a document as the programs do for which it is made. */
export function shapeOf(contentType: string, body: string): Shape {
  const type = contentType.split(';')[0] ?? ''
  switch (type) {
    case 'text/html':
      return htmlShape(body)
    case 'application/json':
    case 'application/feed+json':
      return jsonShape(JSON.parse(body))
    case 'application/atom+xml':
    case 'application/rss+xml':
    case 'application/xml':
    case 'image/svg+xml':
      return xmlShape(body)
    case 'text/calendar':
      return calendarShape(body)
    case 'text/csv':
      return csvShape(body)
    case 'text/markdown':
      return markdownShape(body)
    default:
      return { skeleton: [], faults: /[\0\v]/.test(body) ? ['a control character'] : [] }
  }
}

/** What may stand in an element whose inside follows the words of a text: elements, and their attributes. */
type Inside = ReadonlyMap<string, readonly string[]>

/** What texts are written in may be: paragraphs and what stands in them. */
const ofTexts: Inside = new Map(
  // prettier-ignore
  [
    'p', 'br', 'strong', 'em', 's', 'a', 'ul', 'ol', 'li', 'code', 'pre', 'blockquote', 'hr', 'h3', 'h4', 'h5', 'h6',
    'table', 'thead', 'tbody', 'tr', 'th', 'td',
  ].map((tag) => [tag, tag === 'a' ? ['href', 'rel', 'dir'] : tag === 'ol' ? ['start', 'dir'] : ['dir']]),
)

/** Which words of a text were taken out and put in follows the words. */
const ofDifferences: Inside = new Map([
  ['del', []],
  ['ins', []],
  ['span', ['class']],
])

/** It follows the letters of a text, which way it runs and which language it is in. */
const ofLetters = new Set(['dir', 'lang'])

function htmlShape(html: string): Shape {
  const skeleton: string[] = []
  const faults: string[] = []
  const walk = (node: Node, depth: number, words: Inside | null): void => {
    if ('tagName' in node) {
      faults.push(...elementFaults(node, words))
      const names = node.attrs.map(({ name }) => name).filter((name) => !ofLetters.has(name))
      if (!words) skeleton.push(`${' '.repeat(depth)}${node.tagName} ${names.toSorted().join(' ')}`)
      if (['script', 'style'].includes(node.tagName)) skeleton.push(...programOf(node))
    } else if (node.nodeName === '#comment') faults.push('a comment')
    const inside = words ?? ('tagName' in node ? insideOf(node) : null)
    const children = 'content' in node ? node.content.childNodes : 'childNodes' in node ? node.childNodes : []
    for (const child of children) walk(child, depth + 1, inside)
  }
  walk(parse(html), 0, null)
  return { skeleton, faults }
}

function elementFaults({ tagName, attrs }: Element, words: Inside | null): string[] {
  const faults: string[] = []
  const isText = words === ofTexts
  const allowed = words?.get(tagName)
  if (words && !allowed) faults.push(`<${tagName}> in a text`)
  for (const { name, value } of attrs) {
    if (words && !allowed?.includes(name)) faults.push(`${name} of <${tagName}> in a text`)
    if (name.startsWith('on') || name === 'srcdoc') faults.push(`${name} of <${tagName}>`)
    if (name === 'style' && /url|expression|[<>"\\]/i.test(value)) faults.push(`style: ${value}`)
    if (/^(?:href|src|action|formaction|poster|background|data|xlink:href)$/.test(name)) {
      if (!isSafeAddress(value, isText, tagName)) faults.push(`${name}: ${value.slice(0, 80)}`)
    }
  }
  if (isText && tagName === 'a') {
    const rel = attrs.find(({ name }) => name === 'rel')?.value
    if (rel !== 'nofollow noopener') faults.push(`a link with rel ${rel ?? 'nothing'}`)
  }
  return faults
}

function isSafeAddress(value: string, isText: boolean, tag: string): boolean {
  if (isText) return /^(?:https?:\/\/|mailto:)/i.test(value)
  const url = URL.parse(value, 'http://status.example/')
  if (!url) return false
  if (url.protocol === 'data:') return tag === 'img' || tag === 'link'
  return ['http:', 'https:', 'webcal:', 'mailto:'].includes(url.protocol)
}

/** What a browser would run holds no word of an operator; what it only reads is data. */
function programOf(element: Element): readonly string[] {
  const isData = element.attrs.some(({ name, value }) => name === 'type' && value.endsWith('json'))
  return isData ? jsonShape(JSON.parse(contentOf(element))).skeleton : [contentOf(element)]
}

/** What holds a text that an operator wrote as Markdown, on the page and at the desk, or how one was corrected. */
function insideOf({ tagName, attrs }: Element): Inside | null {
  const classes = attrs.find(({ name }) => name === 'class')?.value ?? ''
  if (tagName === 'div' && ['text', 'quote', 'said', 'as-feed', 'words'].includes(classes)) return ofTexts
  return tagName === 'p' && classes === 'difference' ? ofDifferences : null
}

function contentOf({ childNodes }: Element): string {
  return childNodes.map((node) => ('value' in node ? node.value : '')).join('')
}

function jsonShape(value: unknown): Shape {
  const skeleton: string[] = []
  const faults: string[] = []
  const walk = (part: unknown, path: string): void => {
    if (typeof part === 'string') {
      skeleton.push(`${path}: text`)
      if (path.endsWith('_html')) faults.push(...fragmentFaults(part))
    } else if (Array.isArray(part)) part.forEach((item, at) => walk(item, `${path}[${at}]`))
    else if (typeof part === 'object' && part !== null) {
      for (const [key, inner] of Object.entries(part)) walk(inner, `${path}.${key}`)
    } else skeleton.push(`${path}: ${typeof part}`)
  }
  walk(value, '')
  return { skeleton, faults }
}

/** What feeds carry of texts: what pages show of them, and the little that is set around. */
function fragmentFaults(html: string): string[] {
  const faults: string[] = []
  const walk = (node: Node): void => {
    if ('tagName' in node) {
      const { tagName, attrs } = node
      if (!ofTexts.has(tagName) && !['small', 'span', 'var', 'div', 'bdi', 'time'].includes(tagName)) {
        faults.push(`<${tagName}> in a feed`)
      }
      for (const { name, value } of attrs) {
        if (name.startsWith('on') || ['style', 'src', 'srcdoc'].includes(name)) faults.push(`${name} in a feed`)
        if (name === 'href' && !/^(?:https?:\/\/|mailto:)/i.test(value)) faults.push(`href ${value}`)
      }
    }
    if ('childNodes' in node) for (const child of node.childNodes) walk(child)
  }
  walk(parseFragment(html))
  return faults
}

const xml = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  cdataPropName: '#cdata',
  processEntities: true,
  htmlEntities: false,
})

type XmlNode = Readonly<Record<string, unknown>>

function xmlShape(body: string): Shape {
  const faults: string[] = []
  const valid = XMLValidator.validate(body)
  if (valid !== true) faults.push(`not well formed: ${valid.err.msg}`)
  if (/<!(?:DOCTYPE|ENTITY)/.test(body.replaceAll(/<!\[CDATA\[[\s\S]*?\]\]>/g, ''))) faults.push('a document type')
  if (/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u.test(body)) faults.push('an illegal character')
  const skeleton: string[] = []
  const walk = (nodes: readonly XmlNode[], path: string): void => {
    for (const node of nodes) {
      const attributes = Object.keys((node[':@'] ?? {}) as XmlNode)
        .filter((name) => !/lang|dir/.test(name))
        .toSorted()
      for (const [name, inside] of Object.entries(node)) {
        if (name === ':@') continue
        if (name === '#text' || name === '#cdata') {
          const words = name === '#text' ? String(inside) : ''
          if (/(?:description|content)$/.test(path)) faults.push(...fragmentFaults(words))
          continue
        }
        skeleton.push(`${path}/${name} ${attributes.join(' ')}`)
        if (Array.isArray(inside)) walk(inside as XmlNode[], `${path}/${name}`)
      }
    }
  }
  walk(xml.parse(body) as XmlNode[], '')
  return { skeleton, faults }
}

function calendarShape(body: string): Shape {
  const faults: string[] = []
  const lines = body.split('\r\n')
  if (lines.some((line) => /[\r\n]/.test(line))) faults.push('a line that ends by itself')
  if (lines.some((line) => Buffer.byteLength(line) > 75)) faults.push('a line of more than 75 bytes')
  const skeleton: string[] = []
  const walk = (component: ICAL.Component, path: string): void => {
    for (const property of component.getAllProperties()) skeleton.push(`${path} ${property.name}`)
    for (const inside of component.getAllSubcomponents()) walk(inside, `${path}/${inside.name}`)
  }
  walk(new ICAL.Component(ICAL.parse(body) as unknown[]), '')
  return { skeleton, faults }
}

function csvShape(body: string): Shape {
  const rows = readCsv(body, { relax_column_count: false }) as string[][]
  const cells = rows.flat()
  return {
    skeleton: rows.map((row) => `${row.length} cells`),
    faults: cells.filter((cell) => /^[=+@\t\r]|^-(?!\d)/.test(cell)).map((cell) => `a formula: ${cell}`),
  }
}

const reader = new MarkdownIt({ html: true, linkify: false })

/** Quotations are what operators wrote; outside of them every mark is ours. */
function markdownShape(body: string): Shape {
  const skeleton: string[] = []
  const faults: string[] = []
  let quoted = 0
  for (const token of reader.parse(body, {})) {
    if (token.type === 'blockquote_close') quoted -= 1
    if (quoted === 0) {
      skeleton.push(token.type)
      for (const inner of token.children ?? []) {
        if (inner.type !== 'text' && inner.type !== 'text_special') skeleton.push(`  ${inner.type}`)
      }
      if (token.type.startsWith('html')) faults.push(`HTML: ${token.content}`)
      for (const { type } of token.children ?? []) if (type.startsWith('html')) faults.push('HTML in a line')
    }
    if (token.type === 'blockquote_open') quoted += 1
  }
  return { skeleton: skeleton.filter((one, at) => !(one === '  softbreak' && skeleton[at - 1] === one)), faults }
}
