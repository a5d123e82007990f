import { expect, test } from 'vitest'
import { readerOf } from '../../../src/domain/site/reader.ts'
import { systemOf } from '../../../src/web/public/systems.ts'
import { sampleComponent, sampleSnapshot } from '../../sample-snapshot.ts'

test('how far the bars reach is said to each reader in its language, below every system', () => {
  const snapshot = sampleSnapshot()
  const component = sampleComponent('cards', 'Cards')
  const said = ['en', 'fr'].map((locale) => {
    const reader = readerOf(snapshot, locale)
    return [1, 2].map(() => systemOf(component, snapshot, reader).ago.map(({ words }) => words))
  })
  const [english, french] = [
    ['90 days ago', '30 days ago'],
    ['il y a 90 jours', 'il y a 30 jours'],
  ]
  expect(said).toEqual([
    [english, english],
    [french, french],
  ])
})
