import type { Incident, Update } from '../../domain/incidents/incident.ts'
import type { Maintenance } from '../../domain/maintenances/maintenance.ts'
import type { Notice } from '../../domain/notices/notice.ts'
import { type Revision, correctionsIn } from '../../domain/revisions/revision.ts'
import { directionOf } from '../../domain/site/reader.ts'
import { type Locale, inLocale } from '../../domain/site/site.ts'
import { markdownIn } from '../../lib/markdown.ts'
import type { Say } from '../../lib/messages.ts'
import { stages } from '../shared/marks.ts'
import { type FeedDates, escaped } from './dates.ts'

/** How a feed of one language says things. */
export interface Words {
  readonly say: Say
  readonly locale: Locale
  readonly dates: FeedDates
}

export function message(notice: Notice, page: Locale): string {
  const said = inLocale(notice, 'body', page, notice.locale)
  const dir = directionOf(said.locale)
  const html = markdownIn(said.text, dir)
  const own = said.locale === page ? turned(page) : ` lang="${said.locale}" dir="${dir}"`
  return own === '' ? html : `<div${own}>${html}</div>`
}

export function window({ plannedFrom, plannedUntil }: Maintenance, { say, locale, dates }: Words): string {
  return `<p${turned(locale)}><strong>${escaped(say('feeds.event'))} ${dates.window(plannedFrom, plannedUntil)}</strong></p>`
}

/** Newest first, each with its time and its stage, as readers and bots of such feeds know it. */
export function paragraphs(updates: readonly Update[], of: Incident | Maintenance, words: Words): string {
  const { say, locale, dates } = words
  return updates
    .map((update, index) => {
      const label = escaped(say(`feeds.stages.${labelOf(update.stage, updates[index + 1]?.stage)}`))
      const at = dates.moment(update.displayedAt ?? update.createdAt)
      const said = inLocale(update, 'body', locale, update.locale)
      const head = `<small>${at}</small><br><strong>${label}</strong> - `
      const text = paragraph(head, markdownIn(said.text, directionOf(said.locale)), { page: locale, text: said.locale })
      return text + corrected(correctionsIn(of, update.id, said.locale), words)
    })
    .join('')
}

/** Apart from what was said: bots look for one time in a paragraph. */
function corrected(revisions: readonly Revision[], { say, locale, dates }: Words): string {
  const last = revisions.at(-1)
  if (!last) return ''
  const when = dates.moment(last.at).replaceAll(/<[^<>]*>/g, '')
  return `<p${turned(locale)}><small>${escaped(say('correction.once', { when }))}</small></p>`
}

/** Readers of feeds begin every paragraph at the left unless they are told. */
function turned(locale: Locale): string {
  return directionOf(locale) === 'rtl' ? ' dir="rtl"' : ''
}

/** A stage that is the one before says no more than that there is an update. */
export function labelOf(stage: string, before: string | undefined): (typeof stages)[number] | 'update' {
  const known = stages.find((name) => name === stage)
  return known === undefined || stage === before ? 'update' : known
}

/** Plain text goes on in the same paragraph, as feeds of this kind have it; lists and quotes follow it. */
function paragraph(
  head: string,
  html: string,
  { page, text }: { readonly page: Locale; readonly text: Locale },
): string {
  const begin = `<p${turned(page)}>${head}`
  const own = page === text ? null : `lang="${text}" dir="${directionOf(text)}"`
  const isPlain =
    /^(<p>(?:(?!<\/?p>)[^])*<\/p>\s*)*$/.test(html) && !/<(ul|ol|pre|blockquote|table|h\d|hr)\b/.test(html)
  if (!isPlain) return `${begin}</p>${own || turned(page) ? `<div ${own ?? turned(page).trim()}>${html}</div>` : html}`
  const flat = html
    .replaceAll(/<\/p>\s*<p>/g, '<br /><br />')
    .replaceAll(/<\/?p>/g, '')
    .replaceAll(/<br\s*\/?>\n?/g, '<br />')
  return `${begin}${own ? `<span ${own}>${flat}</span>` : flat}</p>`
}
