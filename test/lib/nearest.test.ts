import { expect, test } from 'vitest'
import { nearest } from '../../src/lib/nearest.ts'

test('the word that was most likely meant is found, and none where nothing is near', () => {
  const words = ['serve', 'setup', 'backup']
  expect(nearest('sevre', words, 4)).toBe('serve')
  expect(nearest('bakup', words, 4)).toBe('backup')
  expect(nearest('reticulate', words, 4)).toBeNull()
  expect(nearest('serve', [], 4)).toBeNull()
})
