import fc from 'fast-check'
import MarkdownIt from 'markdown-it'
import { describe, expect, test } from 'vitest'
import { locales } from '../../../src/domain/site/site.ts'
import { markdown, plainText } from '../../../src/lib/markdown.ts'
import { preferredForm } from '../../../src/web/markdown/negotiate.ts'
import { escaped, link, quoted } from '../../../src/web/markdown/text.ts'
import { frontTwin, incidentTwin } from '../../../src/web/markdown/twins.ts'
import { readerOf } from '../../../src/domain/site/reader.ts'
import { sampleComponent, sampleIncident, sampleSnapshot } from '../../sample-snapshot.ts'

const url = 'https://status.example'

describe('text in Markdown', () => {
  test.each([
    '*not* bold',
    '1. not a list',
    '# no heading',
    '[no](link)',
    '<b>no tag</b>',
    '`no code`',
    'a & b &amp; c',
    '- x',
    '+',
    '~~x~~',
    'a | b',
    '\\*',
  ])('means itself: %s', (text) => {
    const html = markdown(escaped(text))
    expect(html).not.toMatch(/<(em|strong|ol|ul|h\d|a|b|code|s|table|pre)\b/)
    expect(plainText(escaped(text)).trim()).toBe(text)
  })

  test('is one line and no mark, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 80 }), (text) => {
        expect(escaped(text)).not.toContain('\n')
        expect(markdown(`x ${escaped(text)}`)).not.toMatch(/<(em|strong|ol|ul|h\d|code|s|table|pre|blockquote)\b/)
      }),
    )
  })

  test('of an operator stays within its quotation', () => {
    const html = markdown(`${quoted('# Big\n\n- a\n- b\n\n```\nopen')}\n\nAfter`)
    expect(html.trim()).toMatch(/<\/blockquote>\s*<p>After<\/p>$/)
  })

  test('links go where they say', () => {
    expect(markdown(link('a [b] c', 'https://x.example/a(b)'))).toContain('href="https://x.example/a(b)"')
  })
})

describe('the twin of the front page', () => {
  const incident = sampleIncident('one', 'Card *payments* fail', { severity: 'critical' })
  const snapshot = sampleSnapshot({
    components: [sampleComponent('api', 'API', 'major_outage'), sampleComponent('cards', '# Cards', 'unknown')],
    openIncidents: [incident],
    recentIncidents: [incident],
  })

  test('says what the page says, and leads to the other twins', () => {
    const text = frontTwin(snapshot, readerOf(snapshot, 'en'), url)
    expect(text).toContain('# Northwind status\n')
    expect(text).toContain('**API is down.**')
    expect(text).toContain(String.raw`### [Card \*payments\* fail](<https://status.example/incidents/one.md>)`)
    expect(text).toContain('- API: Down')
    expect(text).toContain(String.raw`- \# Cards: Not measured`)
    expect(text).not.toMatch(/\n{3}|undefined|null|\[object/)
  })

  test.each(locales)('is Markdown that parses back in %s', (locale) => {
    const reader = readerOf(snapshot, locale)
    for (const text of [frontTwin(snapshot, reader, url), incidentTwin(incident, snapshot, reader, url)]) {
      const html = new MarkdownIt().render(text)
      expect(html.match(/<h1>/g)).toHaveLength(1)
      expect(html).not.toMatch(/<h[1-6]>\s*<\/h/)
      expect(text.endsWith('\n') && !text.endsWith('\n\n')).toBe(true)
    }
  })
})

describe('who asks for Markdown', () => {
  test.each([
    ['/', 'text/markdown', '/index.md'],
    ['/?x=1', 'text/markdown', '/index.md?x=1'],
    ['/fa/', 'text/markdown, text/html, */*', '/fa/index.md'],
    ['/incidents/abc', 'text/markdown;q=0.9, text/html;q=0.8', '/incidents/abc.md'],
    ['/fr/history/2026-11', 'text/markdown', '/fr/history/2026-11.md'],
    ['/maintenances/abc', 'TEXT/MARKDOWN', '/maintenances/abc'],
    ['/incidents/abc', 'text/html, text/markdown;q=0.5', '/incidents/abc'],
    ['/incidents/abc', 'text/markdown;q=0', '/incidents/abc'],
    ['/incidents/abc.md', 'text/markdown', '/incidents/abc.md'],
    ['/components/abc', 'text/markdown', '/components/abc'],
    ['/', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', '/'],
    ['/', undefined, '/'],
  ])('at %s with %s gets %s', (address, accept, form) => {
    expect(preferredForm(address, accept)).toBe(form)
  })
})
