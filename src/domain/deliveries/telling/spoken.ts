import type { Db } from '../../../database/database.ts'
import type { Instant } from '../../../lib/clock.ts'
import type { Update } from '../../incidents/incident.ts'
import { readIncident } from '../../incidents/queries.ts'
import { readMaintenance } from '../../maintenances/queries.ts'
import { readNotice } from '../../notices/queries.ts'
import { settledActions, withReview } from '../../reviews/told.ts'
import type { Locale, Translations } from '../../site/site.ts'
import type { Told, ToldWord } from '../told.ts'

/** What is spoken of, with every word on it that stands: the review of an incident is one of them. */
export interface Spoken {
  readonly name: string
  readonly locale: Locale
  readonly translations: Translations<'name'>
  readonly words: readonly ToldWord[]
  /** Null: there is none, or none that is the last word. */
  readonly review: 'final' | null
}

/** Null: readers do not know of it, or see it no more. */
export async function spokenOf(
  db: Db,
  { noun, id }: Pick<Told['subject'], 'noun' | 'id'>,
  now: Instant,
): Promise<Spoken | null> {
  switch (noun) {
    case 'incident': {
      const incident = await readIncident(db, id)
      return (
        incident && {
          ...incident,
          words: [...withReview(incident), ...(incident.review ? settledActions(incident.review) : [])].map(toldWord),
          review: incident.review?.finalAt ? 'final' : null,
        }
      )
    }
    case 'maintenance': {
      const maintenance = await readMaintenance(db, id)
      return maintenance && { ...maintenance, words: maintenance.updates.map(toldWord), review: null }
    }
    case 'notice': {
      const notice = await readNotice(db, id)
      if (!notice || notice.shownFrom > now || (notice.shownUntil !== null && notice.shownUntil <= now)) return null
      return { ...notice, words: [noticeWord(notice)], review: null }
    }
  }
}

export function toldWord(update: Update): ToldWord {
  return {
    id: update.id,
    stage: update.stage,
    body: update.body,
    locale: update.locale,
    translations: update.translations,
    at: update.displayedAt ?? update.createdAt,
    nextUpdateBy: update.nextUpdateBy,
    noPromiseReason: update.noPromiseReason,
  }
}

/** A notice is a word of its own. */
export function noticeWord(notice: {
  readonly id: string
  readonly body: string
  readonly locale: Locale
  readonly translations: Translations<'name' | 'body'>
  readonly shownFrom: Instant
}): ToldWord {
  const bodies = Object.entries(notice.translations).flatMap(([locale, texts]) =>
    texts?.body === undefined ? [] : [[locale, { body: texts.body }] as const],
  )
  return {
    id: notice.id,
    stage: 'notice',
    body: notice.body,
    locale: notice.locale,
    translations: Object.fromEntries(bodies),
    at: notice.shownFrom,
    nextUpdateBy: null,
    noPromiseReason: null,
  }
}
