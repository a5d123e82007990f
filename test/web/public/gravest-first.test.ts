import { expect, test } from 'vitest'
import { gravestFirst } from '../../../src/web/public/gravest-first.ts'
import { embeddedPage } from '../../../src/web/embed/embed.ts'
import { llms } from '../../../src/web/markdown/llms.ts'
import { frontTwin } from '../../../src/web/markdown/twins.ts'
import { frontModel } from '../../../src/web/public/front.ts'
import { readerOf } from '../../../src/domain/site/reader.ts'
import { at, sampleComponent, sampleImpact, sampleIncident, sampleSnapshot } from '../../sample-snapshot.ts'
import { sixStates } from '../../six-states.ts'

const now = '2026-11-21T13:00:00.000Z'

test('what harms most now stands first, and the newest of what harms alike', () => {
  const slow = sampleIncident('slow', 'Slow', { impacts: [sampleImpact('a', 'degraded_performance', now, null)] })
  const down = sampleIncident('down', 'Down', { impacts: [sampleImpact('b', 'major_outage', now, null)] })
  const newer = sampleIncident('newer', 'Newer', { ...down, id: 'newer', beganAt: at('2026-11-21T14:00:00.000Z') })
  expect(gravestFirst([slow, down, newer]).map(({ id }) => id)).toEqual(['newer', 'down', 'slow'])
})

test('what was bad and only recovers stands last', () => {
  const over = sampleIncident('over', 'Over', {
    stage: 'monitoring',
    severity: 'critical',
    impacts: [sampleImpact('a', 'major_outage', now, now)],
  })
  const slow = sampleIncident('slow', 'Slow', { impacts: [sampleImpact('b', 'degraded_performance', now, null)] })
  expect(gravestFirst([over, slow]).map(({ id }) => id)).toEqual(['slow', 'over'])
})

test('one that names no system is as grave as it is said to be', () => {
  const slow = sampleIncident('slow', 'Slow', { impacts: [sampleImpact('a', 'degraded_performance', now, null)] })
  const bare = sampleIncident('bare', 'Bare', { stage: 'investigating', severity: 'critical', impacts: [] })
  expect(gravestFirst([slow, bare]).map(({ id }) => id)).toEqual(['bare', 'slow'])
})

test('the page, its twin and the guide for programs name three incidents in the order of the verdict', () => {
  const snapshot = sixStates['three-incidents']
  const reader = readerOf(snapshot, 'en')
  const names = frontModel(snapshot, reader, '').incidents.map(({ name }) => name.text)
  expect(names).toEqual(['Reports cannot be exported', 'Some card payments in Europe fail', 'Webhooks arrive late'])
  for (const text of [frontTwin(snapshot, reader, ''), llms(snapshot, reader, '')]) {
    const places = names.map((name) => text.indexOf(name))
    expect(places).not.toContain(-1)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
  }
})

test('a sentence that quotes incidents, here and on pages of others, quotes the gravest first', () => {
  const minor = sampleIncident('minor', 'Letters are late', { severity: 'minor' })
  const grave = sampleIncident('grave', 'Data was read', { severity: 'critical' })
  const snapshot = sampleSnapshot({
    components: [sampleComponent('api', 'API', 'operational')],
    openIncidents: [minor, grave],
  })
  expect(embeddedPage(snapshot, readerOf(snapshot, 'en'), '').sentence).toBe(
    'Every system works, but 2 incidents are open: “Data was read” and “Letters are late”.',
  )
})
