import type { Instant } from '../../lib/clock.ts'
import type { Deed } from '../accounts/account.ts'

/** Where somebody writes, and how many ids say which: none where it is something new, two for a word on something. */
const kinds = {
  incident: 0,
  update: 1,
  draft: 1,
  maintenance: 0,
  /** A word on a maintenance. */
  work: 1,
  /** Another plan for a maintenance. */
  plan: 1,
  /** Another plan for all of a series, and its end. */
  series: 1,
  'series-end': 1,
  review: 1,
  /** What became of an action, and what it says. */
  action: 1,
  'action-change': 1,
  notice: 0,
  'notice-change': 1,
  disagreement: 1,
  /** Of a word on an incident, and of one on a maintenance. */
  correction: 2,
  'work-correction': 2,
  withdrawal: 2,
  'work-withdrawal': 2,
} as const
export type ScratchKind = keyof typeof kinds

/** Where authors write too: what they write there waits for somebody who publishes it. */
const forAuthors: ReadonlySet<ScratchKind> = new Set(['incident', 'update', 'draft', 'review'])

/** What one must be allowed to do in order to write there, and to read along. */
export function deedOf({ kind }: Subject): Deed {
  return forAuthors.has(kind) ? 'draft' : 'disclose'
}

/** `incident`, `update:abc…`, `correction:abc…/def…`: at most one scratch of each person's stands under one subject. */
export interface Subject {
  readonly kind: ScratchKind
  readonly ids: readonly string[]
}

export function subjectOf(text: string): Subject | null {
  const [, kind = '', ...found] = /^([a-z-]{1,20})(?::([\w-]{1,64})(?:\/([\w-]{1,64}))?)?$/.exec(text) ?? []
  const ids = found.filter((id) => id !== undefined)
  return Object.hasOwn(kinds, kind) && kinds[kind as ScratchKind] === ids.length
    ? { kind: kind as ScratchKind, ids }
    : null
}

/** The fields of a form as the browser sends them. */
export type ScratchForm = Readonly<Record<string, string | readonly string[]>>

/**
 * Of what is written, by the names of its fields: what says most of it. The word comes first: where a form has both, it was
 * written now, and the body is what stands already.
 */
const telling = [
  /^word$/,
  /^body$/,
  /^heads\./,
  /^actions\.\d+\.title$/,
  /^title$/,
  /^name$/,
  /^reason$/,
  /^translations\./,
]

/** The words in a form, for who reads along or looks for them again; empty where none are written yet. */
export function wordsIn(form: ScratchForm): string {
  for (const fields of telling) {
    const texts = Object.entries(form).flatMap(([name, value]) =>
      fields.test(name) && typeof value === 'string' && value.trim() !== '' ? [value.trim()] : [],
    )
    if (texts.length > 0) return texts.join('\n\n')
  }
  return ''
}

/** What somebody is writing and has not said yet. Known at the desk alone, and forgotten when it is said or grows old. */
export interface Scratch {
  readonly subject: string
  readonly accountId: string
  /** Of who writes. */
  readonly name: string
  readonly form: ScratchForm
  readonly version: number
  readonly beganAt: Instant
  readonly updatedAt: Instant
}

/** After so many days nobody comes back to it. */
export const keptDays = 30
/** Of one person; the oldest goes first. */
export const mostScratches = 20
/** In characters, as JSON: five languages of the longest text there may be. */
export const longestScratch = 200_000
