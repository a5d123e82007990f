import { type Static, choice, fields, line, optional, prose } from '../../lib/fields.ts'
import { locales } from '../site/site.ts'
import { translationsOf } from '../site/translations.ts'
import { templateUses } from './template.ts'

export type GivenTemplate = Static<typeof givenTemplate>
export const givenTemplate = fields({
  name: line(100),
  use: choice(templateUses),
  title: optional(line(200)),
  body: prose(10_000),
  locale: optional(choice(locales)),
  translations: translationsOf({ title: optional(line(200)), body: optional(prose(10_000)) }),
})
