import type { Db } from '../../../database/database.ts'
import { type Finding, coached } from '../../../domain/coach/coach.ts'
import { listJargon } from '../../../domain/coach/jargon.ts'
import type { Locale } from '../../../domain/site/site.ts'
import { directionOf } from '../../../domain/site/reader.ts'
import type { Composed } from '../composer.ts'

/** What the coach says of one text of the composer. */
export interface CoachedText {
  /** The text area that it belongs to. */
  readonly field: string
  readonly locale: Locale
  readonly dir: 'ltr' | 'rtl'
  readonly findings: readonly Finding[]
}

/** What the coach says of the original and of each translation, as far as they are written and their language has rules. */
export async function coachedTexts(
  db: Db,
  { body, stage, translations, noPromiseReason }: Composed,
  original: Locale,
): Promise<CoachedText[]> {
  const jargon = await listJargon(db)
  // Where nobody declines it, a time stands beside the text.
  const promise = noPromiseReason === null ? 'made' : 'none'
  const texts = [
    { field: 'body', locale: original, body },
    ...Object.entries(translations ?? {})
      .filter(([locale]) => locale !== original)
      .map(([locale, texts]) => ({ field: `translations.${locale}.body`, locale, body: texts['body'] ?? '' })),
  ]
  return texts
    .map(({ field, locale, body: words }) => ({
      field,
      locale,
      dir: directionOf(locale),
      findings: coached({ body: words, locale, stage, promise }, jargon),
    }))
    .filter(({ findings }) => findings.length > 0)
}
