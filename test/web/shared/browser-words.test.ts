import { expect, test } from 'vitest'
import { browserInWords } from '../../../src/web/shared/browser-words.ts'

const mozilla = 'Mozilla/5.0'
const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)'

test.each([
  [`${mozilla} (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0`, 'Firefox on Linux'],
  [
    `${mozilla} (Windows NT 10.0; Win64; x64) ${webkit} Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0`,
    'Edge on Windows',
  ],
  [`${mozilla} (Windows NT 10.0; Win64; x64) ${webkit} Chrome/140.0.0.0 Safari/537.36`, 'Chrome on Windows'],
  [`${mozilla} (Linux; Android 16; K) ${webkit} Chrome/140.0.0.0 Mobile Safari/537.36`, 'Chrome on Android'],
  [
    `${mozilla} (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1`,
    'Safari on iPhone',
  ],
  [`${mozilla} (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/19.0 Safari/605.1.15`, 'Safari on Mac'],
  [`${mozilla} (X11; CrOS x86_64 14541.0.0) ${webkit} Chrome/140.0.0.0 Safari/537.36`, 'Chrome on ChromeOS'],
  [`${mozilla} (Windows NT 10.0; Win64; x64) Unheard/1.0`, 'A browser on Windows'],
  ['curl/8.14.1', 'curl'],
  ['<script>alert(1)</script>', 'A program that does not say its name'],
  [undefined, 'A program that does not say its name'],
])('%s is told in words', (userAgent, words) => {
  expect(browserInWords(userAgent)).toBe(words)
})

test('nobody reads more of it than a browser would say, so that nobody can make it long to read', () => {
  expect(browserInWords(`${'Version/1 '.repeat(100)}Firefox/140.0`)).toBe('A program that does not say its name')
})
