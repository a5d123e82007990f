import { type Instant, millisecondsOf } from '../../lib/clock.ts'
import { messages } from '../../lib/messages.ts'
import type { Component } from '../components/component.ts'
import { type Locale, type Site, inLocale, locales } from '../site/site.ts'

/** One word of the engine's, in the site's language and, because catalogues know them all, in the others. */
export interface Word {
  readonly body: string
  readonly locale: Locale
  readonly translations: Partial<Record<Locale, { readonly body: string }>>
}

/** The first word of an incident, which gives it its name. */
export interface FirstWord extends Word {
  readonly name: string
  readonly translations: Partial<Record<Locale, { readonly name: string; readonly body: string }>>
}

type Named = Pick<Component, 'name' | 'translations'>

/** Facts that words may hold: a name of ours and an instant; never an error, an address or a header. */
export interface Facts {
  readonly site: Pick<Site, 'locale' | 'zone'>
  readonly components: readonly Named[]
  readonly since: Instant
}

type FirstTopic = 'down' | 'slow' | 'intermittent' | 'many'
type LaterTopic = 'widened' | 'again' | 'recovered' | 'resolved' | 'intermittent' | 'annulled'

/** What is said when something begins. The incident is named after its first component. */
export function firstWord(topic: FirstTopic, facts: Facts): FirstWord {
  const named = (locale: Locale): { name: string; body: string } => ({
    name: messages(locale)(`engine.${topic}.name`, { component: namesIn(locale, facts)[0] ?? '' }),
    body: bodyIn(locale, topic, facts),
  })
  return inEachLanguage(facts, named)
}

/** What is said on a later occasion. */
export function laterWord(topic: LaterTopic, facts: Facts): Word {
  return inEachLanguage(facts, (locale) => ({ body: bodyIn(locale, topic, facts) }))
}

function inEachLanguage<Text>(
  { site: { locale } }: Facts,
  write: (locale: Locale) => Text,
): Text & { locale: Locale; translations: Partial<Record<Locale, Text>> } {
  const others = locales.filter((other) => other !== locale)
  const translations = Object.fromEntries(others.map((other) => [other, write(other)])) as Partial<Record<Locale, Text>>
  return { ...write(locale), locale, translations }
}

function bodyIn(locale: Locale, topic: FirstTopic | LaterTopic, facts: Facts): string {
  const say = messages(locale)
  const formats = say('language.formats')
  const names = namesIn(locale, facts).map(withoutMarkdown)
  return say(`engine.${topic}.body`, {
    component: new Intl.ListFormat(formats, { type: 'conjunction' }).format(names),
    time: new Intl.DateTimeFormat(formats, {
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      timeZone: facts.site.zone,
      timeZoneName: 'short',
    }).format(millisecondsOf(facts.since)),
  })
}

function namesIn(locale: Locale, { components, site }: Facts): string[] {
  return components.map((component) => inLocale(component, 'name', locale, site.locale).text)
}

/** A name is a name: a star in it is not the beginning of bold type. */
function withoutMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>()#+!|~]/g, '\\$&')
}
