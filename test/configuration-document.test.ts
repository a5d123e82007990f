import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { settingsInWords } from '../src/config.ts'

test('docs/configuration.md says what the code does', () => {
  const written = readFileSync('docs/configuration.md', 'utf8').replaceAll(/ +/g, ' ')
  for (const { name, otherwise, meaning, accepts } of settingsInWords()) {
    expect(written).toContain(`| \`${name}\` | \`${otherwise}\` | ${meaning} Accepted: ${accepts}. |`)
  }
  const names = [...written.matchAll(/\bCANDOR_[A-Z_]+/g)].map(([name]) => name)
  const known: string[] = settingsInWords().map(({ name }) => name)
  expect(names.filter((name) => !known.includes(name))).toEqual([])
})
