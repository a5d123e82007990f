import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Axe looks at each of 2 700 quiet days, which hold nothing; everything else is opened. */
export const readyForAxe = `{
  document.querySelectorAll('details').forEach((one) => (one.open = true))
  document.querySelectorAll('.days > i').forEach((one) => one.remove())
}`

/**
 * What axe finds on the page as it stands, by all its rules or by these. Its script comes in past the page's policy, as a
 * developer's tools would.
 */
export async function axeFinds(page: Page, rules: readonly string[] | 'all' = 'all'): Promise<string[]> {
  const session = await page.context().newCDPSession(page)
  // What passes, and how to get to it in the document, is most of what axe would write down.
  const options = { resultTypes: ['violations'], selectors: false, ...(rules === 'all' ? {} : { runOnly: rules }) }
  await session.send('Runtime.evaluate', { expression: axe })
  const { result } = await session.send('Runtime.evaluate', {
    expression: `axe.run(document, ${JSON.stringify(options)}).then(({ violations }) => violations)`,
    awaitPromise: true,
    returnByValue: true,
  })
  await session.detach()
  const violations = result.value as AxeResults['violations']
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' ')}`)
}
