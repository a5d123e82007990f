/**
 * What a first visit costs the reader: the front page with thirty systems, ninety days and three incidents, in Chromium
 * with an empty cache, on slow 4G and a processor four times as slow, beside the same HTML alone, without style and script.
 * Compressed as well as it is five seconds after a change. Medians of alternating rounds.
 *
 *     node bench/first-view.ts
 */
import { atItsBest } from '../src/web/shared/document.ts'
import { launchChromium } from '../test/browser/chromium.ts'
import { gallery } from '../test/browser/gallery.ts'
import { sixStates } from '../test/six-states.ts'
import { median } from './figures.ts'

const rounds = 7
/** As Chromium's developer tools call it. */
const slow4g = { offline: false, latency: 562.5, downloadThroughput: 1_440_000 / 8, uploadThroughput: 675_000 / 8 }

const kinds = {
  requests: { unit: '', digits: 0 },
  'bytes, compressed, with headers': { unit: ' B', digits: 0 },
  'first contentful paint': { unit: ' ms', digits: 0 },
  'largest contentful paint': { unit: ' ms', digits: 0 },
  'layout shift': { unit: '', digits: 4 },
  'script on the main thread': { unit: ' ms', digits: 1 },
  'all work on the main thread': { unit: ' ms', digits: 0 },
} as const
type Kind = keyof typeof kinds
type Figures = Readonly<Record<Kind, number>>

const { base, close } = await gallery(sixStates, atItsBest)
const browser = await launchChromium('whole')
try {
  const page = `${base}/three-incidents/en`
  const [ours, alone]: [Figures[], Figures[]] = [[], []]
  for (let round = 0; round <= rounds; round += 1) {
    const pair = [await visit(page), await visit(`${page}?alone`)] as const
    // The first round warms the server and the disk's cache.
    if (round === 0) continue
    ours.push(pair[0])
    alone.push(pair[1])
  }
  console.log(`Chromium ${browser.version()}, slow 4G, processor ÷ 4; medians of ${rounds} alternating rounds`)
  for (const [kind, { unit, digits }] of Object.entries(kinds) as [Kind, (typeof kinds)[Kind]][]) {
    const [mine, its] = [ours, alone].map((rows) => median(rows.map((row) => row[kind]))) as [number, number]
    const ratio = its === 0 ? '' : `, ratio ${(mine / its).toFixed(2)}`
    console.log(`${kind}: page ${mine.toFixed(digits)}${unit}, HTML alone ${its.toFixed(digits)}${unit}${ratio}`)
  }
} finally {
  await browser.close()
  await close()
}

async function visit(url: string): Promise<Figures> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true })
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  const bytes: number[] = []
  session.on('Network.loadingFinished', ({ encodedDataLength }) => void bytes.push(encodedDataLength))
  await session.send('Network.enable')
  await session.send('Performance.enable')
  await session.send('Network.emulateNetworkConditions', slow4g)
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  // The sample is of one moment, and so is its reader.
  await page.addInitScript(`
    Date.now = () => ${Date.parse(sixStates['three-incidents'].asOf) + 20_000}
    window.largest = 0
    window.moved = 0
    const watch = (type, take) => new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true })
    watch('largest-contentful-paint', ({ startTime }) => (largest = startTime))
    watch('layout-shift', ({ value }) => (moved += value))
  `)
  await page.goto(url, { waitUntil: 'load' })
  // What the script does first, it has done by then; its first question comes fifteen seconds later.
  await page.waitForTimeout(2000)
  const { first, largest, moved } = await page.evaluate<{ first: number; largest: number; moved: number }>(
    "({ first: performance.getEntriesByName('first-contentful-paint')[0].startTime, largest, moved })",
  )
  const { metrics } = await session.send('Performance.getMetrics')
  const seconds = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN
  await context.close()
  return {
    requests: bytes.length,
    'bytes, compressed, with headers': bytes.reduce((sum, one) => sum + one, 0),
    'first contentful paint': first,
    'largest contentful paint': largest,
    'layout shift': moved,
    'script on the main thread': seconds('ScriptDuration') * 1000,
    'all work on the main thread': seconds('TaskDuration') * 1000,
  }
}
