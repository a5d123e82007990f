import { locales } from '../../domain/site/site.ts'
import { messages } from '../../lib/messages.ts'

/** One choice of a list. */
export interface Choice {
  readonly value: string
  readonly label: string
}

export function zoneOptions(): Choice[] {
  return ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone.includes('/'))].map((zone) => ({
    value: zone,
    label: zone.replaceAll('_', ' '),
  }))
}

/** Languages by their own names. */
export function localeOptions(): Choice[] {
  return locales.map((locale) => ({ value: locale, label: messages(locale)('language.name') }))
}
