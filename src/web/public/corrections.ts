import type { Incident, Update } from '../../domain/incidents/incident.ts'
import type { Maintenance } from '../../domain/maintenances/maintenance.ts'
import { type Revision, correctionsIn, textIn } from '../../domain/revisions/revision.ts'
import { type Locale, inLocale } from '../../domain/site/site.ts'
import { type Piece, difference } from '../../lib/difference.ts'
import { type SafeHtml, markdownIn } from '../../lib/markdown.ts'
import { type NamePart, type Reader, type Words, directionOf, nameOf } from '../../domain/site/reader.ts'

/** One correction of a word, with what differs. */
export interface Correction {
  readonly words: Words
  readonly pieces: readonly ShownPiece[]
}

/** `label`: what a stretch is to whoever does not see how it looks. */
export type ShownPiece = Piece & { readonly label: string | null }

/** The original is newer than the translation that this reader reads. */
export interface Newer {
  readonly words: Words
  readonly html: SafeHtml
  readonly lang: Locale
  readonly dir: 'ltr' | 'rtl'
}

type Of = Pick<Incident | Maintenance, 'revisions' | 'locale'>

/** How the text of an update that this reader reads was corrected, newest correction first. */
export function correctionsOfWord(update: Update, of: Of, reader: Reader): Correction[] {
  const read = inLocale(update, 'body', reader.locale, update.locale).locale
  return correctionsIn(of, update.id, read)
    .map((revision) => ({
      words: [reader.time(revision.at), ' · ', ...byAndWhy(revision, of, reader)],
      pieces: piecesOf(revision, read).map((piece) => ({ ...piece, label: labelOf(piece, reader) })),
    }))
    .toReversed()
}

/** `Corrected 14:42`; null where it was not. */
export function correctedWords(update: Update, of: Of, reader: Reader): Words | null {
  const read = inLocale(update, 'body', reader.locale, update.locale).locale
  const revisions = correctionsIn(of, update.id, read)
  const last = revisions.at(-1)
  if (!last) return null
  const when = [reader.time(last.at)]
  return revisions.length === 1
    ? reader.phrase('correction.once', { when })
    : reader.phrase('correction.often', { when, count: revisions.length })
}

/** Where the original was corrected in more than its spelling since it was translated for this reader. */
export function newerOf(update: Update, of: Of, reader: Reader): Newer | null {
  const read = inLocale(update, 'body', reader.locale, update.locale).locale
  if (read === update.locale || (update.translates[read] ?? 0) >= update.revision) return null
  const last = correctionsIn(of, update.id, update.locale).findLast(({ reason }) => reason !== null)
  if (!last) return null
  const dir = directionOf(update.locale)
  return {
    words: reader.phrase('correction.newer', {
      language: reader.languageName(update.locale),
      when: [reader.time(last.at)],
    }),
    html: markdownIn(update.body, dir),
    lang: update.locale,
    dir,
  }
}

function labelOf({ kind }: Piece, { say }: Reader): string | null {
  return kind === 'same' ? null : say(kind === 'removed' ? 'correction.removed' : 'correction.added')
}

const known = new WeakMap<Revision, Map<Locale, readonly Piece[]>>()

/** Worked out once: an open incident is rendered every minute. */
function piecesOf(revision: Revision, locale: Locale): readonly Piece[] {
  const byLocale = known.get(revision) ?? new Map<Locale, readonly Piece[]>()
  known.set(revision, byLocale)
  const pieces =
    byLocale.get(locale) ??
    shortened(wordsThatDiffer(textIn(revision.before, locale) ?? '', textIn(revision.after, locale) ?? '', locale))
  byLocale.set(locale, pieces)
  return pieces
}

/** Without marks of emphasis, unless nothing else differs. */
function wordsThatDiffer(before: string, after: string, locale: Locale): readonly Piece[] {
  const [was, is] = [before, after].map((text) => text.replaceAll('**', '')) as [string, string]
  return was === is ? difference(before, after, locale) : difference(was, is, locale)
}

/** So much of what stayed the same is shown beside what did not. */
const beside = 80

function shortened(pieces: readonly Piece[]): Piece[] {
  return pieces.map((piece, index) => {
    const { kind, text } = piece
    if (kind !== 'same' || text.length <= 3 * beside) return piece
    const head =
      index === 0
        ? ''
        : text
            .slice(0, beside)
            .toWellFormed()
            .replace(/(?<!\S)\S*$/, '')
    const tail = index === pieces.length - 1 ? '' : text.slice(-beside).toWellFormed().replace(/^\S*/, '')
    return { kind, text: `${head}…${tail}` }
  })
}

/** `by Ada · The logs show it.` */
export function byAndWhy(
  one: Pick<Revision, 'author' | 'reason' | 'translations'>,
  { locale }: Pick<Of, 'locale'>,
  reader: Reader,
): Words {
  const { author } = one
  const who: NamePart[] = author === null ? [] : [{ kind: 'name', text: author, lang: null, dir: null }]
  return [
    ...(author === null ? [] : [...reader.phrase('voice.person', { who }), ' · ']),
    one.reason === null
      ? reader.say('correction.typing')
      : nameOf(inLocale(one, 'reason', reader.locale, locale), reader.locale),
  ]
}
