import type { Incident } from '../../../domain/incidents/incident.ts'
import type { SavedDraft } from '../../../domain/reviews/queries.ts'
import { type DraftedAction, type Head, type Review, type ReviewDraft, heads } from '../../../domain/reviews/review.ts'
import type { Locale } from '../../../domain/site/site.ts'
import type { Instant } from '../../../lib/clock.ts'
import { type SafeHtml, markdownIn } from '../../../lib/markdown.ts'
import { messages } from '../../../lib/messages.ts'
import type { FormState } from '../../shared/forms.ts'
import { directionOf } from '../../../domain/site/reader.ts'
import type { Writing } from '../models.ts'
import type { Held, Whom } from '../subscribers/subscriber-models.ts'

export interface ReviewPage extends Whom {
  readonly held: readonly Held[]
  readonly incident: Incident
  /** Null: not published yet. */
  readonly review: Review | null
  readonly draft: SavedDraft | null
  readonly state: FormState
  readonly writing: Writing
  readonly fields: readonly HeadField[]
  /** Of actions, by their number. */
  readonly lines: readonly number[]
  /** Which of it was shown. */
  readonly seen: string
  /** What somebody else saved or published meanwhile. */
  readonly other: {
    readonly by: string | null
    readonly at: Instant
    readonly texts: ReturnType<typeof writtenText>
  } | null
  readonly today: string
}

export interface ReviewPreview {
  readonly incident: Incident
  readonly locale: Locale
  /** Those in which something is written. */
  readonly languages: readonly Locale[]
  readonly title: string
  readonly heads: readonly SeenHead[]
  readonly actions: readonly DraftedAction[]
  readonly author: string
}

/** A head in a reader's language; `html` was made safe by lib/markdown.ts. */
interface SeenHead {
  readonly title: string
  readonly html: SafeHtml | null
  /** What stands there while nothing is known. */
  readonly open: string
  readonly locale: Locale
  readonly dir: 'ltr' | 'rtl'
}

interface HeadField {
  readonly head: Head
  /** As readers see it. */
  readonly label: string
  readonly hint: string
}

const hints: Readonly<Record<Head, string>> = {
  saw: 'In their words: what failed, for whom, from when to when. No names of ours.',
  happened: 'In the order in which it came.',
  why: 'Not who: what made it possible.',
  duration: 'What stood between noticing it and ending it.',
  data: 'Yes, no, or what is still being checked.',
  done: 'What is different already.',
  next: 'Each thing with a day, below; here what they have in common.',
}

export function headFields(): readonly HeadField[] {
  const say = messages('en')
  return heads.map((head) => ({ head, label: say(`review.head.${head}`), hint: hints[head] }))
}

/** The heads as readers will find them: with the translation if there is one. */
export function seenHeads(
  { heads: texts, translations }: ReviewDraft,
  { locale, original }: { readonly locale: Locale; readonly original: Locale },
): readonly SeenHead[] {
  const say = messages(locale)
  return heads.map((head) => {
    const translated = locale === original ? undefined : translations[locale]?.[head]
    const body = translated ?? texts[head]
    const written = translated === undefined ? original : locale
    const dir = directionOf(written)
    const title = say(`review.head.${head}`)
    return { title, html: body ? markdownIn(body, dir) : null, open: say('review.unknown'), locale: written, dir }
  })
}

/** What somebody else wrote, to be read beside one's own. */
export function writtenText(
  written: ReviewDraft['heads'],
): readonly { readonly label: string; readonly text: string }[] {
  return headFields().flatMap(({ head, label }) => {
    const text = written[head]
    return text ? [{ label, text }] : []
  })
}
