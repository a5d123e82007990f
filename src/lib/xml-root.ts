import { Parser } from 'htmlparser2'

interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
}

/** The outermost element of an XML document; null where there is none. */
export function rootOf(xml: string): Element | null {
  const elements: Element[] = []
  const parser = new Parser({ onopentag: (name, attributes) => elements.push({ name, attributes }) }, { xmlMode: true })
  parser.end(xml)
  return elements[0] ?? null
}
