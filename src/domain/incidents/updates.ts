import { type Instant, later } from '../../lib/clock.ts'
import { Invalid } from '../../lib/errors.ts'
import type { Change } from '../changes/change.ts'
import type { Cause } from '../components/impacts.ts'
import type { Locale, Translations } from '../site/site.ts'
import type { NewIncident } from './input.ts'
import { translated } from '../site/translations.ts'
import { updateMinutes } from '../promises/terms.ts'
import { readSite } from '../site/queries.ts'
import type { Affected, Severity, Update, UpdateText } from './incident.ts'

/** When the next word comes, or why none is promised. */
export interface Promised {
  readonly next_update_by: Instant | null
  readonly no_promise_reason: string | null
}

export const nothingOwed: Promised = { next_update_by: null, no_promise_reason: null }

/** An update of an open incident promises the next one, or says why not; left open, the site's terms decide. */
export async function promised(
  change: Change,
  given: { readonly nextUpdateBy?: Instant | null; readonly noPromiseReason?: string | null },
  severity: Severity,
): Promise<Promised> {
  const { nextUpdateBy = null, noPromiseReason = null } = given
  if (nextUpdateBy && noPromiseReason) {
    throw new Invalid(
      'Either promise the next update for a time, or say why there is none: not both.',
      'noPromiseReason',
    )
  }
  if (nextUpdateBy && nextUpdateBy <= change.now) {
    throw new Invalid('The next update must be promised for a time that has not passed yet.', 'nextUpdateBy')
  }
  if (noPromiseReason) return { next_update_by: null, no_promise_reason: noPromiseReason }
  if (nextUpdateBy) return { next_update_by: nextUpdateBy, no_promise_reason: null }
  const minutes = updateMinutes((await readSite(change.tx)).terms, severity)
  return { next_update_by: later(change.now, minutes * 60), no_promise_reason: null }
}

export interface Word {
  readonly of: Cause
  readonly stage: string
  readonly body: string
  readonly locale: Locale
  readonly translations: Translations<UpdateText>
  readonly author: string | null
  readonly source: Update['source']
  readonly affected: readonly Affected[] | null
  readonly deliver: 'yes' | 'no'
  readonly promise: Promised
  /** Null: part of a draft. */
  readonly displayedAt: Instant | null
}

/** What somebody says in public now: the part of a word that follows from what was given and from who says it. */
export function saidNow(
  change: Change,
  given: Pick<NewIncident, 'body' | 'author' | 'deliver' | 'translations'>,
  { locale, promise }: Pick<Word, 'locale' | 'promise'>,
) {
  return {
    body: given.body,
    locale,
    translations: translated(given.translations, textsIn(promise.no_promise_reason), locale),
    author: authorOf(change, given.author),
    source: sourceOf(change),
    deliver: given.deliver ?? 'yes',
    promise,
    displayedAt: change.now,
  } satisfies Partial<Word>
}

/** Which of the texts of an update it has: what is not said has no translations. */
export function textsIn(noPromiseReason: string | null): UpdateText[] {
  return noPromiseReason ? ['body', 'noPromiseReason'] : ['body']
}

/** Writes one word down and answers its id. */
export async function insertUpdate(change: Change, word: Word): Promise<string> {
  const id = change.ids.next()
  await change.tx
    .insertInto('updates')
    .values({
      id,
      incident_id: 'incident' in word.of ? word.of.incident : null,
      maintenance_id: 'maintenance' in word.of ? word.of.maintenance : null,
      stage: word.stage,
      body: word.body,
      locale: word.locale,
      translations: JSON.stringify(word.translations),
      author: word.author,
      source: word.source,
      affected: word.affected && word.affected.length > 0 ? JSON.stringify(word.affected) : null,
      delivered: word.deliver,
      ...word.promise,
      displayed_at: word.displayedAt,
      withdrawn_at: null,
      withdrawn_reason: null,
      withdrawn_translations: '{}',
      revision: 0,
      translates: '{}',
      created_at: await afterWhatWasSaid(change, word),
      updated_at: change.now,
    })
    .execute()
  return id
}

/** What is said in one and the same instant stands in the order in which it was said: the later word is the newest. */
async function afterWhatWasSaid({ tx, now }: Change, { of, displayedAt }: Word): Promise<Instant> {
  const [column, owner] =
    'incident' in of ? (['incident_id', of.incident] as const) : (['maintenance_id', of.maintenance] as const)
  const { last } = await tx
    .selectFrom('updates')
    .select((row) => row.fn.max('created_at').as('last'))
    .where(column, '=', owner)
    .where('displayed_at', '=', displayedAt)
    .executeTakeFirstOrThrow()
  return last !== null && last >= now ? later(last, 0.001) : now
}

/** The public name of an operator; programs and the clock have none. */
export function authorOf({ actor }: Change, given: string | null | undefined): string | null {
  return given ?? (actor.kind === 'operator' ? actor.name : null)
}

/** Through what something is said: whoever uses a token does it through the API. */
export function sourceOf({ actor }: Change): Update['source'] {
  if (actor.kind === 'token') return 'api'
  return actor.kind === 'probe' || actor.kind === 'clock' ? actor.kind : 'person'
}

/** The next stable integer of incidents and maintenances together. */
export async function nextNumber(change: Change): Promise<number> {
  const incidents = await change.tx
    .selectFrom('incidents')
    .select((eb) => eb.fn.max('number').as('number'))
    .executeTakeFirst()
  const maintenances = await change.tx
    .selectFrom('maintenances')
    .select((eb) => eb.fn.max('number').as('number'))
    .executeTakeFirst()
  return Math.max(Number(incidents?.number ?? 0), Number(maintenances?.number ?? 0)) + 1
}
