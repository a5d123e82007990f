import type { Db } from '../../database/database.ts'
import { breath } from '../../lib/breath.ts'
import { parseInstant } from '../../lib/clock.ts'
import type { Clock, Instant } from '../../lib/clock.ts'
import { UnclosedQuotes, csvRows } from '../../lib/csv.ts'
import { Invalid, Refusal } from '../../lib/errors.ts'
import type { Vault } from '../../lib/vault.ts'
import type { Actor } from '../changes/actor.ts'
import type { Changer } from '../changes/change.ts'
import { severities } from '../incidents/incident.ts'
import { addressHash } from './addresses.ts'
import { type Added, type Brought, addSubscribers } from './adding.ts'
import { type ChannelKind, channelKinds } from './channel.ts'
import { isNothing, readWishes } from './input.ts'
import { type ListLine, fieldsOfAddress, headOf, lineOf } from './list-columns.ts'
import { whatExists } from './rows.ts'
import { type Wishes, subscribedKinds } from './subscriber.ts'
import { readTarget } from './targets.ts'

export interface ImportParts {
  readonly db: Db
  readonly change: Changer
  readonly clock: Clock
  readonly vault: Vault
}

/** What is wrong with a line, or with the whole file where `line` is null. Names no address. */
export interface ListFault {
  readonly line: number | null
  readonly words: string
}

/** What a list holds, and what becomes of those in it. */
export interface ListReport {
  readonly lines: number
  readonly added: number
  /** They are told already; what they chose stays. */
  readonly known: number
  /** They left, or mail to them did not arrive: a list does not bring them back. */
  readonly suppressed: number
  /** Not told where the list was written either: paused, unconfirmed, disabled. */
  readonly leftOut: number
  readonly faults: readonly ListFault[]
  readonly ignoredColumns: readonly string[]
}

/** Fifty thousand lines and more; a longer list comes in parts. */
export const mostListCharacters = 10_000_000
const mostFaults = 100
const atOnce = 500
/** Reading takes this process time, and requests stand behind it. */
const linesInOneGo = 50

/** Says line by line what is wrong, and what would become of the others. Changes nothing. */
export async function checkSubscriberList(
  parts: Omit<ImportParts, 'change'>,
  csv: string,
  usual: Pick<Wishes, 'locale' | 'zone'>,
): Promise<ListReport> {
  const read = await readList(parts, csv, usual)
  const became = { added: 0, known: 0, suppressed: 0 }
  const seen = new Set<string>()
  for (const some of inPortions(read.brought)) {
    const hashes = some.map(({ channel, target }) => addressHash(parts.vault, channel, target))
    const known = await marked(parts.db, 'subscribers', hashes)
    const suppressed = await marked(parts.db, 'suppressions', hashes)
    for (const hash of hashes) {
      const what = suppressed.has(hash) ? 'suppressed' : known.has(hash) || seen.has(hash) ? 'known' : 'added'
      became[what] += 1
      seen.add(hash)
    }
    await breath()
  }
  return { ...read.report, ...became }
}

/**
 * Takes over a list of people who agreed elsewhere, all of it or, where a line is wrong, nothing. A portion is a change of
 * its own, so that nobody waits for a long list; begun again after a crash, it finds those it added, and goes on.
 */
export async function importSubscribers(
  parts: ImportParts,
  actor: Actor,
  csv: string,
  usual: Pick<Wishes, 'locale' | 'zone'>,
): Promise<ListReport> {
  const read = await readList(parts, csv, usual)
  if (read.report.faults.length > 0) return read.report
  const became: Added['became'][] = []
  for (const some of inPortions(read.brought)) {
    const added = await parts.change(actor, (it) => addSubscribers(it, some, 'import'))
    became.push(...added.map((one) => one.became))
    await breath()
  }
  const count = (what: Added['became']): number => became.filter((one) => one === what).length
  return { ...read.report, added: count('added'), known: count('known'), suppressed: count('suppressed') }
}

interface ReadList {
  readonly brought: readonly Brought[]
  readonly report: ListReport
}

async function readList(
  { db, clock }: Pick<ImportParts, 'db' | 'clock'>,
  csv: string,
  usual: Pick<Wishes, 'locale' | 'zone'>,
): Promise<ReadList> {
  const faults: ListFault[] = []
  const brought: Brought[] = []
  let [lines, leftOut, ignoredColumns]: [number, number, readonly string[]] = [0, 0, []]
  const note = (line: number | null, error: unknown): void => {
    if (!(error instanceof Refusal) && !(error instanceof UnclosedQuotes)) throw error
    if (faults.length < mostFaults) faults.push({ line, words: error.message })
  }
  try {
    if (csv.length > mostListCharacters) throw new Invalid('The list is longer than 10 MB: bring it in parts.')
    const rows = csvRows(csv)
    const first = rows.next()
    if (first.done) throw new Invalid('The list is empty: its first line names the columns.')
    const head = headOf(first.value)
    ignoredColumns = head.ignored
    const reads = { existing: existingIn(db), now: clock.now(), usual }
    for (const row of rows) {
      lines += 1
      if (lines % linesInOneGo === 0) await breath()
      try {
        const line = lineOf(head, row)
        if (isToldThere(line)) brought.push(await broughtBy(line, reads))
        else leftOut += 1
      } catch (error) {
        note(row.line, error)
      }
    }
  } catch (error) {
    note(null, error)
  }
  return { brought, report: { lines, added: 0, known: 0, suppressed: 0, leftOut, faults, ignoredColumns } }
}

/** As our own export says it. A browser cannot be brought at all: what it needs to be reached is not in a list. */
function isToldThere({ state = '', channel = '' }: ListLine): boolean {
  return (state === '' || state === 'active') && channel !== 'web-push'
}

interface Reads {
  readonly existing: Existing
  readonly now: Instant
  readonly usual: Pick<Wishes, 'locale' | 'zone'>
}

async function broughtBy(line: ListLine, { existing, now, usual }: Reads): Promise<Brought> {
  const channel = channelOf(line.channel ?? '')
  const target = readTarget(channel, fieldsOfAddress(channel, line.address ?? '', line.format ?? ''))
  const consentedAt = consentOf(line.consented_at ?? '', now)
  const signedUpBy = (['form', 'api'] as const).find((source) => source === line.source)
  const wishes = await wishesIn(line, existing, usual)
  return { channel, target, consentedAt, wishes, ...(signedUpBy && { signedUpBy }) }
}

function channelOf(word: string): ChannelKind {
  const kind = channelKinds.find((one) => one === (word || 'email').toLowerCase())
  if (!kind) throw new Invalid(`The channel must be one of ${channelKinds.join(', ')}; left empty it is email.`)
  return kind
}

function consentOf(text: string, now: Instant): Instant {
  if (text === '') throw new Invalid('The column consented_at is empty: without their yes nobody is written to.')
  const at = parseInstant(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text)
  if (at === null || at < '1990') {
    throw new Invalid(
      'The column consented_at must hold a day such as 2026-11-21, or a time such as 2026-11-21T19:05:00Z.',
    )
  }
  if (at > now) throw new Invalid('The column consented_at lies in the future.')
  return at
}

async function wishesIn(line: ListLine, existing: Existing, usual: Pick<Wishes, 'locale' | 'zone'>): Promise<Wishes> {
  const [quietFrom = '', quietUntil = ''] = (line.quiet_hours ?? '').split(/[-–]/).map((time) => time.trim())
  const words = (text: string | undefined): string[] => (text ?? '').split(/[\s,;|]+/).filter((word) => word !== '')
  const kinds = words(line.kinds)
  return readWishes({
    ...(await existing(words(line.scope))),
    kinds: kinds.length === 0 ? subscribedKinds : kinds,
    severityFrom: line.severity_from || severities[0],
    extent: line.extent || 'every',
    quietFrom,
    quietUntil,
    locale: line.language || usual.locale,
    zone: line.zone || usual.zone,
  })
}

/** What the words of a scope mean, refused where something of it is not there. */
type Existing = (
  words: readonly string[],
) => Promise<{ everything: 'yes' | 'no'; components: string[]; groups: string[]; incidents: string[] }>

function existingIn(db: Db): Existing {
  const known = new Map<string, Promise<string | null>>()
  const found = (word: string): Promise<string | null> => {
    const before = known.get(word) ?? idOf(db, word)
    known.set(word, before)
    return before
  }
  return async (words) => {
    const chosen = { components: [] as string[], groups: [] as string[], incidents: [] as string[] }
    if (words.length === 0 || (words.length === 1 && words[0] === 'everything')) return { everything: 'yes', ...chosen }
    for (const word of words) {
      const id = await found(word)
      const [, kind] = /^(component|group|incident):/.exec(word) ?? []
      if (id === null || kind === undefined) {
        const such = 'everything, or component:…, group:… and incident:… with what is here'
        throw new Invalid(`The column scope must say ${such}; “${word.slice(0, 80)}” is not.`)
      }
      chosen[`${kind as 'component' | 'group' | 'incident'}s`].push(id)
    }
    return { everything: 'no', ...chosen }
  }
}

async function idOf(db: Db, word: string): Promise<string | null> {
  const [, kind, name = ''] = /^(component|group|incident):([\w-]{1,64})$/.exec(word) ?? []
  if (kind === undefined) return null
  const byName =
    kind === 'component'
      ? await db
          .selectFrom('components')
          .select('id')
          .where('slug', '=', name)
          .where('removed_at', 'is', null)
          .executeTakeFirst()
      : kind === 'group'
        ? await db.selectFrom('groups').select('id').where('instance_key', '=', name).executeTakeFirst()
        : undefined
  const id = byName?.id ?? name
  const scope = { everything: 'no' as const, components: [], groups: [], incidents: [], [`${kind}s`]: [id] }
  return isNothing(await whatExists(db, scope)) ? null : id
}

async function marked(db: Db, table: 'subscribers' | 'suppressions', hashes: readonly string[]): Promise<Set<string>> {
  if (hashes.length === 0) return new Set()
  const rows = await db.selectFrom(table).select('address_hash').where('address_hash', 'in', hashes).execute()
  return new Set(rows.map(({ address_hash: hash }) => hash))
}

function* inPortions<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += atOnce) yield all.slice(from, from + atOnce)
}
