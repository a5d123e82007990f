import { createHash } from 'node:crypto'
import type { Instant } from '../../lib/clock.ts'
import { type Json, canonicalJson } from '../../lib/canonical-json.ts'

/** What was made public by one event. */
export interface Disclosed {
  readonly kind: string
  /** The id of what it is about. */
  readonly subject: string
  readonly entry: Json
}

/** A line of the ledger as it is kept; `entry` is canonical JSON. */
export interface Entry {
  readonly seq: number
  readonly at: Instant
  readonly kind: string
  readonly subject: string
  readonly entry: string
  readonly hash: string
}

/** Where a chain ends. */
export interface End {
  readonly seq: number
  readonly at: Instant
  readonly hash: string
  /** Bytes of all lines together. */
  readonly ends: number
}

/** The ledger itself as a subject: its beginning and its keys. */
export const ledgerItself = 'ledger'

/** The next entry of a chain, and where the chain ends with it. */
export function nextEntry(before: End | null, now: Instant, { kind, subject, entry }: Disclosed): Entry & End {
  const facts = {
    seq: (before?.seq ?? 0) + 1,
    // A clock that was set back does not turn the order round.
    at: before && before.at > now ? before.at : now,
    kind,
    subject,
    entry: canonicalJson(entry),
  }
  const prev = before?.hash ?? null
  const hash = createHash('sha256').update(unhashed(facts, prev)).digest('hex')
  const line = lineOf({ ...facts, hash }, prev)
  return { ...facts, hash, ends: (before?.ends ?? 0) + Buffer.byteLength(line) + 1 }
}

/** The entry as a line of `ledger.jsonl`, without the line's end: canonical JSON. */
export function lineOf(entry: Entry, prev: string | null): string {
  return written(entry, prev, `"hash":${canonicalJson(entry.hash)},`)
}

/** What is hashed: the line without its hash. */
function unhashed(entry: Omit<Entry, 'hash'>, prev: string | null): string {
  return written(entry, prev, '')
}

/** Members in the order of canonical JSON; the entry is canonical already, and may be long. */
function written({ at, entry, kind, seq, subject }: Omit<Entry, 'hash'>, prev: string | null, hash: string): string {
  const [when, what, about] = [canonicalJson(at), canonicalJson(kind), canonicalJson(subject)]
  return `{"at":${when},"entry":${entry},${hash}"kind":${what},"prev":${canonicalJson(prev)},"seq":${seq},"subject":${about}}`
}
