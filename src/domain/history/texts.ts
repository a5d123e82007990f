import type { Db } from '../../database/database.ts'
import { breath } from '../../lib/breath.ts'
import type { Instant } from '../../lib/clock.ts'
import { folded } from '../../lib/fold.ts'
import type { Incident } from '../incidents/incident.ts'
import { incidentsBefore } from '../incidents/queries.ts'
import type { Maintenance } from '../maintenances/maintenance.ts'
import { maintenancesBefore } from '../maintenances/queries.ts'
import type { Review } from '../reviews/review.ts'

export type HistoryKind = 'incident' | 'maintenance'

/** An incident or a maintenance as it is searched. */
export interface HistoryText {
  readonly kind: HistoryKind
  readonly id: string
  /** When it began, or was planned to. */
  readonly at: Instant
  readonly componentIds: readonly string[]
  /** All its words in every language, folded. */
  readonly text: string
}

export function textOfIncident(incident: Incident): HistoryText {
  const { id, beganAt, updates, impacts, review } = incident
  // A component that was removed since is known by the name it had.
  const named = updates.flatMap(({ affected }) => affected ?? [])
  return {
    kind: 'incident',
    id,
    at: beganAt,
    componentIds: [...new Set([...impacts.map(({ componentId }) => componentId), ...named.map(({ id: of }) => of)])],
    text: wordsOf(incident, [...named.map(({ name }) => name), ...(review ? reviewWords(review) : [])]),
  }
}

function reviewWords({ heads, translations, actions }: Review): string[] {
  const languages: readonly Readonly<Record<string, { readonly text: string }>>[] = [
    heads,
    ...Object.values(translations).flatMap((texts) => texts ?? []),
  ]
  return [
    ...languages.flatMap((texts) => Object.values(texts).map(({ text }) => text)),
    ...actions.flatMap(({ title, word, translations: others }) => [
      title,
      word ?? '',
      ...Object.values(others).flatMap((texts) => Object.values(texts ?? {})),
    ]),
  ]
}

export function textOfMaintenance(maintenance: Maintenance): HistoryText {
  const { id, plannedFrom, componentIds } = maintenance
  return { kind: 'maintenance', id, at: plannedFrom, componentIds, text: wordsOf(maintenance, []) }
}

function wordsOf({ name, translations, updates }: Incident | Maintenance, more: readonly string[]): string {
  const words = [name, ...Object.values(translations).map((text) => text?.name ?? ''), ...new Set(more)].concat(
    updates.flatMap((update) => [update.body, ...Object.values(update.translations).map((text) => text?.body ?? '')]),
  )
  return folded(words.join('\n'))
}

/** So many rows at once hold up nobody who reads a page meanwhile. */
const atOnce = 100

/** All of history, newest first, a part at a time. */
export async function* historyTexts(db: Db): AsyncGenerator<HistoryText[]> {
  const incidents = partsOf((before) => incidentsBefore(db, before, atOnce), textOfIncident)
  const maintenances = partsOf((before) => maintenancesBefore(db, before, atOnce), textOfMaintenance)
  const next = [await incidents.next(), await maintenances.next()]
  // The one whose part is newer is the next to be told, so that what is left out is the oldest of both.
  while (next.some(({ done }) => !done)) {
    const [a, b] = next.map((part) => (part.done ? '' : (part.value[0]?.at ?? '')))
    const index = (a ?? '') >= (b ?? '') ? 0 : 1
    const part = next[index]
    if (part && !part.done) yield part.value
    next[index] = await (index === 0 ? incidents : maintenances).next()
  }
}

async function* partsOf<Thing>(
  read: (before: HistoryText | null) => Promise<Thing[]>,
  textOf: (thing: Thing) => HistoryText,
): AsyncGenerator<HistoryText[], undefined> {
  let last: HistoryText | null = null
  for (;;) {
    const part: HistoryText[] = (await read(last)).map(textOf)
    if (part.length > 0) yield part
    if (part.length < atOnce) return
    last = part.at(-1) ?? null
    // Lets requests in between: a database in this process answers without waiting.
    await breath()
  }
}
