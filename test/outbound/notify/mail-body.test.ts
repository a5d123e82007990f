import { expect, test } from 'vitest'
import type { Told, ToldComponent } from '../../../src/domain/deliveries/told.ts'
import { locales } from '../../../src/domain/site/site.ts'
import { messages } from '../../../src/lib/messages.ts'
import { compose } from '../../../src/outbound/notify/compose.ts'
import type { Letter } from '../../../src/outbound/notify/letter.ts'
import { layoutOf } from '../../../src/outbound/notify/mail-body.ts'
import { htmlValidator } from '../../html-validator.ts'
import { reading } from '../../web/public/reading.ts'
import { sampleTold } from './sample-told.ts'
import { sampleAbout, sampleMessages, sampleRecipient, toldMessage } from './samples.ts'

const validator = htmlValidator({
  extends: ['html-validate:standard', 'html-validate:a11y', 'html-validate:document'],
  rules: {
    // Programs for mail keep styles only where they are used, and one of them wants a table around all of it.
    'no-inline-style': 'off',
    'no-conditional-comment': 'off',
    'prefer-native-element': 'off',
    // What operators write may begin with any.
    'heading-level': 'off',
  },
})

async function faultsOf(html: string): Promise<string[]> {
  const { results } = await validator.validateString(html)
  return results.flatMap(({ messages: found }) =>
    found.map(({ ruleId, message, line }) => `${ruleId} ${line}: ${message}`),
  )
}

test.each(locales)('%s: every mail is valid, complete in both forms, and asks nobody for anything', async (locale) => {
  for (const { name, letter } of sampleMessages([locale])) {
    const { html, text } = layoutOf(letter)
    if (locale === 'en' ? validated.includes(name) : name === 'joined') expect(await faultsOf(html), name).toEqual([])
    const { lang, dir, links } = reading(html)
    expect([lang, dir], name).toEqual([locale, messages(locale)('language.direction')])
    const shown = wordsIn(html)
    for (const part of partsOf(letter)) {
      expect(shown, `${name}, HTML`).toContain(squeezed(part))
      expect(squeezed(text), `${name}, text`).toContain(squeezed(part))
    }
    for (const { href } of links) {
      expect(href, name).toMatch(/^https:\/\/status\.northwind\.example(?:\/|$)/)
      if (href !== letter.site.url) expect(text, name).toContain(href)
    }
    expect(html, name).not.toMatch(/<(?:img|script|link|iframe|form|object|svg)|\bsrc=|url\(|@import|http:/i)
    expect(text, name).not.toMatch(/<\/?[a-z]+>|&[a-z]+;|undefined|\[object|[ \t]\n|\n{3}/)
  }
})

/** Each has something that no other has; to validate all of all takes long. */
const validated = [
  'joined',
  'update.corrected',
  'maintenance.announced',
  'notice.published',
  'confirm',
  'known',
  'alert',
]

/** What a reader has to find in either form. */
function partsOf({
  heading,
  label,
  facts,
  promise,
  affected,
  affectedTitle,
  button,
  why,
  links,
  words,
}: Letter): string[] {
  return [
    heading,
    label,
    facts,
    promise,
    affectedTitle,
    button?.says,
    why,
    ...affected.flatMap(({ name, says }) => [name, says]),
    ...links.map(({ says }) => says),
    ...words.flatMap(({ label: stage, when }) => (words.length > 1 ? [stage, when] : [when])),
    ...words.flatMap(({ body }) => body.split(/[^\p{L}\p{N} ]+/u).filter((one) => one.trim().length > 3)),
  ].flatMap((part) => part || [])
}

function wordsIn(html: string): string {
  return squeezed(reading(html.replaceAll(/ lang="[^"]*"/g, '').replaceAll('bdi', 'span')).own.join(' '))
}

function squeezed(text: string): string {
  return text.replaceAll(/[\s\u200f]+/g, '')
}

function mailOf(told: Partial<Told>, locale = 'en') {
  const letter = compose(
    [toldMessage({ ...sampleTold['incident.opened'], ...told })],
    sampleRecipient(locale),
    sampleAbout,
  )
  return layoutOf(letter)
}

const opened = sampleTold['incident.opened']

test('why no next update is promised is told in the reader’s language, and in the original where it is not', () => {
  const word = opened.word && {
    ...opened.word,
    nextUpdateBy: null,
    noPromiseReason: 'Our provider decides.',
    translations: { fr: { noPromiseReason: 'Notre fournisseur décide.' } },
  }
  const [french, persian] = ['fr', 'fa'].map((locale) => mailOf({ word }, locale).text)
  expect(french).toContain('Notre fournisseur décide.')
  expect(french).not.toContain('Our provider decides.')
  expect(persian).toContain('Our provider decides.')
})

test('what somebody wrote stays words: no tag, no style, no template, no line of its own', async () => {
  for (const evil of hostile) {
    const subject = { ...opened.subject, name: evil, translations: {} }
    const word = opened.word && {
      ...opened.word,
      body: evil,
      translations: {},
      nextUpdateBy: null,
      noPromiseReason: evil,
    }
    const components = [{ ...opened.components[0], name: evil, translations: {} } as ToldComponent]
    const { html, text } = mailOf({ subject, word, components })
    expect(await faultsOf(html), evil).toEqual([])
    expect(html.match(/<(?:style|script|h1|ul|body)\b/g), evil).toEqual(['<style', '<body', '<h1', '<ul'])
    expect(html).not.toMatch(/alert\(1\)"|onerror=|javascript:(?!.*&)/)
    expect(text).not.toMatch(/root:x|uid=/)
    expect(wordsIn(html), evil).toContain(squeezed(evil.replaceAll(/[\u202a-\u202e]/g, '')).slice(0, 12))
  }
})

const hostile = [
  '{{constructor.constructor("return process")()}}',
  '<%= process.env.HOME %>',
  '<%~ include("/etc/passwd") %>',
  '{% include "/etc/passwd" %}',
  '</style></head><script>alert(1)</script>',
  '"><b onmouseover=alert(1)>x</b>',
  '--><!--[if mso]><script>alert(1)</script><![endif]-->',
  '\u202eslenac era sdraC fail',
]

test('markup that Markdown makes is laid out, with every style beside it', async () => {
  const body =
    '# Big\n\n- one\n- [two](https://two.example/a?b=c&d)\n\n> quoted `code`\n\n```\nlong block\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |'
  const { html, text } = mailOf({ word: opened.word && { ...opened.word, body, translations: {} } })
  expect(await faultsOf(html)).toEqual([])
  for (const tag of ['p', 'ul', 'li', 'blockquote', 'code', 'pre', 'table', 'td', 'h3']) {
    expect(html).toMatch(new RegExp(`<${tag} style="[^"]+"`))
  }
  expect(html).toMatch(
    /<a style="color:#23407a" href="https:\/\/two\.example\/a\?b=c&amp;d" rel="nofollow noopener">two<\/a>/,
  )
  expect(text).toContain('- two (https://two.example/a?b=c&d)')
  expect(text).toContain('> quoted code')
})

test('words in another language than the letter say so, with their direction', () => {
  const word = opened.word && { ...opened.word, translations: {} }
  const subject = { ...opened.subject, translations: {} }
  const { html } = mailOf({ word, subject }, 'fa')
  expect(html).toMatch(/<div class="said" lang="en" dir="ltr" style="[^"]*text-align:left/)
  expect(html).toMatch(/<h1 [^>]*lang="en"[^>]*><bdi>Payments are failing<\/bdi>/)
})

test('the text of a mail reads by itself', () => {
  expect(mailOf({}).text.split('\n--\n')[0]).toBe(`Northwind · Incident · Investigating

Payments are failing

Began 21 November 2026 at 13:05 WET

About one in three card payments is refused since 13:05. Bank transfers work.

If a payment was refused, no money has moved: try again later.

14:15 WET

Next update by 14:45 WET

Affected
- Card payments · Down
- Webhooks · Slow or impaired

See it on the status page
https://status.northwind.example/incidents/inc1
`)
})
