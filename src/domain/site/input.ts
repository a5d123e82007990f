import { type Static, choice, fields, line, optional, zoneName } from '../../lib/fields.ts'
import { locales } from './site.ts'
import { translationsOf } from './translations.ts'

const texts = { name: optional(line(100)), description: optional(line(300)) }

export type SetUp = Static<typeof setUp>
export const setUp = fields({
  name: line(100),
  description: optional(line(300)),
  zone: zoneName,
  locale: choice(locales),
})

export type SiteChanges = Static<typeof siteChanges>
export const siteChanges = fields({
  ...texts,
  zone: optional(zoneName),
  locale: optional(choice(locales)),
  evidence: optional(choice(['yes', 'no'])),
  translations: translationsOf(texts),
})
