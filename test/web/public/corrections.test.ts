import { describe, expect, test } from 'vitest'
import type { Locale } from '../../../src/domain/site/site.ts'
import { corrected } from '../../corrected.ts'
import { draw, models } from './render.ts'

const page = (name: 'public/incident' | 'public/front', locale: Locale): string =>
  draw(name, models(corrected, locale)[name])

/** What is read out, without marks; what was removed and added in brackets. */
function words(html: string): string {
  return html
    .replaceAll(/<(del|ins)>/g, '[')
    .replaceAll(/<\/(del|ins)>/g, ']')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&#39;', "'")
    .replaceAll(/\s+/g, ' ')
}

/** From the anchor of a word to the next one. */
function word(html: string, id: string): string {
  const from = html.slice(html.indexOf(`id="${id}"`))
  return words(from.slice(0, from.indexOf('</li>')).replace(/^[^>]*>/, ''))
}

describe('a corrected word', () => {
  test('says when and why it was corrected, and shows what differs, newest correction first', () => {
    const shown = word(page('public/incident', 'en'), 'u2')
    expect(shown).toContain('one of our three card processors rejects')
    expect(shown).toContain('Corrected 2 times, last 14:15')
    expect(shown).toContain('14:15 · by Ada · We have three of them.')
    expect(shown).toContain('one of our [removed: two][added: three] card processors rejects')
    expect(shown).toContain('14:12 · by Ada · A typing error.')
    expect(shown).toContain('processors [removed: regects][added: rejects] payments')
    expect(shown.indexOf('14:15 ·')).toBeLessThan(shown.indexOf('14:12 ·'))
  })

  test('in another language it shows what differs in that language', () => {
    const shown = word(page('public/incident', 'fa'), 'u1')
    expect(shown).toContain('۱۳:۵۹ اصلاح شد')
    expect(shown).toContain('[افزوده شد: برخی ]پرداخت‌های کارتی از ساعت [حذف شد: ۱۳:۴۲][افزوده شد: ۱۳:۳۱] ناموفق است.')
    expect(shown).not.toContain('removed')
  })

  test('whose translation lags shows the newer original, one tap away, and no difference of another language', () => {
    const html = page('public/incident', 'fa')
    const shown = word(html, 'u2')
    expect(shown).toContain('متن انگلیسی تازه‌تر است (۱۴:۱۵)')
    expect(shown).toContain('one of our three')
    expect(shown).not.toContain('[')
    expect(html).toMatch(/<details class="newer"><summary>[^]*?<div class="text" lang="en" dir="ltr">/)
  })

  test('where there is no translation, the corrections are those of the original', () => {
    expect(word(page('public/incident', 'fr'), 'u1')).toContain('since [supprimé : 13:45][ajouté : 13:42]')
  })

  test('on the front page leads to what differs, which stands on its own page', () => {
    const html = page('public/front', 'en')
    expect(html).not.toContain('<del>')
    expect(html).toMatch(/<a href="\/incidents\/cards#u2">Corrected 2 times, last <time/)
  })
})

test.each(['public/incident', 'public/front'] as const)('%s keeps the tombstone of a withdrawn word', (name) => {
  expect(word(page(name, 'en'), 'gone')).toContain('Withdrawn 14:16: It was about another incident.')
})

test('a day whose times were corrected says so, and leads to what was corrected', () => {
  const html = draw('public/day', models(corrected, 'en')['public/day'])
  const lines = [...html.matchAll(/<p class="soft amended"><a href="\/incidents\/cards#corrections">(.*?)<\/p>/g)]
  expect(lines.map(([, line]) => words(line ?? ''))).toEqual(
    ['14:05', '14:06', '14:07'].map((at) => `The times of this day were corrected ${at}. by Ada · The logs.`),
  )
})

test('what else was corrected stands in a list, with what it was before, by whom and why', () => {
  const html = page('public/incident', 'en')
  const list = html.slice(html.indexOf('id="corrections"'))
  const lines = [...list.matchAll(/<li id="(r\d)">(.*?)<\/li>/g)].map(([, id, line = '']) => [
    id,
    words(line.replaceAll('</p><p', '</p> <p')),
  ])
  const why = 'by Ada · The logs show it.'
  expect(lines).toEqual([
    ['r4', `Title corrected 14:02; before, it said “Card payments fail”. ${why}`],
    ['r5', `Start corrected 14:03 to 13:42; before, it said 13:45. ${why}`],
    ['r6', `Severity changed 14:04 to “Critical”; before, it said “Major”. ${why}`],
    [
      'r7',
      'Card payments, corrected 14:05: Partly down, 13:42 – still so. Before, it said: Partly down, 13:45 – still so. by Ada · The logs.',
    ],
    ['r8', 'Card payments, added 14:06: Slow or impaired, 13:50 – still so. by Ada · The logs.'],
    ['r9', 'Card payments, taken back 14:07: Down, 13:50 – 13:55. by Ada · The logs.'],
  ])
})
