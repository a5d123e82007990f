import { type Static, choice, fields, instant, line, optional, prose } from '../../lib/fields.ts'
import { locales } from '../site/site.ts'
import { translationsOf } from '../site/translations.ts'

const translations = translationsOf({ name: optional(line(200)), body: optional(prose()) })
const pinned = choice(['yes', 'no'])
const window = { shownFrom: optional(instant), shownUntil: optional(instant) }

export type NewNotice = Static<typeof newNotice>
export const newNotice = fields({
  ...window,
  name: line(200),
  body: prose(),
  /** Left out: no. */
  pinned: optional(pinned),
  locale: optional(choice(locales)),
  translations,
})

export type NoticeChanges = Static<typeof noticeChanges>
export const noticeChanges = fields({
  ...window,
  name: optional(line(200)),
  body: optional(prose()),
  pinned: optional(pinned),
  translations,
})
