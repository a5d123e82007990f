import { expect, test } from 'vitest'
import { contrast, layered, nearest, parseColour } from '../../src/lib/colours.ts'

test.each([
  ['#000000', '#ffffff', 21],
  ['#767676', '#ffffff', 4.54],
  ['#ff0000', '#ffffff', 4],
  ['#23407a', '#23407a', 1],
])('%s on %s has a contrast of %d', (one, other, ratio) => {
  expect(contrast(one, other)).toBeCloseTo(ratio, 1)
  expect(contrast(other, one)).toBe(contrast(one, other))
})

test('colours are read as people write them', () => {
  expect(['#23407A', '#247', 'teal', '#12345', ''].map(parseColour)).toEqual(['#23407a', '#224477', null, null, null])
})

test('a veil of a colour lies between the two', () => {
  expect(layered('#000000', '#ffffff', 0.5)).toBe('#808080')
})

test('the nearest colour that passes has the same hue, and nothing nearer passes', () => {
  const isDark = (colour: string): boolean => contrast(colour, '#ffffff') >= 4.5
  expect(nearest('#ffcc00', isDark)).toMatch(/^#[6-9]\w[5-7]\w[0-1]\w$/)
  expect(nearest('#23407a', isDark)).toBe('#23407a')
  expect(nearest('#ff0000', () => false)).toBeNull()
  const found = nearest('#66aaff', isDark) ?? ''
  expect(contrast(found, '#ffffff')).toBeGreaterThanOrEqual(4.5)
  expect(contrast(found, '#ffffff')).toBeLessThan(4.75)
})
