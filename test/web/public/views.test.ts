import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants } from 'node:zlib'
import { expect, test } from 'vitest'
import { locales } from '../../../src/domain/site/site.ts'
import { messages } from '../../../src/lib/messages.ts'
import { frontModel } from '../../../src/web/public/front.ts'
import type { PublicViews } from '../../../src/web/public/views.ts'
import { readerOf } from '../../../src/domain/site/reader.ts'
import { joinedScript } from '../../../src/web/shared/joined-script.ts'
import { badAfternoon } from '../../bad-afternoon.ts'
import { sixStates } from '../../six-states.ts'
import { draw, models } from './render.ts'

const views = fileURLToPath(new URL('../../../views', import.meta.url))
const names = Object.keys(models(badAfternoon, 'en')) as (keyof PublicViews)[]
const files = globSync(['public/*.eta', 'partials/*.eta', 'layouts/public.eta'], { cwd: views })
const source = (file: string): string => readFileSync(`${views}/${file}`, 'utf8')

test('every template of the face has a model, and every model a template', () => {
  expect(globSync('public/*.eta', { cwd: views }).toSorted()).toEqual(names.map((name) => `${name}.eta`).toSorted())
})

test('every partial is used', () => {
  const all = files.map(source).join('\n')
  for (const file of globSync('partials/*.eta', { cwd: views })) {
    expect(all, file).toContain(`include('/${file.replace('.eta', '')}'`)
  }
})

test.each(files)('%s has no word for readers: those stand in the catalogues', (file) => {
  const withoutCode = source(file).replaceAll(/<%[\s\S]*?%>/g, '')
  expect(withoutCode.replaceAll(/<[^>]*>/g, '')).not.toMatch(/\p{L}/u)
  // Attributes that are read out or shown.
  expect(withoutCode).not.toMatch(/(?:aria-label|title|alt|placeholder)="[^"]*\p{L}/u)
})

test.each(files)('%s writes raw only what is included, the body, and Markdown that was made safe', (file) => {
  const raw = [...source(file).matchAll(/<%~\s*([\s\S]*?)\s*%>/g)].map(([, code = '']) => code)
  for (const code of raw) expect(code).toMatch(/^(?:include\('\/partials\/[\w-]+'|it\.body$|(?:[\w.]+\.)?html$)/)
})

test.each(locales.flatMap((locale) => names.map((name) => ({ locale, name }))))(
  '$name renders in $locale',
  ({ locale, name }) => {
    const html = draw(name, models(badAfternoon, locale)[name])
    expect(html).toMatch(
      new RegExp(`^<!doctype html>\\n<html lang="${locale}" dir="${messages(locale)('language.direction')}"[ >]`),
    )
    expect(html).not.toMatch(/undefined|\[object |NaN|null</)
    expect(html.match(/<h1>/g)).toHaveLength(1)
    // Nothing that the policy of the page forbids: it would be dead.
    expect(html).not.toMatch(/<[^>]+\s(?:style|on\w+)=/)
    // A link that somebody follows loads nothing.
    expect(html.replaceAll('<a class="do" href="https://t.me/', '<a href="/')).not.toMatch(
      /(?:src|href)="(?:https?:)?\/\/(?!status\.example)/,
    )
  },
)

test.each(names)('%s has Persian digits for a reader in Persian, wherever it speaks itself', (name) => {
  const html = draw(name, models(badAfternoon, 'fa')[name])
  const main = html.slice(html.indexOf('<main'), html.indexOf('</main>'))
  const ours = main
    .replaceAll(/<(\w+)[^>]*\slang="en"[\s\S]*?<\/\1>/g, '')
    // What is called so everywhere: names, keys, what one types.
    .replaceAll(/<(code|pre|bdi)\b[\s\S]*?<\/\1>/g, '')
    .replaceAll(/<[^>]*>/g, '')
  expect(ours.match(/.{0,30}[0-9]+.{0,30}/g)).toBeNull()
  if (name === 'public/front') expect(ours).toContain('۳۰ آبان')
  if (name === 'public/subscription-known') expect(main).toContain('وقت پرتغال')
})

test('texts in another language than the page carry their own language and direction', () => {
  const html = draw('public/front', models(badAfternoon, 'fa')['public/front'])
  expect(html).toContain('<div class="text" lang="en" dir="ltr"><p>Transfers are accepted')
  expect(html).toContain('<bdi lang="en" dir="ltr">Dashboard</bdi>')
  expect(html).toContain('فقط به زبان انگلیسی در دسترس است.')
})

test('an incident says when it was so, when we said so, and the promise', () => {
  const html = draw('public/incident', models(badAfternoon, 'en')['public/incident']).replaceAll(/<[^>]*>/g, '')
  expect(html.replaceAll(/\s+/g, ' ')).toContain(
    'Began 13:42We noticed 13:43 1 minute laterWe told you 13:47 5 minutes later',
  )
  expect(html).toContain('Next update by 14:30 UTC')
  expect(html).toContain('1 of 1 promises kept')
})

test('the first view of thirty systems and three incidents weighs at most 20 kB, in two answers', () => {
  const snapshot = sixStates['three-incidents']
  const html = draw('public/front', frontModel(snapshot, readerOf(snapshot, 'en'), 'https://status.example'))
  expect(html.match(/<(?:i|b|a [^>]*tabindex="-1"[^>]*)><\/(?:i|b|a)>/g)).toHaveLength(30 * 90)
  const script = joinedScript(new URL('../../../views/assets/public/wake.js', import.meta.url))
  // The page as it is right after a change; the script, which seldom changes, as it is a moment after the start.
  const [page, comfort] = [compressed(html, 4), compressed(script, 11)]
  // All that it takes to draw it comes in the first round trip: ten segments.
  expect(page).toBeLessThan(14_000)
  expect(comfort).toBeLessThan(6000)
  expect(page + comfort).toBeLessThan(20_000)
  expect([...html.matchAll(/<(?:link[^>]* rel="(?:stylesheet|preload)"|script|img|iframe)\b/g)]).toHaveLength(1)
})

function compressed(text: string, quality: number): number {
  return brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } }).length
}
