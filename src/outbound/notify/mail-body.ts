import { fileURLToPath } from 'node:url'
import { Eta } from 'eta'
import { directionOf } from '../../domain/site/reader.ts'
import { type Shape, shapeOf } from './mail-shapes.ts'
import { beside } from './compose-line.ts'
import { mailHtml, mailText } from './mail-words.ts'
import type { Letter } from './letter.ts'

/** Both forms of one mail: they say the same. */
export interface MailBody {
  readonly html: string
  readonly text: string
}

const eta = new Eta({
  views: fileURLToPath(new URL('../../../views', import.meta.url)),
  autoEscape: true,
  cache: true,
  // Or it would run words of ours together.
  autoTrim: false,
})

/** One list for every script: what lacks a letter takes the next. System fonts, because a mail may fetch nothing. */
const font =
  "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Vazirmatn,'PingFang TC','Microsoft JhengHei','Noto Sans',Tahoma,Arial,sans-serif"

/** Lays a letter out as programs for mail need it: every style beside what it is for, and nothing that has to be fetched. */
export function layoutOf(letter: Letter): MailBody {
  const { dir, affected, tone } = letter
  const html = eta.render('/emails/letter', {
    letter,
    font,
    start: dir === 'rtl' ? 'right' : 'left',
    size: dir === 'rtl' ? 17 : 16,
    // Letters that are joined must not be pushed together.
    tight: dir === 'rtl' ? '0' : '-0.01em',
    // When work is planned is what such a mail is for.
    isPlan: tone === 'under_maintenance',
    shape: shapeOf(tone, dir),
    affected: affected.map((one): Row => ({ ...one, shape: shapeOf(one.status, dir) })),
    words: letter.words.map((word) => {
      const direction = word.lang === null ? dir : directionOf(word.lang)
      return { ...word, dir: direction, html: mailHtml(word.body, direction) }
    }),
  })
  return { html, text: textOf(letter) }
}

type Row = Letter['affected'][number] & { readonly shape: Shape }

function textOf(letter: Letter): string {
  const { site, label, heading, facts, words, promise, affected, affectedTitle, button, why, links, dir } = letter
  const isOne = words.length === 1
  const paragraphs = [
    [site.name, label].filter(Boolean).join(' · '),
    heading,
    label === '' ? '' : facts,
    ...words.flatMap(({ label: stage, when, body, lang }) => {
      const said = mailText(body, lang === null ? dir : directionOf(lang))
      if (stage === '' && when === '') return [said]
      return isOne ? [said, when] : [[stage, when].filter(Boolean).join(' · '), said]
    }),
    promise,
    affected.length === 0
      ? ''
      : [affectedTitle, ...affected.map(({ name, says }) => `- ${beside(name, says)}`)].join('\n'),
    button && under(button),
    label === '' ? facts : '',
    links.length > 0 || why ? ['--', why, ...links.map(under)].filter(Boolean).join('\n') : '',
  ]
  return `${paragraphs.filter(Boolean).join('\n\n')}\n`
}

/** Without a colon: each language sets its own before an address. */
function under({ says, url }: Letter['links'][number]): string {
  return `${says}\n${url}`
}
