import type { Incident, Update } from '../../domain/incidents/incident.ts'
import type { Maintenance } from '../../domain/maintenances/maintenance.ts'
import type { Withdrawn } from '../../domain/revisions/revision.ts'
import type { Locale } from '../../domain/site/site.ts'
import { inLocale } from '../../domain/site/site.ts'
import { type Instant, secondsBetween } from '../../lib/clock.ts'
import { type SafeHtml, markdownIn, plainText } from '../../lib/markdown.ts'
import { type NamePart, type Reader, type TimePart, type Words, nameOf } from '../../domain/site/reader.ts'
import { stageWord } from '../shared/marks.ts'
import { type Correction, type Newer, correctedWords, correctionsOfWord, newerOf } from './corrections.ts'

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
  /** The original, where it was corrected since it was translated. */
  readonly newer: Newer | null
  /** That it was corrected, and when; null: it was not. */
  readonly corrected: Words | null
  /** What differs, newest correction first; empty where the word is not on its own page. */
  readonly corrections: readonly Correction[]
  /** When and why it was taken back; null: it stands. */
  readonly withdrawn: Words | null
  readonly author: string | null
  /** Who wrote it where nobody did, or through what it came. */
  readonly machine: string | null
  /** What it promised, and whether that was kept; null where nothing was, or where it is not decided yet. */
  readonly promise: { readonly words: Words; readonly kept: boolean } | null
}

/** The published updates of an incident or maintenance, newest first, with what is left of those that were withdrawn. */
export function saidOf(of: Incident | Maintenance, reader: Reader): Said[] {
  const page = reader.href(`/${'plannedFrom' in of ? 'maintenances' : 'incidents'}/${of.id}`)
  const standing = published(of.updates).map((update): Said => {
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
      newer: newerOf(update, of, reader),
      corrected: correctedWords(update, of, reader),
      corrections: [],
      withdrawn: null,
      author: update.author,
      machine: update.author === null || update.source === 'api' ? machineOf(update, reader) : null,
      promise: null,
    }
  })
  const tombstones = of.withdrawn.map((one) => tombstone(one, page, reader))
  return [...standing, ...tombstones].toSorted((a, b) =>
    a.at.instant < b.at.instant ? 1 : a.at.instant > b.at.instant ? -1 : 0,
  )
}

function tombstone(withdrawn: Withdrawn, page: string, reader: Reader): Said {
  const { id, stage, author, displayedAt, withdrawnAt } = withdrawn
  return {
    id,
    href: `${page}#${id}`,
    stage: stageWord(stage, reader.say),
    at: reader.time(displayedAt),
    html: markdownIn('', reader.dir),
    lang: null,
    dir: null,
    only: null,
    newer: null,
    machine: null,
    promise: null,
    corrected: null,
    corrections: [],
    withdrawn: reader.phrase('correction.withdrawn', {
      when: [reader.time(withdrawnAt)],
      reason: [nameOf(inLocale(withdrawn, 'reason', reader.locale, withdrawn.locale), reader.locale)],
    }),
    author,
  }
}

/** What was said, as a card shows it. */
export interface Parted {
  /** The newest word that stands. */
  readonly latest: Said | null
  /** What was withdrawn of what came after it. */
  readonly above: readonly Said[]
  readonly earlier: readonly Said[]
}

export function parted(said: readonly Said[]): Parted {
  const place = said.findIndex(({ withdrawn }) => withdrawn === null)
  if (place < 0) return { latest: null, above: said, earlier: [] }
  return { latest: said[place] ?? null, above: said.slice(0, place), earlier: said.slice(place + 1) }
}

/** All of it again, newest first. */
export function allSaid({ above, latest, earlier }: Parted): Said[] {
  return [...above, ...(latest ? [latest] : []), ...earlier]
}

/** The words on their own page, each with what was corrected in it. */
export function withCorrections(said: readonly Said[], of: Incident | Maintenance, reader: Reader): Said[] {
  const updates = new Map(of.updates.map((update) => [update.id, update]))
  return said.map((word) => {
    const update = updates.get(word.id)
    return update && word.corrected ? { ...word, corrections: correctionsOfWord(update, of, reader) } : word
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
