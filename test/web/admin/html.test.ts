import fc from 'fast-check'
import { expect, test } from 'vitest'
import { htmlValidator } from '../../html-validator.ts'
import { isSQLite } from '../../database.ts'
import { people } from '../../people.ts'
import { aMove } from '../moves/moves.ts'
import { northwind } from '../northwind.ts'

const validator = htmlValidator({
  extends: ['html-validate:standard', 'html-validate:a11y', 'html-validate:document'],
  rules: {
    // Our own script stands on our own server.
    'require-sri': ['error', { target: 'crossorigin' }],
    // At the desk a button sends its form.
    'no-implicit-button-type': 'off',
  },
})

test.skipIf(!isSQLite)(
  'every page of the desk that a link leads to is there, and is valid HTML (it is the same on both databases)',
  async () => {
    const here = await northwind()
    // Something of everything, so that lists are not empty: always the same.
    for (const move of fc.sample(aMove, { numRuns: 30, seed: 4 })) await move(here)
    const { ada } = await people(here)
    const seen = new Set<string>()
    const found: string[] = []
    const waiting = ['/admin']
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      if (seen.has(kindOf(path))) continue
      seen.add(kindOf(path))
      const { status, text } = await ada.opens(path)
      if (status !== 200) found.push(`${path}: ${status}`)
      if (!text.startsWith('<!doctype html>')) continue
      found.push(...(await faultsIn(text)).map((fault) => `${path}: ${fault}`))
      for (const [, href = ''] of text.matchAll(/href="(\/admin[^"#]*)/g)) waiting.push(href.replaceAll('&amp;', '&'))
    }
    expect(found).toEqual([])
    expect(seen.size).toBeGreaterThan(60)
  },
  240_000,
)

/** Pages of one kind differ by whom or what they are about. */
function kindOf(path: string): string {
  return path.replace(/id\d+/, 'ID').replace(/\?.*/, '?')
}

async function faultsIn(html: string): Promise<string[]> {
  const { results } = await validator.validateString(html)
  return results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, selector }) => `${ruleId}: ${message} (${selector ?? ''})`),
  )
}
