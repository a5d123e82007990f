/**
 * Pictures of the front page in the six states that matter, on a desk, on a phone, in the dark and in Persian, and all of
 * them on one sheet, to be looked at.
 *
 *     node demo/pictures.ts <folder> [state]
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContextOptions } from 'playwright-core'
import { launchChromium } from '../test/browser/chromium.ts'
import { gallery } from '../test/browser/gallery.ts'
import { sixStates } from '../test/six-states.ts'

const [folder, only] = process.argv.slice(2)
if (folder === undefined) throw new Error('Say where the pictures go: node demo/pictures.ts <folder>')
mkdirSync(folder, { recursive: true })

const looks: Readonly<Record<string, BrowserContextOptions & { readonly locale: string }>> = {
  desktop: { locale: 'en', viewport: { width: 1200, height: 900 } },
  phone: { locale: 'en', viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 },
  dark: { locale: 'en', viewport: { width: 1200, height: 900 }, colorScheme: 'dark' },
  persian: { locale: 'fa', viewport: { width: 1200, height: 900 } },
}
const { base, close } = await gallery()
const browser = await launchChromium('whole')
const states = Object.entries(sixStates).filter(([state]) => only === undefined || only === state)
for (const [state, { asOf }] of states) {
  for (const [look, options] of Object.entries(looks)) {
    const context = await browser.newContext(options)
    const page = await context.newPage()
    const time = Date.parse(asOf)
    await page.clock.install({ time: time + 20_000 })
    await page.goto(`${base}/${state}/${options.locale}`)
    if (state === 'stale') {
      await context.setOffline(true)
      await page.clock.fastForward(42 * 60_000)
      await page.locator('.lost-touch:visible').waitFor()
    }
    await page.screenshot({ path: join(folder, `${state}-${look}.png`), fullPage: true })
    await context.close()
  }
}

const sheet = await browser.newPage({ viewport: { width: 1600, height: 900 } })
const shown = states.flatMap(([state]) => Object.keys(looks).map((look) => `${state}-${look}`))
await sheet.setContent(
  `<style>body{display:grid;grid-template-columns:repeat(4,1fr);gap:16px;margin:16px;font:14px sans-serif}img{inline-size:100%;block-size:640px;object-fit:cover;object-position:top;border:1px solid #999}figure{margin:0}</style>${shown
    .map((name) => {
      const picture = readFileSync(join(folder, `${name}.png`)).toString('base64')
      return `<figure><img src="data:image/png;base64,${picture}"><figcaption>${name}</figcaption></figure>`
    })
    .join('')}`,
)
writeFileSync(join(folder, 'sheet.png'), await sheet.screenshot({ fullPage: true }))
await browser.close()
await close()
