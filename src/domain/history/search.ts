import type { Db } from '../../database/database.ts'
import type { Instant } from '../../lib/clock.ts'
import { folded } from '../../lib/fold.ts'
import { eventsAfter } from '../changes/log.ts'
import { readIncident } from '../incidents/queries.ts'
import { readMaintenance } from '../maintenances/queries.ts'
import type { Snapshot } from '../status/snapshot-types.ts'
import { type HistoryKind, type HistoryText, historyTexts, textOfIncident, textOfMaintenance } from './texts.ts'

/** What somebody looks for. Every term has to occur, in the words or in the name of a component. */
export interface Wanted {
  readonly terms: readonly string[]
  readonly componentId: string | null
  readonly kind: HistoryKind | null
}

export interface FoundHistory {
  /** Newest first. */
  readonly found: readonly HistoryText[]
  /** Null, or how far back words are known: what is older is in the months alone. */
  readonly since: Instant | null
}

/** Searches all that was ever said. Built when somebody searches for the first time. */
export interface HistorySearch {
  find(wanted: Wanted, snapshot: Pick<Snapshot, 'version'> & Named): Promise<FoundHistory>
}

/** Nobody looks for more words, and longer ones are not names. */
const mostTerms = 8
const mostLetters = 200

/** What was typed, as terms that are looked for. */
export function termsOf(typed: string): string[] {
  const words = folded(typed.slice(0, mostLetters)).split(/[\s\p{P}\p{S}]+/u)
  return [...new Set(words.filter((word) => word !== ''))].slice(0, mostTerms)
}

/**
 * The words of some 13 000 incidents with four updates each, in memory: ten years of three incidents a day take about
 * 10 MB. What is beyond is not searched by words, oldest first, and the page says so.
 */
const mostCharacters = 16_000_000
/** What happens to an incident, whatever it is called. */
const ofIncidents = ['incident', 'impact', 'review', 'action']
/** More than this happened: reading everything again is less work. */
const manyEvents = 500

export function createHistorySearch(db: Db, limit = mostCharacters): HistorySearch {
  let known: {
    readonly version: number
    /** When the last event of that version happened. */
    readonly at: Instant | null
    readonly texts: readonly HistoryText[]
    readonly since: Instant | null
  } | null = null
  let named: { readonly of: Named; readonly names: Names } | null = null
  let reading: Promise<void> | null = null

  async function readAll(version: number): Promise<void> {
    const [last] = await eventsAfter(db, version - 1, 1)
    const texts: HistoryText[] = []
    let length = 0
    let since: Instant | null = null
    for await (const part of historyTexts(db)) {
      length += part.reduce((sum, { text }) => sum + text.length, 0)
      if (length > limit) {
        since = part[0]?.at ?? null
        break
      }
      texts.push(...part)
    }
    known = { version, at: last?.at ?? null, texts: texts.toSorted(newestFirst), since }
  }

  /** Reads again what something happened to; all of it where that is less work. */
  async function follow(version: number): Promise<void> {
    const before = known
    if (!before) return readAll(version)
    const [last, ...events] = await eventsAfter(db, before.version - 1, manyEvents)
    // A copy of the database took over that lacks the last changes, and counts the next ones as it counted these.
    if (last?.seq !== before.version || last.at !== before.at) return readAll(version)
    if (events.length === manyEvents - 1 || events.some(({ type }) => type === 'site.imported')) return readAll(version)
    const subjects = new Map(
      events.flatMap((event): [string, HistoryKind][] => {
        const { type, subject } = event
        if (event.type === 'update.corrected' || event.type === 'update.withdrawn') return [[subject, event.data.of]]
        const [noun = ''] = type.split('.')
        if (noun === 'maintenance') return [[subject, noun]]
        return ofIncidents.includes(noun) ? [[subject, 'incident']] : []
      }),
    )
    const texts = before.texts.filter(({ id }) => !subjects.has(id))
    for (const [id, kind] of subjects) {
      const text = await readText(db, kind, id)
      if (text && (before.since === null || text.at > before.since)) texts.push(text)
    }
    const { seq, at } = events.at(-1) ?? last
    known = { ...before, version: seq, at, texts: texts.toSorted(newestFirst) }
  }

  return {
    async find(wanted, snapshot) {
      // Whoever comes while it is read waits for the same reading. What is ahead may be so rightly: that is asked once.
      for (
        let isAhead = false;
        !known || known.version < snapshot.version || (known.version > snapshot.version && !isAhead);
      ) {
        isAhead = known !== null && known.version > snapshot.version
        reading ??= follow(snapshot.version).finally(() => (reading = null))
        await reading
      }
      if (named?.of.components !== snapshot.components || named.of.groups !== snapshot.groups)
        named = { of: snapshot, names: namesOf(snapshot) }
      const { names } = named
      const terms = wanted.terms.map((term) => ({ term, ids: idsNamed(names, term) }))
      const found = known.texts.filter(
        ({ kind, componentIds, text }) =>
          (wanted.kind === null || wanted.kind === kind) &&
          (wanted.componentId === null || componentIds.includes(wanted.componentId)) &&
          terms.every(({ term, ids }) => text.includes(term) || componentIds.some((id) => ids.has(id))),
      )
      return { found, since: known.since }
    },
  }
}

async function readText(db: Db, kind: HistoryKind, id: string): Promise<HistoryText | null> {
  if (kind === 'incident') {
    const incident = await readIncident(db, id)
    return incident && textOfIncident(incident)
  }
  const maintenance = await readMaintenance(db, id)
  return maintenance && textOfMaintenance(maintenance)
}

function newestFirst(a: HistoryText, b: HistoryText): number {
  if (a.at !== b.at) return a.at < b.at ? 1 : -1
  return a.id < b.id ? 1 : -1
}

type Named = Pick<Snapshot, 'components' | 'groups'>
type Names = ReadonlyMap<string, string>

/** What components are called, by id, with the groups they are in. */
function namesOf({ components, groups }: Named): Names {
  const groupWords = new Map(groups.map((group) => [group.id, [group.instanceKey ?? '', ...everyName(group)]]))
  return new Map(
    components.map((component) => [
      component.id,
      folded([...everyName(component), ...(groupWords.get(component.groupId ?? '') ?? [])].join('\n')),
    ]),
  )
}

function everyName({ name, translations }: Snapshot['components'][number] | Snapshot['groups'][number]): string[] {
  return [name, ...Object.values(translations).map((text) => text?.name ?? '')]
}

function idsNamed(names: Names, term: string): ReadonlySet<string> {
  return new Set([...names].flatMap(([id, words]) => (words.includes(term) ? [id] : [])))
}
