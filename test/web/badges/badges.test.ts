import fc from 'fast-check'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { describe, expect, test } from 'vitest'
import { componentStatuses } from '../../../src/domain/components/component.ts'
import { locales } from '../../../src/domain/site/site.ts'
import { overall } from '../../../src/domain/status/overall.ts'
import { componentBadge, latencyBadge, pageBadge, uptimeBadge, wholeStatus } from '../../../src/web/badges/badge.ts'
import { shields, svg } from '../../../src/web/badges/drawing.ts'
import { fitted, textWidth } from '../../../src/web/shared/text-width.ts'
import { readerOf } from '../../../src/domain/site/reader.ts'
import { anyCharacter } from '../../any-character.ts'
import { at, sampleComponent, sampleIncident, sampleSnapshot } from '../../sample-snapshot.ts'

const reader = readerOf(sampleSnapshot(), 'en')

interface Drawn {
  readonly svg: {
    readonly '@_role': string
    readonly '@_aria-label': string
    readonly title: string
    readonly g: readonly { readonly text?: readonly { readonly '#text': string; readonly '@_textLength': string }[] }[]
  }
}

function drawn(body: string): Drawn['svg'] {
  expect(XMLValidator.validate(body)).toBe(true)
  const parser = new XMLParser({ ignoreAttributes: false, parseTagValue: false, trimValues: false })
  return (parser.parse(body) as Drawn).svg
}

describe('the badge of the page', () => {
  test('says what the verdict says, never green while something is wrong or not measured', () => {
    const of = (...statuses: Parameters<typeof sampleComponent>[2][]) =>
      pageBadge(
        sampleSnapshot({ components: statuses.map((status, index) => sampleComponent(`c${index}`, 'API', status)) }),
        reader,
      )
    expect(of('operational', 'operational')).toMatchObject({ message: 'Everything works', tone: 'ok' })
    expect(of()).toMatchObject({ message: 'Not measured', tone: 'unknown' })
    expect(of('operational', 'unknown')).toMatchObject({ message: 'Not measured', tone: 'unknown' })
    expect(of('operational', 'under_maintenance')).toMatchObject({ message: 'Maintenance', tone: 'maintenance' })
    expect(of('operational', 'degraded_performance')).toMatchObject({ message: 'Slow or impaired', tone: 'degraded' })
    expect(of('operational', 'partial_outage')).toMatchObject({ message: 'Partly down', tone: 'partial' })
    expect(of('operational', 'major_outage')).toMatchObject({ message: 'Partly down', tone: 'partial' })
    expect(of('major_outage', 'major_outage')).toMatchObject({ message: 'Down', tone: 'major' })
  })

  test('is not green while an incident is open, although no system suffers', () => {
    const open = sampleSnapshot({
      components: [sampleComponent('api', 'API', 'operational')],
      openIncidents: [sampleIncident('one', 'Some mails are late', { severity: 'none' })],
    })
    expect(pageBadge(open, reader)).toMatchObject({ message: 'Incident open', tone: 'unknown' })
  })

  test('agrees with what every other face says of the whole', () => {
    const any = fc.array(fc.constantFrom(...componentStatuses, 'unknown' as const), { maxLength: 6 })
    fc.assert(
      fc.property(any, (leaves) => {
        const { state } = overall(leaves)
        expect(wholeStatus(leaves) === 'operational').toBe(state === 'none')
        expect(wholeStatus(leaves) === 'unknown').toBe(state === 'unknown')
        expect(wholeStatus(leaves) === 'major_outage').toBe(state === 'critical')
      }),
    )
  })
})

describe('the badges of a component', () => {
  const measured = { at: at('2026-11-21T14:12:00.000Z'), ms: 184 }
  const one = sampleComponent('api', 'API', 'operational', { uptime: 0.99971, measured })
  const here = sampleSnapshot({ components: [one] })

  test('say its status, its uptime with the days it is of, and how fast it answered last', () => {
    expect(componentBadge(one, here, reader)).toMatchObject({ name: { text: 'API' }, message: 'Works', tone: 'ok' })
    expect(uptimeBadge(one, here, reader).message).toMatch(/^99\.97% in \d+ days?$/)
    expect(latencyBadge(one, here, reader)).toMatchObject({ message: '184 ms', tone: 'figure' })
  })

  test('are grey where nothing was measured, and where what was measured is of the past', () => {
    const never = sampleComponent('api', 'API', 'operational', { uptime: null, measured: null })
    const before = sampleComponent('api', 'API', 'unknown', { measured })
    expect(uptimeBadge(never, sampleSnapshot({ components: [never] }), reader).tone).toBe('unknown')
    expect(latencyBadge(never, sampleSnapshot({ components: [never] }), reader).tone).toBe('unknown')
    expect(latencyBadge(before, sampleSnapshot({ components: [before] }), reader).tone).toBe('unknown')
  })
})

describe('a drawn badge', () => {
  test('is said to those who do not see it, and measured for those who do', () => {
    const {
      '@_role': role,
      '@_aria-label': label,
      title,
      g,
    } = drawn(
      String(
        svg(
          componentBadge(sampleComponent('api', 'Card <payments>', 'partial_outage'), sampleSnapshot(), reader),
          reader,
        ).body,
      ),
    )
    expect([role, label, title]).toEqual(['img', 'Card <payments>: Partly down', 'Card <payments>: Partly down'])
    const texts = g.flatMap(({ text = [] }) => text)
    expect(texts.map((text) => text['#text'])).toEqual(['Card <payments>', 'Partly down'])
    for (const text of texts) expect(Number(text['@_textLength'])).toBeGreaterThan(20)
  })

  test('is valid XML and bounded whatever a thing is called', () => {
    const names = fc.oneof(
      fc.string({ unit: anyCharacter, maxLength: 300 }),
      fc.string({ unit: 'grapheme', maxLength: 300 }),
    )
    fc.assert(
      fc.property(names, fc.constantFrom(...locales), (name, locale) => {
        const inLocale = readerOf(sampleSnapshot(), locale)
        const component = sampleComponent('x', name, 'major_outage')
        const { body } = svg(componentBadge(component, sampleSnapshot(), inLocale), inLocale)
        drawn(String(body))
        expect(Number(/ width="(\d+)"/.exec(String(body))?.[1])).toBeLessThan(500)
        expect(
          JSON.parse(String(shields(componentBadge(component, sampleSnapshot(), inLocale), inLocale).body)),
        ).toMatchObject({
          schemaVersion: 1,
          isError: true,
        })
      }),
      { numRuns: 200 },
    )
  })

  test('has the same bytes for the same state', () => {
    const badge = componentBadge(sampleComponent('api', 'API', 'operational'), sampleSnapshot(), reader)
    expect(svg(badge, reader)).toEqual(svg(badge, reader))
  })
})

test('a square of Chinese is as wide as it is high, and Persian joins in less', () => {
  expect(textWidth('卡片付款', 11)).toBeCloseTo(44)
  expect(textWidth('پرداخت با کارت', 11)).toBeGreaterThan(45)
  expect(textWidth('پرداخت با کارت', 11)).toBeLessThan(85)
  expect(textWidth('می\u200cکند', 11)).toBe(textWidth('میکند', 11))
})

test('a long name is cut between signs, never within one', () => {
  expect(fitted('API', 11, 200)).toBe('API')
  expect(fitted('👩‍👩‍👧'.repeat(40), 11, 100)).toMatch(/^(👩‍👩‍👧)+…$/)
})
