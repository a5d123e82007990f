import type { Instant } from '../../lib/clock.ts'
import { dateWords } from '../../lib/dates.ts'
import { messages } from '../../lib/messages.ts'
import { type Locale, locales } from '../site/site.ts'
import type { MaintenanceWord } from './input.ts'
import type { MaintenanceSeries } from './series.ts'

export interface Window {
  readonly from: Instant
  readonly until: Instant
}

/** A window that readers know of, and what becomes of it; null: it will not take place. */
export interface Outcome extends Window {
  readonly becomes: Window | null
}

/** What somebody wrote, and into which languages they translated it; null: nothing, so the words are ours. */
export interface Written {
  readonly body: string
  readonly translations: Readonly<Record<string, string | null | undefined>>
}

/**
 * One word for several windows of a series: what somebody wrote, or that the plan has changed, and what becomes of each. In
 * the languages in which it was written; in all of ours where the words are ours.
 */
export function seriesWord(
  written: Written | null,
  outcomes: readonly Outcome[],
  { locale, zone }: Pick<MaintenanceSeries, 'locale' | 'zone'>,
): Pick<MaintenanceWord, 'body' | 'translations'> {
  const inLanguage = (one: Locale, first: string | null | undefined): string => {
    const words = messages(one)
    const dates = dateWords(words('language.formats'), zone)
    const lines = outcomes.map(({ from, until, becomes }) => {
      const before = dates.window(from, until)
      return becomes === null
        ? `- ${words('maintenance.series.falls', { before })}`
        : `- ${words('maintenance.series.moved', { before, after: dates.window(becomes.from, becomes.until) })}`
    })
    return [first ?? words('maintenance.series.changed'), lines.join('\n')].filter(Boolean).join('\n\n')
  }
  const others = locales.filter((one) => one !== locale && (written === null || written.translations[one]))
  return {
    body: inLanguage(locale, written?.body),
    translations: Object.fromEntries(others.map((one) => [one, { body: inLanguage(one, written?.translations[one]) }])),
  }
}
