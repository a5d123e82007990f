import { type Instant, millisecondsOf } from '../../../lib/clock.ts'
import { messages } from '../../../lib/messages.ts'
import type { Component } from '../../components/component.ts'
import { type Locale, type Site, inLocale, locales } from '../../site/site.ts'

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
  /** Whose own status page says it, by the name that an operator gave it; null: our own checks do. */
  readonly supplier: string | null
  readonly since: Instant
}

type FirstTopic = 'down' | 'slow' | 'intermittent' | 'many'
type LaterTopic = 'widened' | 'again' | 'recovered' | 'resolved' | 'intermittent' | 'annulled'
type Topic = FirstTopic | LaterTopic

/** As long as the name of an incident may be. */
const longestName = 200

/** What is said when something begins. The incident is named after its first component. */
export function firstWord(topic: FirstTopic, facts: Facts): FirstWord {
  const named = (locale: Locale): { name: string; body: string } => ({
    name: shortened(
      messages(locale)(`${placeOf(topic, facts)}.name`, {
        component: namesIn(locale, facts)[0] ?? '',
        supplier: facts.supplier ?? '',
      }),
    ),
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

function bodyIn(locale: Locale, topic: Topic, facts: Facts): string {
  const say = messages(locale)
  const formats = say('language.formats')
  const names = namesIn(locale, facts).map(withoutMarkdown)
  return say(`${placeOf(topic, facts)}.body`, {
    supplier: withoutMarkdown(facts.supplier ?? ''),
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

/** Where the words stand: a supplier's trouble is told as its own. What is said of our checks alone is said in one way. */
function placeOf<Of extends Topic>(topic: Of, { supplier }: Facts): Place<Of> {
  const isTheirs = supplier !== null && topic !== 'many' && topic !== 'annulled'
  return (isTheirs ? `engine.upstream.${topic}` : `engine.${topic}`) as Place<Of>
}

type Place<Of extends Topic> = `engine.${Of}` | `engine.upstream.${Exclude<Of, 'many' | 'annulled'>}`

function shortened(name: string): string {
  return name.length <= longestName ? name : `${name.slice(0, longestName - 1)}…`
}

function namesIn(locale: Locale, { components, site }: Facts): string[] {
  return components.map((component) => inLocale(component, 'name', locale, site.locale).text)
}

/** A name is a name: a star in it is not the beginning of bold type. */
function withoutMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>()#+!|~]/g, '\\$&')
}
