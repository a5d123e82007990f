import type { Incident, Update } from '../../domain/incidents/incident.ts'
import type { Maintenance } from '../../domain/maintenances/maintenance.ts'
import type { Locale } from '../../domain/site/site.ts'
import { inLocale } from '../../domain/site/site.ts'
import { type Instant, secondsBetween } from '../../lib/clock.ts'
import { type SafeHtml, markdownIn, plainText } from '../../lib/markdown.ts'
import { type NamePart, type Reader, type TimePart, type Words, nameOf } from '../shared/i18n.ts'
import { stageWord } from '../shared/marks.ts'

/** One published word, as it is shown. */
export interface Said {
  readonly id: string
  /** Where it can be cited. */
  readonly href: string
  readonly stage: string
  readonly at: TimePart
  /** Safe HTML, from `markdownIn()` and nowhere else. */
  readonly html: SafeHtml
  readonly lang: Locale | null
  readonly dir: 'ltr' | 'rtl' | null
  /** That this reader's language lags. */
  readonly only: string | null
  readonly author: string | null
  /** Who wrote it where nobody did, or through what it came. */
  readonly machine: string | null
  /** What it promised, and whether that was kept; null where nothing was, or where it is not decided yet. */
  readonly promise: { readonly words: Words; readonly kept: boolean } | null
}

/** The published updates of an incident or maintenance, newest first. */
export function saidOf(of: Incident | Maintenance, reader: Reader): Said[] {
  const page = reader.href(`/${'plannedFrom' in of ? 'maintenances' : 'incidents'}/${of.id}`)
  return published(of.updates).map((update) => {
    const body = inLocale(update, 'body', reader.locale, update.locale)
    const { lang, dir } = nameOf(body, reader.locale)
    return {
      id: update.id,
      href: `${page}#${update.id}`,
      stage: stageWord(update.stage, reader.say),
      at: reader.time(update.displayedAt),
      html: markdownIn(body.text, dir ?? reader.dir),
      lang,
      dir,
      only: lang ? reader.say('text.only', { language: reader.languageName(lang) }) : null,
      author: update.author,
      machine: update.author === null || update.source === 'api' ? machineOf(update, reader) : null,
      promise: null,
    }
  })
}

function machineOf({ source }: Update, { say }: Reader): string | null {
  switch (source) {
    case 'probe':
      return say('incident.byProbe')
    case 'clock':
      return say('incident.byClock')
    case 'api':
      return say('incident.byApi')
    case 'person':
    case 'import':
      return null
  }
}

/** The newest word in one line, for descriptions and previews; empty where nothing was said. */
export function latestWords({ updates }: Pick<Incident | Maintenance, 'updates'>, reader: Reader): NamePart {
  const latest = published(updates)[0]
  if (!latest) return { kind: 'name', text: '', lang: null, dir: null }
  const body = inLocale(latest, 'body', reader.locale, latest.locale)
  const text = plainText(body.text)
  return nameOf({ ...body, text: text.length > 200 ? `${text.slice(0, 199).trimEnd()}…` : text }, reader.locale)
}

/**
 * When it was so, and when we said so. The delay between the two is shown on every incident; only an imported record,
 * whose beginning is the moment of its first word, has none to show.
 */
export function factsOf(incident: Incident, reader: Reader): Words[] {
  const { beganAt, noticedAt, toldAt, overAt, reviewDueAt, reviewedAt, source } = incident
  const fact = (key: 'began' | 'noticed' | 'over', at: Instant) =>
    reader.phrase(`fact.${key}`, { when: [reader.time(at)] })
  const facts = [fact('began', beganAt)]
  if (noticedAt && noticedAt !== beganAt) facts.push(fact('noticed', noticedAt))
  if (toldAt && source !== 'import') facts.push(toldFact(beganAt, toldAt, reader))
  if (overAt) {
    facts.push(fact('over', overAt))
    facts.push(reader.phrase('fact.lasted', { duration: reader.dates.duration(secondsBetween(beganAt, overAt)) }))
  } else facts.push([reader.say('fact.open')])
  if (reviewDueAt && !reviewedAt) facts.push(reader.phrase('fact.reviewDue', { when: [reader.time(reviewDueAt)] }))
  return facts
}

function toldFact(beganAt: Instant, toldAt: Instant, reader: Reader): Words {
  const when = [reader.time(toldAt)]
  const delay = secondsBetween(beganAt, toldAt)
  if (delay < 0) return reader.phrase('fact.toldAhead', { when })
  if (delay < 60) return reader.phrase('fact.toldAtOnce', { when })
  return reader.phrase('fact.told', { when, delay: reader.dates.duration(delay) })
}

function published(updates: readonly Update[]): (Update & { readonly displayedAt: Instant })[] {
  return updates.flatMap((update) =>
    update.displayedAt === null ? [] : [{ ...update, displayedAt: update.displayedAt }],
  )
}
