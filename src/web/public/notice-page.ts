import type { Notice } from '../../domain/notices/notice.ts'
import { textIn } from '../../domain/revisions/revision.ts'
import { type Locale, inLocale } from '../../domain/site/site.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import { type Piece, difference } from '../../lib/difference.ts'
import { type SafeHtml, markdownIn, plainText } from '../../lib/markdown.ts'
import { type NamePart, type Reader, type TimePart, type Words, nameOf } from '../../domain/site/reader.ts'
import { type Frame, frameOf } from './frame.ts'

/** A message, as pages show it. */
export interface NoticeLine {
  readonly href: string
  readonly name: NamePart
  readonly html: SafeHtml
  readonly lang: Locale | null
  readonly dir: 'ltr' | 'rtl' | null
  readonly at: TimePart
  /** Null: it says what it said when readers first saw it. */
  readonly changed: Words | null
}

export interface NoticeModel {
  readonly frame: Frame
  readonly notice: NoticeLine
  readonly shown: Words
  /** What it said before, newest change first. */
  readonly changes: readonly {
    readonly at: TimePart
    readonly name: string | null
    readonly pieces: readonly (Piece & { readonly label: string })[]
  }[]
}

export function noticeLine(notice: Notice, reader: Reader): NoticeLine {
  const body = inLocale(notice, 'body', reader.locale, notice.locale)
  const { lang, dir } = nameOf(body, reader.locale)
  return {
    href: reader.href(`/notices/${notice.id}`),
    name: reader.name(notice, 'name', notice.locale),
    html: markdownIn(body.text, dir ?? reader.dir),
    lang,
    dir,
    at: reader.time(notice.shownFrom),
    changed: notice.changedAt && reader.phrase('notice.changed', { when: [reader.time(notice.changedAt)] }),
  }
}

/** It is never known before it is shown: what is not among the last begins later, or began before all of them. */
export function hasBegun({ id, shownFrom }: Notice, { recentNotices }: Pick<Snapshot, 'recentNotices'>): boolean {
  const oldest = recentNotices.at(-1)
  return recentNotices.some((other) => other.id === id) || (oldest !== undefined && shownFrom < oldest.shownFrom)
}

export function noticeModel(notice: Notice, snapshot: Snapshot, reader: Reader, url: string): NoticeModel {
  const line = noticeLine(notice, reader)
  const read = inLocale(notice, 'body', reader.locale, notice.locale).locale
  const { shownFrom, shownUntil } = notice
  return {
    frame: frameOf({
      snapshot,
      reader,
      url,
      path: `/notices/${notice.id}`,
      title: reader.say('incident.title', { name: line.name.text, site: reader.name(snapshot.site, 'name').text }),
      description: nameOf(
        { text: plainText(inLocale(notice, 'body', reader.locale, notice.locale).text), locale: read },
        reader.locale,
      ),
    }),
    notice: line,
    shown: shownUntil
      ? reader.phrase('notice.window', { window: [reader.window(shownFrom, shownUntil)] })
      : reader.phrase('notice.since', { when: [reader.time(shownFrom)] }),
    changes: notice.revisions
      .map(({ at, before, after }) => ({
        at: reader.time(at),
        name: typeof before?.['name'] === 'string' && before['name'] !== after?.['name'] ? before['name'] : null,
        pieces: difference(textIn(before, read) ?? '', textIn(after, read) ?? '', read).map((piece) => ({
          ...piece,
          label: piece.kind === 'same' ? '' : reader.say(`correction.${piece.kind}`),
        })),
      }))
      .toReversed(),
  }
}
