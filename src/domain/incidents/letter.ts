import type { Instant } from '../../lib/clock.ts'
import { dateWords } from '../../lib/dates.ts'
import { dayOf } from '../../lib/days.ts'
import { messages } from '../../lib/messages.ts'
import type { ComponentStatus } from '../components/component.ts'
import { type Locale, type Site, inLocale } from '../site/site.ts'
import type { Incident } from './incident.ts'

/** What a mail about the newest word of an incident says, without markup: who reads mail as text reads this. */
export interface Letter {
  readonly subject: string
  readonly text: string
}

export interface LetterAbout {
  readonly incident: Pick<Incident, 'id' | 'name' | 'locale' | 'translations' | 'updates'>
  readonly site: Site
  /** What is affected now, by its names. */
  readonly affected: readonly { readonly name: string; readonly status: ComponentStatus }[]
  readonly now: Instant
  /** Of the page, without a slash at its end. */
  readonly url: string
}

/** The mail in a reader's language; words that nobody has translated stand in it as they were written. */
export function letterOf({ incident, site, affected, now, url }: LetterAbout, locale: Locale): Letter {
  const say = messages(locale)
  const dates = dateWords(say('language.formats'), site.zone)
  const today = dayOf(now, site.zone)
  const [word] = incident.updates
  const name = inLocale(incident, 'name', locale, incident.locale).text
  const stage = say(`stage.${word?.stage ?? 'update'}` as 'stage.update')
  const promise = word?.nextUpdateBy
    ? say('promise.next', { when: dates.clock(word.nextUpdateBy, today) })
    : word?.noPromiseReason
      ? `${say('promise.none')} ${say('promise.reason', { reason: word.noPromiseReason })}`
      : null
  const systems = affected.map((one) => `- ${one.name}: ${say(`status.${one.status}`)}`)
  const parts = [
    `${stage} · ${dates.clock(word?.displayedAt ?? now, today)}`,
    word ? inLocale(word, 'body', locale, word.locale).text : '',
    systems.length > 0 ? [say('incident.affected'), ...systems].join('\n') : null,
    promise,
    `${url}${locale === site.locale ? '' : `/${locale}`}/incidents/${incident.id}`,
  ]
  return {
    subject: `${inLocale(site, 'name', locale, site.locale).text} · ${name} · ${stage}`,
    text: `${parts.filter((part) => part !== null && part !== '').join('\n\n')}\n`,
  }
}
