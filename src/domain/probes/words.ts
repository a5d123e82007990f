import { type Instant, millisecondsOf } from '../../lib/clock.ts'
import { type Say, messages } from '../../lib/messages.ts'
import type { Component } from '../components/component.ts'
import { type Locale, type Site, inLocale, locales } from '../site/site.ts'

/** What the engine says in public, in the site's language and, because catalogues know them all, in the others. */
export interface Words {
  readonly name: string
  readonly body: string
  readonly locale: Locale
  readonly translations: Partial<Record<Locale, { readonly name: string; readonly body: string }>>
}

type Named = Pick<Component, 'name' | 'translations'>

/** Facts that words may hold: a name of ours and an instant; never an error, an address or a header. */
export interface Facts {
  readonly site: Pick<Site, 'locale' | 'zone'>
  readonly components: readonly Named[]
  readonly since: Instant
}

export const topics = ['down', 'slow', 'widened', 'again', 'recovered', 'resolved'] as const
export type Topic = (typeof topics)[number]

/** What is said on this occasion. The name of an incident is that of its first component. */
export function wordsOf(topic: Topic, facts: Facts): Words {
  const { locale } = facts.site
  const others = locales.filter((other) => other !== locale)
  return {
    ...wordsIn(locale, topic, facts),
    locale,
    translations: Object.fromEntries(others.map((other) => [other, wordsIn(other, topic, facts)])),
  }
}

function wordsIn(locale: Locale, topic: Topic, { site, components, since }: Facts): { name: string; body: string } {
  const say = messages(locale)
  const names = components.map((component) => inLocale(component, 'name', locale, site.locale).text)
  const formats = say('language.formats')
  const params = {
    component: new Intl.ListFormat(formats, { type: 'conjunction' }).format(names.map(withoutMarkdown)),
    time: new Intl.DateTimeFormat(formats, {
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      timeZone: site.zone,
      timeZoneName: 'short',
    }).format(millisecondsOf(since)),
  }
  return { name: nameIn(say, topic, names[0] ?? ''), body: say(`engine.${topic}.body`, params) }
}

function nameIn(say: Say, topic: Topic, component: string): string {
  return say(topic === 'slow' ? 'engine.slow.name' : 'engine.down.name', { component })
}

/** A name is a name: a star in it is not the beginning of bold type. */
function withoutMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>()#+!|~]/g, '\\$&')
}
