import type { Incident, Update } from '../../domain/incidents/incident.ts'
import type { Maintenance } from '../../domain/maintenances/maintenance.ts'
import { inLocale } from '../../domain/site/site.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import type { Instant } from '../../lib/clock.ts'
import { dayOf } from '../../lib/days.ts'
import { folded } from '../../lib/fold.ts'
import { plainText } from '../../lib/markdown.ts'
import { type NamePart, type Reader, nameOf } from '../../domain/site/reader.ts'
import { type AffectedLine, affectedBy, affectedByWork } from './affected.ts'
import { type Frame, frameOf } from './frame.ts'
import { type Happened, happenedIncident, happenedMaintenance } from './past-days.ts'
import { type Asked, type SearchForm, searchForm } from './search-form.ts'

export interface SearchModel {
  readonly frame: Frame
  readonly form: SearchForm
  /** Why nothing could be searched; null where it could. */
  readonly problem: string | null
  readonly count: string | null
  readonly shown: string | null
  readonly hint: string | null
  readonly bound: string | null
  readonly found: readonly (Happened & {
    readonly excerpt: NamePart | null
    readonly affected: readonly AffectedLine[]
  })[]
  readonly newer: string | null
  readonly older: string | null
  readonly historyHref: string
}

/** A page of what was found. */
export interface Results {
  readonly things: readonly (Incident | Maintenance)[]
  readonly count: number
  /** From 1. */
  readonly page: number
  readonly terms: readonly string[]
  readonly since: Instant | null
}

export const perPage = 25

/** `null` instead of results: nobody could look. */
export function searchModel(
  asked: Asked,
  results: Results | 'often' | 'busy' | 'unable',
  snapshot: Snapshot,
  reader: Reader,
  url: string,
): SearchModel {
  const { say } = reader
  const frame = frameOf({
    snapshot,
    reader,
    url,
    path: '/history/search',
    title: say('incident.title', {
      name: asked.q === '' ? say('search.title') : `${say('search.label')}: ${asked.q}`,
      site: reader.name(snapshot.site, 'name').text,
    }),
    description: say('search.title'),
  })
  const form = searchForm(snapshot, asked, reader)
  const historyHref = reader.href('/history')
  if (typeof results === 'string') {
    const nothing = { count: null, shown: null, hint: null, bound: null, found: [], newer: null, older: null }
    return { frame, form, problem: say(`search.${results}`), ...nothing, historyHref }
  }
  const { things, count, page, terms, since } = results
  const from = (page - 1) * perPage
  const pageHref = (to: number): string => {
    const query = new URLSearchParams(
      Object.entries({ ...asked, page: to > 1 ? String(to) : '' }).filter(([, it]) => it),
    )
    return `${form.action}?${query.toString()}`
  }
  return {
    frame,
    form,
    problem: null,
    count: say('search.found', { count }),
    shown: count > perPage ? say('search.shown', { from: from + 1, to: Math.min(count, from + perPage) }) : null,
    hint: count === 0 ? say('search.hint') : null,
    bound:
      since && terms.length > 0
        ? say('search.bound', { day: reader.dates.day(dayOf(since, snapshot.site.zone)) })
        : null,
    found: things.map((thing) => foundThing(thing, terms, snapshot, reader)),
    newer: page > 1 ? pageHref(page - 1) : null,
    older: from + perPage < count ? pageHref(page + 1) : null,
    historyHref,
  }
}

function foundThing(thing: Incident | Maintenance, terms: readonly string[], snapshot: Snapshot, reader: Reader) {
  const isMaintenance = 'plannedFrom' in thing
  const line = isMaintenance ? happenedMaintenance(thing, 'no day', reader) : happenedIncident(thing, 'no day', reader)
  const excerpt = excerptOf(thing.updates, terms, reader)
  return {
    ...line,
    href: excerpt?.at ? `${line.href}#${excerpt.at}` : line.href,
    excerpt: excerpt?.words ?? null,
    affected: isMaintenance ? affectedByWork(thing, snapshot, reader) : affectedBy(thing, snapshot, reader),
  }
}

const longest = 240

/** The newest word in which a term occurs, from the sentence in which it does; else the newest word. */
function excerptOf(
  updates: readonly Update[],
  terms: readonly string[],
  reader: Reader,
): { readonly words: NamePart; readonly at: string | null } | null {
  const said = updates.map((update) => {
    const body = inLocale(update, 'body', reader.locale, update.locale)
    return { id: update.id, body: { ...body, text: plainText(body.text) } }
  })
  const isThere = (text: string): boolean => terms.some((term) => folded(text).includes(term))
  const meant = said.find(({ body }) => isThere(body.text))
  const shown = meant ?? said[0]
  if (!shown) return null
  const sentences = shown.body.text.split(/(?<=[.!?。！？؟])\s*/u)
  const first = meant ? Math.max(0, sentences.findIndex(isThere)) : 0
  const text = first === 0 ? shown.body.text : `… ${sentences.slice(first).join(' ')}`
  const short = text.length > longest ? `${text.slice(0, longest - 1).trimEnd()}…` : text
  return { words: nameOf({ ...shown.body, text: short }, reader.locale), at: meant ? meant.id : null }
}
